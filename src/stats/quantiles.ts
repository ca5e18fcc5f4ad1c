import { type SortedSample, sortSample } from './sorted-sample.ts'

/**
 * Quantile of ascending values by linear interpolation between order statistics (Hyndman and Fan's type 7).
 *
 * `q` in [0, 1], RangeError otherwise; null when there is no value. Interpolation runs from the nearer neighbour, so that
 * q = 1 is exactly the maximum; two equal neighbours, infinite ones too, give their value. Constant time.
 */
export function quantileSorted(sorted: ArrayLike<number>, q: number): number | null {
  if (!(q >= 0 && q <= 1)) throw new RangeError(`a quantile needs q in [0, 1], got ${q}`)
  const n = sorted.length
  if (n === 0) return null
  const position = (n - 1) * q
  const below = Math.floor(position)
  const low = sorted[below]
  const high = sorted[Math.min(n - 1, below + 1)]
  if (low === high) return low
  const share = position - below
  if (share === 0) return low
  const gap = high - low
  if (gap === Number.POSITIVE_INFINITY) return infiniteGap(low, high, share)
  return share < 0.5 ? low + gap * share : high - gap * (1 - share)
}

/** Between a finite and an infinite neighbour only the nearer one is a meaningful answer. */
function infiniteGap(low: number, high: number, share: number): number {
  if (Number.isFinite(low) && Number.isFinite(high)) return low * (1 - share) + high * share
  return share < 0.5 ? low : high
}

/** Median of ascending values; null when there is none. */
export function medianSorted(sorted: ArrayLike<number>): number | null {
  return quantileSorted(sorted, 0.5)
}

/** Several quantiles of an unsorted sample (NaN left out), in the order asked; nulls when no value is present. */
export function quantiles(values: ArrayLike<number>, qs: readonly number[]): (number | null)[] {
  return quantilesOf(sortSample(values), qs)
}

/** Several quantiles of a sorted sample, in the order asked. */
export function quantilesOf(sample: SortedSample, qs: readonly number[]): (number | null)[] {
  return qs.map((q) => quantileSorted(sample.values, q))
}

/** Median of an unsorted sample (NaN left out); null when no value is present. */
export function median(values: ArrayLike<number>): number | null {
  return medianSorted(sortSample(values).values)
}
