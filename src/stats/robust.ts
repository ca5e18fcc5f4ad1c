import { lowerBound, sortSample } from './sorted-sample.ts'

/** Makes the median absolute deviation of normal values equal to their standard deviation. */
export const MAD_TO_SIGMA = 1.4826022185056018

/** Median and median absolute deviation (not scaled); null when there is no finite value. */
export type RobustCentre = { readonly median: number; readonly mad: number; readonly n: number }

/**
 * Median and median absolute deviation of a sample: a centre and a spread that half of the values cannot move.
 *
 * NaN is left out. Null for an empty sample or when either is infinite. O(n log n).
 */
export function robustCentre(values: ArrayLike<number>): RobustCentre | null {
  const { values: sorted } = sortSample(values)
  const n = sorted.length
  if (n === 0) return null
  const median = middleOf(sorted, n)
  const mad = deviationOf(sorted, n, median)
  return Number.isFinite(median) && Number.isFinite(mad) ? { median, mad, n } : null
}

export type HampelOptions = {
  /** Values in a window; 11 when not given. */
  readonly window?: number
  /** `trailing` (the default) sees the value and those before it only; `centred` looks ahead as well. */
  readonly side?: 'trailing' | 'centred'
  /** Outlier from this many robust standard deviations on; 3 when not given. */
  readonly threshold?: number
  /** Floor of the robust standard deviation, for example a sensor's step; keeps a flat stretch from flagging noise. */
  readonly minDeviation?: number
}

export type HampelOutliers = {
  /** Per value its distance from the window's median in robust standard deviations; 0 where missing. */
  readonly scores: Float64Array
  /** Indices of outliers, ascending. */
  readonly outliers: Uint32Array
  readonly missing: number
}

/**
 * Hampel's filter: marks values far from the median of their window, in units of 1.4826 · MAD.
 *
 * In a window whose MAD is zero and without `minDeviation`, any other value scores infinity; an equal one 0. NaN is missing
 * and takes no part; infinities are outliers. Fewer than 3 values in a window give no score. O(n · window).
 * Source: Hampel, JASA 69 (1974) 383; Pearson, IEEE Trans. Control Syst. Technol. 10 (2002) 55.
 */
export function hampelOutliers(
  values: ArrayLike<number>,
  { window = 11, side = 'trailing', threshold = 3, minDeviation = 0 }: HampelOptions = {},
): HampelOutliers {
  if (!Number.isInteger(window) || window < 3) throw new RangeError(`a window holds at least 3 values, got ${window}`)
  const n = values.length
  const ahead = side === 'centred' ? Math.floor((window - 1) / 2) : 0
  const behind = window - 1 - ahead
  const sorted = new Float64Array(window)
  const scores = new Float64Array(n)
  const outliers: number[] = []
  let size = 0
  let missing = 0
  for (let i = 0; i < Math.min(ahead, n); i++) size = insert(sorted, size, values[i])
  for (let i = 0; i < n; i++) {
    if (i > behind) size = remove(sorted, size, values[i - behind - 1])
    if (i + ahead < n) size = insert(sorted, size, values[i + ahead])
    const x = values[i]
    if (Number.isNaN(x)) {
      missing++
      continue
    }
    if (size < 3) continue
    const median = middleOf(sorted, size)
    const gap = x === median ? 0 : Math.abs(x - median)
    const deviation = Math.max(minDeviation, MAD_TO_SIGMA * deviationOf(sorted, size, median))
    scores[i] = gap === 0 ? 0 : Number.isFinite(gap / deviation) ? gap / deviation : Number.POSITIVE_INFINITY
    if (scores[i] >= threshold) outliers.push(i)
  }
  return { scores, outliers: Uint32Array.from(outliers), missing }
}

function insert(sorted: Float64Array, size: number, x: number): number {
  if (Number.isNaN(x)) return size
  const at = lowerBound(sorted.subarray(0, size), x)
  sorted.copyWithin(at + 1, at, size)
  sorted[at] = x
  return size + 1
}

function remove(sorted: Float64Array, size: number, x: number): number {
  if (Number.isNaN(x)) return size
  const at = lowerBound(sorted.subarray(0, size), x)
  sorted.copyWithin(at, at + 1, size)
  return size - 1
}

function middleOf(sorted: Float64Array, size: number): number {
  const low = sorted[(size - 1) >>> 1]
  const high = sorted[size >>> 1]
  // Adding zero turns −0 into 0.
  return low === high ? low + 0 : low / 2 + high / 2 + 0
}

/** Median of |x − median| over ascending values, by walking outwards from the median. */
function deviationOf(sorted: Float64Array, size: number, median: number): number {
  let left = lowerBound(sorted.subarray(0, size), median) - 1
  let right = left + 1
  let last = 0
  let before = 0
  for (let taken = 0; taken <= size >>> 1; taken++) {
    const down = left >= 0 ? distance(median, sorted[left]) : Number.POSITIVE_INFINITY
    const up = right < size ? distance(sorted[right], median) : Number.POSITIVE_INFINITY
    before = last
    last = Math.min(down, up)
    if (right >= size || (left >= 0 && down <= up)) left--
    else right++
  }
  return size % 2 === 1 || before === last ? last : before / 2 + last / 2
}

function distance(a: number, b: number): number {
  return a === b ? 0 : a - b
}
