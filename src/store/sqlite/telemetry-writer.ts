import type { AppendResult } from '../../contract/intake.ts'
import type { TelemetryPoint } from '../../contract/sample.ts'
import type { Connection } from './database.ts'
import type { SequenceWriter } from './sequence-ranges.ts'
import type { Symbols } from './symbols.ts'
import { type Block, blockPoints, firstAtOrAfter, type TelemetryBlocks } from './telemetry-blocks.ts'

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
  /** Removes a device's points before an instant, in a transaction of its own; returns how many. */
  retain(deviceId: string, before: number): number
}

/** Hot points are moved into blocks inside the transaction that makes them too many: nothing runs in the background. */
export function makeTelemetryWriter(
  connection: Connection,
  symbols: Symbols,
  blocks: TelemetryBlocks,
  sequences: Pick<SequenceWriter, 'retain'>,
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
  const seriesOfDevice = db.prepare<[number], number>('SELECT ref FROM series WHERE device = ?').pluck()
  const removeHot = db.prepare<[number, number]>('DELETE FROM telemetry_point WHERE series = ? AND at < ?')
  const removeSeries = db.prepare<[number]>('DELETE FROM series WHERE ref = ?')
  const recount = db.prepare<[{ ref: number; removed: number; hot: number; firstBlock: number | null }]>(
    `UPDATE series SET points = points - $removed, hot = hot - $hot,
       from_at = min(coalesce($firstBlock, last_at), coalesce((SELECT min(at) FROM telemetry_point WHERE series = $ref), last_at))
     WHERE ref = $ref`,
  )
  const countLeft = db.prepare<[number], number>('SELECT points FROM series WHERE ref = ?').pluck()
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

  /** Moves all hot points into blocks. */
  function seal(series: Series): void {
    const rows = hotPoints.all(series.ref)
    const fresh = {
      at: Float64Array.from(rows, ([at]) => at),
      value: Float64Array.from(rows, ([, value]) => value),
    }
    blocks.add(series.ref, fresh)
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

  function retainSeries(ref: number, before: number): number {
    const hot = removeHot.run(ref, before).changes
    let removed = hot
    for (const block of blocks.overlaps(ref, 0, before - 1)) {
      const kept = firstAtOrAfter(block.at, before)
      removed += kept
      blocks.remove(block.ref)
      if (kept < block.at.length) blocks.write(ref, { at: block.at.slice(kept), value: block.value.slice(kept) })
    }
    if (removed === 0) return 0
    recount.run({ ref, removed, hot, firstBlock: blocks.sealedFrom(ref) })
    if (countLeft.get(ref) === 0) removeSeries.run(ref)
    return removed
  }

  return {
    retain: (deviceId, before) =>
      connection.write(() => {
        const device = symbols.find(deviceId)
        if (device === null) return 0
        let removed = 0
        for (const ref of seriesOfDevice.all(device)) removed += retainSeries(ref, before)
        if (removed > 0) forget()
        sequences.retain(device, before)
        return removed
      }),
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
