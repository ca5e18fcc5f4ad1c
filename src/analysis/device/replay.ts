import type { Span } from './gaps.ts'
import type { ChannelPoints } from './points.ts'

/** Readings in a row that must be the same as earlier ones, and how many different values must be among them. */
const fewest = 30
const fewestDistinct = 10
/** Readings by which an earlier stretch is found. */
const seed = 12
/** Readings that are looked at, the newest. */
const mostCompared = 50_000
/** Where more than this share of all readings repeats earlier ones, the channel runs in cycles by its nature. */
const cyclic = 0.3

export interface ReplayedSpan extends Span {
  /** Where the stretch stood first. */
  readonly original: Span
}

/**
 * Stretches of at least 30 readings, of at least ten different values, that repeat an earlier stretch digit for digit: a loop, or
 * a buffer sent twice under new times. A sensor with noise does not do that. Nothing is said of a channel of which more than
 * 30 % repeats, since it is cyclic by itself. O(n) expected.
 */
export function findReplayed({ at: allAt, value: allValue }: ChannelPoints): ReplayedSpan[] {
  const [at, value] = [allAt.subarray(-mostCompared), allValue.subarray(-mostCompared)]
  const n = value.length
  const hashes = hashesOf(value)
  const found: ReplayedSpan[] = []
  const starts = new Map<number, number>()
  let repeated = 0
  // A stretch is entered once it lies wholly before the one that is looked at.
  let entered = 0
  for (let i = 0; i + seed <= n; ) {
    for (; entered + seed <= i; entered++) if (!starts.has(hashes[entered])) starts.set(hashes[entered], entered)
    const original = starts.get(hashes[i])
    let length = 0
    if (original !== undefined)
      while (i + length < n && original + length < i && value[original + length] === value[i + length]) length++
    if (original === undefined || length < fewest) {
      i++
      continue
    }
    // Few different values that come again are a switch, or a channel that stands still.
    if (new Set(value.subarray(i, i + length)).size >= fewestDistinct) {
      repeated += length
      const span = (from: number) => ({ from: at[from], to: at[from + length - 1] })
      found.push({ ...span(i), original: span(original) })
    }
    i += length
  }
  return repeated > cyclic * n ? [] : found
}

/** A hash of the readings from each one on, `seed` of them. */
function hashesOf(value: Float64Array): Int32Array {
  const words = new Int32Array(Float64Array.from(value).buffer)
  return Int32Array.from({ length: Math.max(0, value.length - seed + 1) }, (_, from) => {
    let hash = 17
    for (let word = 2 * from; word < 2 * (from + seed); word++) hash = (Math.imul(hash, 31) + words[word]) | 0
    return hash
  })
}
