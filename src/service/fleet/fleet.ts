import type { HealthRow } from '../../contract/api/workspace.ts'
import type { Device, DeviceVersions } from '../../contract/device.ts'
import type { Finding } from '../../contract/finding.ts'
import type { DeviceQuery, Fleet as FleetFacts } from '../../contract/fleet.ts'
import type { IntakeBatch } from '../../contract/intake.ts'
import { fleetHeadline } from '../../rules/fleet-headline.ts'
import { standingOf } from '../../rules/headline.ts'
import type { Store } from '../../store/store.ts'
import type { ReportedVersion } from '../collection/reported-versions.ts'
import type { Feed } from '../feed.ts'
import { currentFindings } from '../monitoring/current-findings.ts'
import type { Health } from '../monitoring/health.ts'
import type { Log } from '../rpc/log.ts'
import type { Append, Commit } from '../store-feeds.ts'
import { chooseEntries, type EntryFacts, entryOf, type FleetEntry, statusOf } from './fleet-entry.ts'

/** All devices at a glance: what their list is filtered, ordered and summed up by, kept current instead of computed when asked. */
export interface Fleet {
  /** Reads what is stored, a few devices at a time; what is asked before it has ended waits for it. */
  load(): Promise<void>
  /** Part of the devices that meet a query, with how many do. */
  page(
    query: DeviceQuery,
    range: { readonly from: number; readonly to: number },
  ): Promise<{ rows: { device: Device; health: HealthRow; versions: DeviceVersions }[]; total: number }>
  facts(): Promise<FleetFacts>
  /** Every device, worst first, without its sentence. */
  standings(): Promise<{ id: string; name: string; status: HealthRow['headline']['status'] }[]>
  versionsOf(devices: readonly Pick<Device, 'id' | 'desiredVersionId'>[]): Promise<DeviceVersions[]>
  close(): void
}

export interface FleetParts {
  readonly store: Pick<Store, 'records' | 'findings' | 'telemetry'>
  readonly health: Pick<Health, 'rowsOf'>
  readonly reportedVersion: (deviceId: string) => ReportedVersion | null
  readonly commits: Feed<Commit>
  readonly appends: Feed<Append>
  /** Findings of one report that have just been stored. */
  readonly findings: Feed<readonly Finding[]>
  readonly now: () => number
  readonly log: Log
}

/** Devices read before others have their turn. */
const readAtOnce = 100

