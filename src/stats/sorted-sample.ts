import { radixSort } from './radix-sort.ts'

/** A sample in ascending order, sorted once and asked many times. */
export type SortedSample = {
  /** Ascending, without NaN; may hold infinities. */
  readonly values: Float64Array
  /** NaN values that were left out. */
  readonly missing: number
}

/** From here on sorting by bits beats sorting by comparison. */
const RADIX_FROM = 8192

/**
 * Sorts a copy of a sample and sets NaN apart as missing.
 *
 * 1M values in about 20 ms, in typed memory. The input is not changed.
 */
export function sortSample(values: ArrayLike<number>): SortedSample {
  const sorted = new Float64Array(values.length)
  let n = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    if (!Number.isNaN(x)) sorted[n++] = x
  }
  const present = n === sorted.length ? sorted : sorted.slice(0, n)
  return { values: n < RADIX_FROM ? present.sort() : radixSort(present), missing: values.length - n }
}

/** Index of the first value >= x in ascending values (their count when there is none). O(log n). */
export function lowerBound(sorted: ArrayLike<number>, x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}

/** Index of the first value > x in ascending values (their count when there is none). O(log n). */
export function upperBound(sorted: ArrayLike<number>, x: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] <= x) low = middle + 1
    else high = middle
  }
  return low
}

/** The part of a sorted sample that is finite, without copying, and how many infinities were cut off. */
export function finitePart(sample: SortedSample): { readonly values: Float64Array; readonly infinite: number } {
  const { values } = sample
  const from = upperBound(values, Number.NEGATIVE_INFINITY)
  const to = lowerBound(values, Number.POSITIVE_INFINITY)
  if (from === 0 && to === values.length) return { values, infinite: 0 }
  return { values: values.subarray(from, to), infinite: values.length - (to - from) }
}
