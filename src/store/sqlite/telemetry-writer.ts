import type { AppendResult } from '../../contract/intake.ts'
import type { TelemetryPoint } from '../../contract/sample.ts'
import type { Connection } from './database.ts'
import type { Symbols } from './symbols.ts'
import { type Block, blockPoints, firstAtOrAfter, mergePoints, type TelemetryBlocks } from './telemetry-blocks.ts'

/** Series kept in memory between batches. */
const maxCached = 20_000

interface Series {
  readonly ref: number
  points: number
  hot: number
  fromAt: number
  lastAt: number
  lastValue: number
  sealedThrough: number
}

/** The part of telemetry that `append` uses inside its transaction. */
export interface TelemetryWriter {
  /** Stores points; the same (device, channel, instant) again changes nothing. */
  append(points: readonly TelemetryPoint[]): AppendResult
}

/** Hot points are moved into blocks inside the transaction that makes them too many: nothing runs in the background. */
export function makeTelemetryWriter(
  connection: Connection,
  symbols: Symbols,
  blocks: TelemetryBlocks,
): TelemetryWriter {
  const { db } = connection
  const seriesRow = db.prepare<[number, string], Omit<Series, 'sealedThrough'>>(
    `SELECT ref, points, hot, from_at AS fromAt, last_at AS lastAt, last_value AS lastValue FROM series
     WHERE device = ? AND channel = ?`,
  )
  const insertSeries = db.prepare(
    'INSERT INTO series (device, channel, points, hot, from_at, last_at, last_value) VALUES (?, ?, 0, 0, ?, ?, ?)',
  )
  const updateSeries = db.prepare(
    'UPDATE series SET points = ?, hot = ?, from_at = ?, last_at = ?, last_value = ? WHERE ref = ?',
  )
  const insertPoint = db.prepare('INSERT OR IGNORE INTO telemetry_point VALUES (?, ?, ?)')
  const hotPoints = db
    .prepare<[number], [number, number]>('SELECT at, value FROM telemetry_point WHERE series = ? ORDER BY at')
    .raw()
  const clearHot = db.prepare('DELETE FROM telemetry_point WHERE series = ?')
  const known = new Map<string, Series>()
  const changed = new Set<Series>()
  let lateBlock: { series: number; block: Block } | null = null
  const forget = () => {
    known.clear()
    changed.clear()
    lateBlock = null
  }
  connection.onRollback(forget)

  function seriesOf({ deviceId, channel: given, at, value }: TelemetryPoint): Series {
    const channel = given.toWellFormed()
    const key = `${deviceId} ${channel}`
    const cached = known.get(key)
    if (cached !== undefined) return cached
    const device = symbols.ref(deviceId)
    const stored = seriesRow.get(device, channel)
    const series: Series =
      stored === undefined
        ? {
            ref: Number(insertSeries.run(device, channel, at, at, value).lastInsertRowid),
            points: 0,
            hot: 0,
            fromAt: at,
            lastAt: at,
            lastValue: value,
            sealedThrough: -1,
          }
        : { ...stored, sealedThrough: blocks.sealedThrough(stored.ref) }
    known.set(key, series)
    return series
  }

  /** Whether a block already holds this instant. */
  function isSealed(series: Series, at: number): boolean {
    if (at > series.sealedThrough) return false
    const last = lateBlock?.block.at
    if (lateBlock?.series !== series.ref || last === undefined || at < last[0] || at > last[last.length - 1]) {
      const [block] = blocks.overlaps(series.ref, at, at)
      if (block === undefined) return false
      lateBlock = { series: series.ref, block }
    }
    const times = lateBlock?.block.at ?? new Float64Array(0)
    return times[firstAtOrAfter(times, at)] === at
  }

  /** Moves all hot points into blocks; late ones join the blocks that they fall among, so that blocks never overlap. */
  function seal(series: Series): void {
    const rows = hotPoints.all(series.ref)
    const fresh = {
      at: Float64Array.from(rows, ([at]) => at),
      value: Float64Array.from(rows, ([, value]) => value),
    }
    const touched = blocks.overlaps(series.ref, fresh.at[0], fresh.at[fresh.at.length - 1])
    for (const { ref } of touched) blocks.remove(ref)
    blocks.write(series.ref, mergePoints([...touched, fresh]))
    clearHot.run(series.ref)
    series.hot = 0
    series.sealedThrough = Math.max(series.sealedThrough, fresh.at[fresh.at.length - 1])
    lateBlock = null
  }

  function store(point: TelemetryPoint): boolean {
    const { at, value } = point
    if (!Number.isFinite(value))
      throw new RangeError(`Telemetry of ${point.channel} must be a finite number, got ${value}`)
    const series = seriesOf(point)
    if (isSealed(series, at) || insertPoint.run(series.ref, at, value).changes === 0) return false
    series.points += 1
    series.hot += 1
    changed.add(series)
    series.fromAt = Math.min(series.fromAt, at)
    if (at >= series.lastAt) {
      series.lastAt = at
      series.lastValue = value
    }
    if (series.hot >= 2 * blockPoints) seal(series)
    return true
  }

  return {
    append: (points) => {
      let stored = 0
      for (const point of points) if (store(point)) stored += 1
      if (stored > 0) {
        for (const series of changed) {
          const { points: total, hot, fromAt, lastAt, lastValue, ref } = series
          updateSeries.run(total, hot, fromAt, lastAt, lastValue, ref)
        }
        changed.clear()
        if (known.size > maxCached) forget()
      }
      return { stored, repeated: points.length - stored }
    },
  }
}
