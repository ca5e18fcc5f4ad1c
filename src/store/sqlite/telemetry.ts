import type { TelemetryStore } from '../store.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'
import { firstAtOrAfter, mergePoints, type Points, type TelemetryBlocks } from './telemetry-blocks.ts'

/** Reads telemetry: blocks and hot points as one series. */
export function makeTelemetry(
  connection: Connection,
  symbols: Symbols,
  blocks: TelemetryBlocks,
): Omit<TelemetryStore, 'retain' | 'lostMessages'> {
  const { db } = connection
  const seriesRef = db
    .prepare<[number, string], number>('SELECT ref FROM series WHERE device = ? AND channel = ?')
    .pluck()
  const hotPoints = db
    .prepare<[number, number, number], [number, number]>(
      'SELECT at, value FROM telemetry_point WHERE series = ? AND at >= ? AND at < ? ORDER BY at',
    )
    .raw()
  const newest = db.prepare<[number], { channel: string; at: number; value: number }>(
    'SELECT channel, last_at AS at, last_value AS value FROM series WHERE device = ? ORDER BY channel',
  )
  const channels = db.prepare<[number], { channel: string; points: number; from: number; to: number }>(
    'SELECT channel, points, from_at AS "from", last_at AS "to" FROM series WHERE device = ? ORDER BY channel',
  )

  function points(deviceId: string, channel: string, from: number, to: number): Points {
    const device = symbols.find(deviceId)
    const series = device === null ? undefined : seriesRef.get(device, channel.toWellFormed())
    if (series === undefined || from >= to) return { at: new Float64Array(0), value: new Float64Array(0) }
    const sealed = blocks.overlaps(series, from, to - 1).map(({ at, value }) => {
      const [first, end] = [firstAtOrAfter(at, from), firstAtOrAfter(at, to)]
      return { at: at.subarray(first, end), value: value.subarray(first, end) }
    })
    const rows = hotPoints.all(series, from, to)
    const hot = { at: Float64Array.from(rows, ([at]) => at), value: Float64Array.from(rows, ([, value]) => value) }
    return mergePoints([...sealed, hot])
  }

  return {
    read: async ({ deviceId, channel, window, limit }) =>
      connection.read(() => {
        const all = points(deviceId, channel, window.from, window.to)
        if (limit === undefined || all.at.length <= limit) return { at: all.at, value: all.value }
        // The newest, as a page that asks for a few wants them.
        return { at: all.at.slice(all.at.length - limit), value: all.value.slice(all.value.length - limit) }
      }),
    downsample: async ({ deviceId, channel, window, maxPoints }) =>
      connection.read(() => {
        const all = points(deviceId, channel, window.from, window.to)
        return { ...minMaxOf(all, window.from, window.to, maxPoints), points: all.at.length }
      }),
    newest: async (deviceId) => {
      const device = symbols.find(deviceId)
      return device === null ? [] : newest.all(device)
    },
    channels: async (deviceId) => {
      const device = symbols.find(deviceId)
      return device === null ? [] : channels.all(device)
    },
  }
}

/**
 * At most `maxPoints` points: the smallest and the largest of each of maxPoints/2 equal spans of time, in order of time.
 * O(n).
 */
export function minMaxOf(
  { at, value }: Points,
  from: number,
  to: number,
  maxPoints: number,
): { at: number[]; value: number[] } {
  if (at.length <= maxPoints) return { at: [...at], value: [...value] }
  const buckets = Math.max(1, Math.floor(maxPoints / 2))
  const width = (to - from) / buckets
  const bucketOf = (instant: number) => Math.min(buckets - 1, Math.floor((instant - from) / width))
  const kept = { at: [] as number[], value: [] as number[] }
  const keep = (index: number) => {
    kept.at.push(at[index])
    kept.value.push(value[index])
  }
  for (let begin = 0; begin < at.length; ) {
    const bucket = bucketOf(at[begin])
    let [least, most, index] = [begin, begin, begin]
    for (; index < at.length && bucketOf(at[index]) === bucket; index += 1) {
      if (value[index] < value[least]) least = index
      if (value[index] > value[most]) most = index
    }
    if (least === most) keep(least)
    else {
      keep(Math.min(least, most))
      keep(Math.max(least, most))
    }
    begin = index
  }
  return maxPoints < 2 ? { at: kept.at.slice(0, maxPoints), value: kept.value.slice(0, maxPoints) } : kept
}