export function createFleet(parts: FleetParts): Fleet {
  const { store, health, reportedVersion, now, log } = parts
  const { records } = store
  const entries = new Map<string, FleetEntry>()
  /** Device of each open alert, and how many each device has. */
  const deviceOfAlert = new Map<string, string>()
  const openAlerts = new Map<string, number>()
  /** Judgements that are being read. */
  const pending = new Set<Promise<void>>()
  let loading: Promise<void> | null = null
  let isClosed = false

  function setAlert(alertId: string, deviceId: string | null): void {
    const before = deviceOfAlert.get(alertId)
    if (before !== undefined) openAlerts.set(before, (openAlerts.get(before) ?? 1) - 1)
    if (deviceId === null) deviceOfAlert.delete(alertId)
    else {
      deviceOfAlert.set(alertId, deviceId)
      openAlerts.set(deviceId, (openAlerts.get(deviceId) ?? 0) + 1)
    }
  }

  async function judge(id: string): Promise<void> {
    const standing = standingOf(currentFindings(await store.findings.latest({ type: 'device', id })))
    const entry = entries.get(id)
    if (entry !== undefined) entry.standing = standing
  }

  function judgeSoon(id: string): void {
    const work = judge(id)
      .catch((error) => log.error({ error, deviceId: id }, 'A device could not be judged for the list'))
      .finally(() => pending.delete(work))
    pending.add(work)
  }

  function takeCommit({ puts }: Commit): void {
    for (const { kind, record } of puts) {
      if (kind === 'device') entries.set(record.id, entryOf(record, entries.get(record.id)))
      if (kind === 'alert' && record.target.type === 'device')
        setAlert(record.id, record.state === 'resolved' ? null : record.target.id)
    }
  }

  function takeTelemetry({ telemetry }: IntakeBatch): void {
    for (const { deviceId, at } of telemetry) {
      const entry = entries.get(deviceId)
      if (entry !== undefined && (entry.lastSeenAt === null || at > entry.lastSeenAt)) entry.lastSeenAt = at
    }
  }

  const stopListening = [
    parts.commits.listen(takeCommit),
    parts.appends.listen(({ batch }) => takeTelemetry(batch)),
    parts.findings.listen((findings) => {
      const ids = new Set(findings.flatMap(({ target }) => (target.type === 'device' ? [target.id] : [])))
      for (const id of ids) judgeSoon(id)
    }),
  ]

  async function readStored(): Promise<void> {
    for (const { record } of await records.list('alert'))
      if (record.target.type === 'device' && !deviceOfAlert.has(record.id) && record.state !== 'resolved')
        setAlert(record.id, record.target.id)
    const devices = await records.list('device')
    for (const [index, { record }] of devices.entries()) {
      if (isClosed) return
      // What a commit told meanwhile is newer.
      if (!entries.has(record.id)) entries.set(record.id, entryOf(record))
      const channels = await store.telemetry.channels(record.id)
      const entry = entries.get(record.id)
      if (entry !== undefined && channels.length > 0)
        entry.lastSeenAt = Math.max(entry.lastSeenAt ?? 0, ...channels.map(({ to }) => to))
      await judge(record.id)
      if (index % readAtOnce === readAtOnce - 1) await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async function ready(): Promise<void> {
    loading ??= readStored().catch((error) => {
      loading = null
      throw error
    })
    await loading
    await Promise.all(pending)
  }

  async function versionNames(): Promise<(id: string) => string> {
    const names = new Map((await records.list('version')).map(({ record }) => [record.id, record.name]))
    return (id) => names.get(id) ?? id
  }

  function versionsBy(
    nameOf: (id: string) => string,
    { id, desiredVersionId = null }: Pick<Device, 'id' | 'desiredVersionId'>,
  ): DeviceVersions {
    const reported = reportedVersion(id)
    return {
      desired: desiredVersionId === null ? null : nameOf(desiredVersionId),
      reported: reported === null ? null : { name: nameOf(reported.versionId), at: reported.at },
      isAsDesired: desiredVersionId === null || reported === null ? null : desiredVersionId === reported.versionId,
    }
  }

  async function choose(query: DeviceQuery): Promise<FleetEntry[]> {
    await ready()
    const nameOf = await versionNames()
    const facts: EntryFacts = {
      now: now(),
      openAlerts: (id) => openAlerts.get(id) ?? 0,
      versions(entry) {
        const { desired, reported, isAsDesired } = versionsBy(nameOf, entry)
        return { desired, reported: reported?.name ?? null, isAsDesired }
      },
    }
    return chooseEntries(entries.values(), query, facts)
  }

  const worstFirst: DeviceQuery = { text: '', group: null, status: null, sort: 'status', direction: 'descending' }

  return {
    load: ready,

    async page(query, { from, to }) {
      const chosen = await choose(query)
      const nameOf = await versionNames()
      const shown = chosen.slice(from, to)
      const healths = await health.rowsOf(shown.map(({ id }) => ({ type: 'device', id })))
      const healthOf = new Map(healths.map((row) => [row.target.id, row]))
      const rows = await Promise.all(
        shown.map(async ({ id }) => {
          const device = await records.get('device', id)
          const row = healthOf.get(id)
          return device === null || row === undefined
            ? []
            : [{ device: device.record, health: row, versions: versionsBy(nameOf, device.record) }]
        }),
      )
      return { rows: rows.flat(), total: chosen.length }
    },

    async facts() {
      const chosen = await choose(worstFirst)
      const at = now()
      const byStatus = { ok: 0, warning: 0, breach: 0, insufficient: 0, unknown: 0 }
      const groups = new Map<string, number>()
      for (const entry of chosen) {
        byStatus[statusOf(entry, at)] += 1
        groups.set(entry.group, (groups.get(entry.group) ?? 0) + 1)
      }
      const [worst] = chosen.length === 0 ? [] : await health.rowsOf([{ type: 'device', id: chosen[0].id }])
      return {
        headline: fleetHeadline({ devices: chosen.length, byStatus, worst: worst?.headline ?? null }),
        devices: chosen.length,
        byStatus,
        groups: [...groups]
          .map(([name, devices]) => ({ name, devices }))
          .sort((a, b) => Number(a.name === '') - Number(b.name === '') || a.name.localeCompare(b.name, 'en')),
      }
    },

    async standings() {
      const at = now()
      return (await choose(worstFirst)).map((entry) => ({
        id: entry.id,
        name: entry.name,
        status: statusOf(entry, at),
      }))
    },

    async versionsOf(devices) {
      const nameOf = await versionNames()
      return devices.map((device) => versionsBy(nameOf, device))
    },

    close() {
      isClosed = true
      for (const stop of stopListening) stop()
    },
  }
}
