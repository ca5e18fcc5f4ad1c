import { float64Of } from './column-codec.ts'
import type { Connection } from './database.ts'

/** Points in ascending order of time, no instant twice. */
export interface Points {
  readonly at: Float64Array
  readonly value: Float64Array
}
export interface Block extends Points {
  readonly ref: number
}
/** A block without its points. */
interface BlockHead {
  readonly ref: number
  readonly firstAt: number
}

/** Points a block holds when it is written. */
export const blockPoints = 4096

interface BlockRow {
  readonly ref: number
  readonly at: Uint8Array
  readonly value: Uint8Array
}

/** Sealed points of a series: blocks that never overlap. */
export function makeTelemetryBlocks({ db }: Connection) {
  const overlapping = db.prepare<[number, number, number], BlockRow>(
    `SELECT ref, at, value FROM telemetry_block WHERE series = ? AND last_at >= ? AND first_at <= ? ORDER BY last_at`,
  )
  const byRef = db.prepare<[number], BlockRow>('SELECT ref, at, value FROM telemetry_block WHERE ref = ?')
  /** In order of time, from the last one that begins at or before an instant, or the first of all. */
  const headsFrom = db.prepare<[number, number, number], BlockHead>(
    `SELECT ref, first_at AS firstAt FROM telemetry_block WHERE series = ? AND last_at >= coalesce(
       (SELECT max(last_at) FROM telemetry_block WHERE series = ? AND first_at <= ?), 0)
     ORDER BY last_at`,
  )
  const lastSealed = db
    .prepare<[number], number | null>('SELECT max(last_at) FROM telemetry_block WHERE series = ?')
    .pluck()
  const firstSealed = db
    .prepare<[number], number | null>('SELECT min(first_at) FROM telemetry_block WHERE series = ?')
    .pluck()
  const insert = db.readonly
    ? null
    : db.prepare('INSERT INTO telemetry_block (series, first_at, last_at, points, at, value) VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.readonly ? null : db.prepare('DELETE FROM telemetry_block WHERE ref = ?')
  const bytesOf = (array: Float64Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)

  /** Blocks with a point in `[from, through]`, in order of time. */
  function overlaps(series: number, from: number, through: number): Block[] {
    return overlapping.all(series, from, through).map(blockOf)
  }

  const blockOf = ({ ref, at, value }: BlockRow): Block => ({ ref, at: float64Of(at), value: float64Of(value) })

  /**
   * Adds points in order of time. What is later than all blocks makes new ones; anything else joins the block that it falls into or
   * follows, so that blocks never overlap, and one late point costs one block however much lies after it.
   */
  function add(series: number, { at, value }: Points): void {
    const sealed = lastSealed.get(series) ?? -1
    const newest = firstAtOrAfter(at, sealed)
    const heads = newest === 0 ? [] : headsFrom.all(series, series, at[0])
    for (let from = 0, next = 0; from < newest; next++) {
      const end = next + 1 < heads.length ? Math.min(newest, firstAtOrAfter(at, heads[next + 1].firstAt)) : newest
      if (end > from) {
        const block = byRef.get(heads[next].ref)
        remove?.run(heads[next].ref)
        const late = { at: at.subarray(from, end), value: value.subarray(from, end) }
        write(series, mergePoints(block === undefined ? [late] : [blockOf(block), late]))
      }
      from = end
    }
    write(series, { at: at.subarray(newest), value: value.subarray(newest) })
  }

  /** Writes points as blocks of `blockPoints`, the last one up to twice that. */
  function write(series: number, { at, value }: Points): void {
    for (let from = 0; from < at.length; ) {
      const to = at.length - from < 2 * blockPoints ? at.length : from + blockPoints
      const [times, values] = [at.subarray(from, to), value.subarray(from, to)]
      insert?.run(series, times[0], times[times.length - 1], times.length, bytesOf(times), bytesOf(values))
      from = to
    }
  }

  return {
    overlaps,
    add,
    write,
    remove: (ref: number) => remove?.run(ref),
    /** Instant of the last sealed point, -1 before any. */
    sealedThrough: (series: number) => lastSealed.get(series) ?? -1,
    /** Instant of the first sealed point, null before any. */
    sealedFrom: (series: number) => firstSealed.get(series) ?? null,
  }
}
export type TelemetryBlocks = ReturnType<typeof makeTelemetryBlocks>

/** Merges points that are each in order of time and have no instant in common. */
export function mergePoints(parts: readonly Points[]): Points {
  const length = parts.reduce((total, part) => total + part.at.length, 0)
  const at = new Float64Array(length)
  const value = new Float64Array(length)
  let to = 0
  for (const part of parts) {
    at.set(part.at, to)
    value.set(part.value, to)
    to += part.at.length
  }
  for (let index = 1; index < length; index += 1) if (at[index] < at[index - 1]) return sortPoints({ at, value })
  return { at, value }
}

function sortPoints({ at, value }: Points): Points {
  const order = Uint32Array.from(at.keys()).sort((a, b) => at[a] - at[b])
  return {
    at: Float64Array.from(order, (index) => at[index]),
    value: Float64Array.from(order, (index) => value[index]),
  }
}

/** Index of the first time that is not before `from`. O(log n). */
export function firstAtOrAfter(at: Float64Array, from: number): number {
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle] < from) low = middle + 1
    else high = middle
  }
  return low
}
