import type { Window } from '../../contract/primitives.ts'
import type { Store } from '../../store/store.ts'
import type { ProbeRecord } from '../rooms.ts'
import type { Log } from '../rpc/log.ts'

const weekMs = 7 * 86_400_000
/** A week of probes every six seconds; more frequent ones reach back less far. */
const maxRecords = 100_000
/** Under these names probes are kept as a series of their connection, so that a restart forgets no silence. */
const channels = { ready: 'assay:ready', latencyMs: 'assay:latency-ms', clockSkewMs: 'assay:clock-skew-ms' } as const

/** How long probes are kept: as far back as a question about an endpoint looks, and a day. */
export const probesKeptMs = weekMs + 86_400_000

/** Probes of endpoints: at most a week of them in memory, and in the store for the next start. */
export function createProbeHistory(parts: {
  readonly store: Pick<Store, 'samples' | 'telemetry'>
  readonly now: () => number
  readonly log: Log
}) {
  const { store, now, log } = parts
  const histories = new Map<string, ProbeRecord[]>()

  async function keep(deviceId: string, { at, isReady, latencyMs, clockSkewMs }: ProbeRecord): Promise<void> {
    const point = (channel: string, value: number | null | undefined) =>
      value === null || value === undefined ? [] : [{ deviceId, channel, at, value }]
    const telemetry = [
      ...point(channels.ready, Number(isReady)),
      ...point(channels.latencyMs, latencyMs),
      ...point(channels.clockSkewMs, clockSkewMs),
    ]
    try {
      await store.samples.append({ samples: [], labels: [], telemetry, deadLetters: [], counters: [] })
    } catch (error) {
      log.warn({ connectionId: deviceId, error }, 'A probe is not kept for the next start')
    }
  }

  return {
    /** Reads what was kept of these connections before the start. */
    async load(connectionIds: readonly string[]): Promise<void> {
      const window = { from: Math.max(0, now() - weekMs), to: now() + 86_400_000 }
      for (const deviceId of connectionIds) {
        const read = async (channel: string) => {
          const { at, value } = await store.telemetry.read({ deviceId, channel, window, limit: maxRecords })
          return new Map(Array.from(at, (instant, i) => [instant, value[i]]))
        }
        const latency = await read(channels.latencyMs)
        const skew = await read(channels.clockSkewMs)
        const before = [...(await read(channels.ready))].map(([at, ready]): ProbeRecord => {
          const clockSkewMs = skew.get(at)
          return {
            ...{ at, isReady: ready === 1, latencyMs: latency.get(at) ?? null },
            ...(clockSkewMs !== undefined && { clockSkewMs }),
          }
        })
        histories.set(deviceId, [...before, ...(histories.get(deviceId) ?? [])])
      }
    },
    /** Resolves when the probe is kept; it counts at once. */
    add(connectionId: string, record: ProbeRecord): Promise<void> {
      const records = histories.get(connectionId) ?? []
      histories.set(connectionId, records)
      records.push(record)
      // Thinned out rarely, because each time moves what remains.
      const isOld = records[0].at < record.at - weekMs - 3_600_000
      if (isOld || records.length > maxRecords * 1.1) {
        const first = records.findIndex(({ at }) => at >= record.at - weekMs)
        records.splice(0, Math.max(first, records.length - maxRecords))
      }
      return keep(connectionId, record)
    },
    read(connectionId: string, { from, to }: Window): readonly ProbeRecord[] {
      return (histories.get(connectionId) ?? []).filter(({ at }) => at >= from && at < to)
    },
  }
}
