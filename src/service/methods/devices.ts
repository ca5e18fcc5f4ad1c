import type { Device } from '../../contract/device.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { Fleet } from '../fleet/fleet.ts'
import type { Health } from '../monitoring/health.ts'
import type { Monitoring } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { placeOf } from './page.ts'

type Parts = Pick<ServiceContext, 'store' | 'now' | 'newId'>

const noSuchDevice = () => new RpcError('not-found', 'There is no such device')

/** Names of channels that stand twice. */
const repeated = (names: readonly string[]) => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
]

function checkChannels(channels: Device['channels']): void {
  const twice = repeated(channels.map(({ name }) => name))
  if (twice.length > 0) throw new RpcError('invalid-input', `These channels stand twice: ${twice.join(', ')}`)
  for (const { name, range } of channels)
    if (range !== null && !(range[0] < range[1]))
      throw new RpcError('invalid-input', `The range of channel ${name} ends before it begins`)
}

/** Devices: how they are doing, what is declared of their channels. */
export function createDeviceHandlers(
  { store, now, newId }: Parts,
  health: Health,
  fleet: Fleet,
  monitoring: Pick<Monitoring, 'addDefaults'>,
): HandlersOf<'devices'> {
  const { records } = store

  return {
    'devices.list': async ({ limit, cursor, ...query }) => {
      const from = placeOf(cursor)
      const { rows, total } = await fleet.page(query, { from, to: from + limit })
      return { items: rows, nextCursor: from + limit < total ? String(from + limit) : null, total }
    },

    'devices.fleet': () => fleet.facts(),

    'devices.names': async () =>
      (await records.list('device')).map(({ record: { id, key, name } }) => ({ id, key, name })),

    'devices.get': async ({ id }) => {
      const device = await records.get('device', id)
      const [row] = await health.rowsOf([{ type: 'device', id }])
      if (device === null || row === undefined) throw noSuchDevice()
      const deployments = await records.list('deployment', { link: 'deviceId', id })
      const [versions] = await fleet.versionsOf([device.record])
      return {
        device,
        health: row,
        versions,
        deployments: deployments.map(({ record }) => ({ id: record.id, name: record.name })),
      }
    },

    'devices.save': async ({ id, revision, device }, { caller }) => {
      checkChannels(device.channels)
      const before = id === null ? null : await records.get('device', id)
      if (id !== null && before === null) throw noSuchDevice()
      if (before !== null && before.record.key !== device.key)
        throw new RpcError('refused', 'The key of a device is its name in topics and cannot change: add another device')
      const record: Device = {
        ...device,
        id: before?.record.id ?? newId('dev'),
        createdAt: before?.record.createdAt ?? now(),
      }
      const [saved] = await commitOrRefuse(
        records,
        [{ kind: 'device', record, revision: before === null ? null : revision }],
        draftOf(caller, now(), {
          action: 'devices.save',
          subject: { kind: 'device', id: record.id, name: record.name },
          details: { isNew: before === null, channels: record.channels.map(({ name }) => name) },
        }),
      )
      if (before === null) await monitoring.addDefaults({ type: 'device', id: record.id }, caller)
      return { revision: saved, record }
    },
  }
}
