import type { Device } from '../../contract/device.ts'
import type { IntakeBatch } from '../../contract/intake.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { Put, RecordStore } from '../../store/store.ts'
import type { Log } from '../rpc/log.ts'
import { draftOf } from '../session/commit.ts'
import { createTurns } from '../session/in-turn.ts'
import type { LiveDirectory } from './live-directory.ts'

/** Devices that register themselves, and channels that show themselves. */
export interface DeviceRegistrar {
  /** Registers a device under this key and returns its id; the same key twice gives the same id. */
  register(key: string, connectionId: string): Promise<string>
  /** Looks through telemetry that was stored for channels that its device does not declare yet. */
  noteTelemetry(telemetry: IntakeBatch['telemetry']): void
  /** Writes what is still to be declared. */
  close(): Promise<void>
}

export interface DeviceRegistrarParts {
  readonly records: RecordStore
  readonly directory: Pick<LiveDirectory, 'deviceId' | 'channels' | 'connection'>
  readonly now: () => number
  readonly newId: (prefix: string) => string
  readonly log: Log
  /** Told after a device was registered. */
  readonly onRegistered: (deviceId: string) => Promise<void>
  /** New channels of one device are gathered for so long and declared together. */
  readonly gatherMs?: number
}

/** As in the contract: more cannot be declared. */
const maxChannels = 500
const maxAttempts = 5

/** A channel of which nothing is known but its name: no range, no limit, no rhythm. */
const bareChannel = (name: string): Device['channels'][number] => ({
  name,
  unit: '',
  range: null,
  limit: null,
  expectedEveryMs: null,
  stuckAfterMs: null,
})

export function createDeviceRegistrar(parts: DeviceRegistrarParts): DeviceRegistrar {
  const { records, directory, now, newId, log, onRegistered, gatherMs = 250 } = parts
  const inTurn = createTurns()
  let undeclared = new Map<string, Set<string>>()
  const full = new Set<string>()
  let timer: NodeJS.Timeout | null = null
  let extending: Promise<void> = Promise.resolve()

  const draft = (action: string, device: Device, details: Record<string, string | string[]>) =>
    draftOf(systemCaller, now(), { action, subject: { kind: 'device', id: device.id, name: device.name }, details })

  async function registerNow(key: string, connectionId: string): Promise<string> {
    const known = directory.deviceId(key)
    if (known !== null) return known
    const record: Device = {
      id: newId('dev'),
      key,
      name: key,
      site: '',
      firmware: null,
      tags: [],
      channels: [],
      createdAt: now(),
    }
    const put: Put = { kind: 'device', record, revision: null }
    const connectionName = directory.connection(connectionId)?.name ?? connectionId
    const result = await records.commit(
      [put],
      draft('system.registerDevice', record, { key, connectionId, connectionName }),
    )
    if (result.status === 'committed') {
      await onRegistered(record.id)
      return record.id
    }
    const other = await records.find('device', key)
    if (other === null) throw new Error(`device ${key}: ${'message' in result ? result.message : result.status}`)
    return other.record.id
  }

  async function extend(deviceId: string, names: ReadonlySet<string>): Promise<void> {
    for (let attempt = 1; attempt <= maxAttempts; attempt++) {
      const device = await records.get('device', deviceId)
      if (device === null) return
      const declared = new Set(device.record.channels.map(({ name }) => name))
      const added = [...names].filter((name) => !declared.has(name)).slice(0, maxChannels - declared.size)
      if (declared.size + added.length >= maxChannels) full.add(deviceId)
      if (added.length === 0) return
      const record = { ...device.record, channels: [...device.record.channels, ...added.map(bareChannel)] }
      const put: Put = { kind: 'device', record, revision: device.revision }
      const result = await records.commit([put], draft('system.extendDevice', record, { channels: added }))
      if (result.status !== 'stale') return
    }
  }

  async function extendAll(): Promise<void> {
    const ready = undeclared
    undeclared = new Map()
    for (const [deviceId, names] of ready)
      try {
        await extend(deviceId, names)
      } catch (error) {
        log.error({ deviceId, error }, 'New channels of a device could not be declared')
      }
  }

  function startExtending(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    extending = extending.then(extendAll)
    return extending
  }

  return {
    register: (key, connectionId) => inTurn(key, () => registerNow(key, connectionId)),
    noteTelemetry(telemetry) {
      for (const { deviceId, channel } of telemetry) {
        if (directory.channels(deviceId)?.has(channel) !== false || full.has(deviceId)) continue
        const names = undeclared.get(deviceId) ?? new Set<string>()
        undeclared.set(deviceId, names.add(channel.toWellFormed()))
        timer ??= setTimeout(startExtending, gatherMs)
      }
    },
    close: startExtending,
  }
}
