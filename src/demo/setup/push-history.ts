import { readFile, rm } from 'node:fs/promises'
import type { HistoryDay } from '../history/days.ts'
import type { DemoHost } from '../host.ts'
import { DEVICE_KEY, PRODUCTION_KEY } from '../park/names.ts'
import { PEOPLE } from './people.ts'

const CONNECTION_KEY = 'history'
const TOKEN_SECRET = 'demo:history-token'
/** A day of samples with a few pictures stays far below what one push may hold. */
const ITEMS_AT_ONCE = 500

/** The token with which history is pushed; made once. */
export async function ensureHistoryToken(host: DemoHost): Promise<string> {
  const kept = await host.secrets.get(TOKEN_SECRET)
  if (kept !== undefined) return kept
  const known = await host.call(PEOPLE.operator.login, 'connections.list', {})
  const isTaken = known.some(({ record }) => record.key === CONNECTION_KEY)
  const { token } = await host.call(PEOPLE.operator.login, 'connections.createIngestToken', {
    key: isTaken ? `${CONNECTION_KEY}-${host.now()}` : CONNECTION_KEY,
    name: 'The month before',
    acceptsNewDevices: false,
  })
  await host.secrets.put(TOKEN_SECRET, token)
  return token
}

/** Pushes one drawn day at its own event times, and removes its file. */
export async function pushDay(host: DemoHost, token: string, path: string): Promise<void> {
  const { samples, labels, telemetry }: HistoryDay = JSON.parse(await readFile(path, 'utf8'))
  const push = async (kind: 'samples' | 'labels' | 'telemetry', key: string, items: readonly object[]) => {
    for (let from = 0; from < items.length; from += ITEMS_AT_ONCE) {
      await host.push(token, { kind, key }, items.slice(from, from + ITEMS_AT_ONCE))
    }
  }
  await push('samples', PRODUCTION_KEY, samples)
  await push('labels', PRODUCTION_KEY, labels)
  await push('telemetry', DEVICE_KEY, telemetry)
  await rm(path)
}
