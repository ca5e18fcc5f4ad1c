import { quantileSorted } from './quantiles.ts'
import { lowerBound, type SortedSample, upperBound } from './sorted-sample.ts'

/**
 * Which bin a value equal to an edge belongs to: `right`-closed bins (a, b] put it below the edge, `left`-closed [a, b)
 * above. With right-closed bins a value that most of a sample shares still has a bin of its own.
 */
export type ClosedSide = 'left' | 'right'

/** Interior edges, ascending and distinct, and which side of a bin is closed; the outer bins are unbounded. */
export type Bins = { readonly edges: Float64Array; readonly closed: ClosedSide }

/** Counts per bin (edges + 1 of them), with missing values apart. */
export type Histogram = { readonly counts: Float64Array; readonly missing: number }

/**
 * Bins that hold about equally many reference values each: edges at the quantiles i/bins, equal edges merged.
 *
 * `right` (the default) takes the interior quantiles 1/bins … (bins−1)/bins, so that a value shared by most of the sample
 * gets a bin of its own. `left` takes the quantiles from 0 to 1 and drops the two outermost distinct ones: when 90 % of
 * the sample is one value it leaves a single bin, and is there for comparison only. An empty sample gives one bin.
 */
export function quantileBins(reference: SortedSample, bins = 10, closed: ClosedSide = 'right'): Bins {
  checkBins(bins)
  const edges: number[] = []
  const step = 1 / bins
  const from = closed === 'right' ? 1 : 0
  for (let i = from; i <= bins - from; i++) {
    const edge = quantileSorted(reference.values, Math.min(1, i * step))
    if (edge !== null && edge !== edges[edges.length - 1]) edges.push(edge)
  }
  return { edges: Float64Array.from(closed === 'right' ? edges : edges.slice(1, -1)), closed }
}

/** Bins of equal width between the finite bounds low < high; one bin when low = high. */
export function equalWidthBins(low: number, high: number, bins = 10, closed: ClosedSide = 'left'): Bins {
  checkBins(bins)
  if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
    throw new RangeError(`equal-width bins need finite bounds in order, got ${low} and ${high}`)
  }
  // The difference of two huge bounds may overflow; their tenths do not.
  const width = Number.isFinite(high - low) ? (high - low) / bins : high / bins - low / bins
  const edges = new Set<number>()
  for (let i = 1; i < bins && high > low; i++) edges.add(i * width + low)
  return { edges: Float64Array.from(edges), closed }
}

function checkBins(bins: number): void {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`the number of bins must be whole and >= 1, got ${bins}`)
}

/** Counts values into bins; NaN is missing, infinities fall into the outer bins. O(n log bins). */
export function countIntoBins(values: ArrayLike<number>, bins: Bins): Histogram {
  const { edges } = bins
  const counts = new Float64Array(edges.length + 1)
  const closedRight = bins.closed === 'right'
  let missing = 0
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    if (Number.isNaN(x)) {
      missing++
      continue
    }
    let low = 0
    let high = edges.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (closedRight ? edges[middle] < x : edges[middle] <= x) low = middle + 1
      else high = middle
    }
    counts[low]++
  }
  return { counts, missing }
}

/** Counts a sorted sample into bins by searching each edge: O(bins · log n). */
export function countSortedIntoBins(sample: SortedSample, { edges, closed }: Bins): Histogram {
  const counts = new Float64Array(edges.length + 1)
  const bound = closed === 'right' ? upperBound : lowerBound
  let before = 0
  for (let i = 0; i < edges.length; i++) {
    const below = bound(sample.values, edges[i])
    counts[i] = below - before
    before = below
  }
  counts[edges.length] = sample.values.length - before
  return { counts, missing: sample.missing }
}

/** Counts dictionary codes 0 … categories−1; any other code is missing. O(n). */
export function countCodes(codes: ArrayLike<number>, categories: number): Histogram {
  const counts = new Float64Array(categories)
  let missing = 0
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    if (code >= 0 && code < categories) counts[code]++
    else missing++
  }
  return { counts, missing }
}
