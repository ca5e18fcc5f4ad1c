import type { DriftQuantile } from '../../contract/drift-detail.ts'
import type { NumericSummary } from '../../contract/profile.ts'
import { orderStatisticBounds } from '../../stats/quantile-sketch.ts'
import { quantileSorted } from '../../stats/quantiles.ts'

/** Quantiles that are told of each column. */
export const toldQuantiles = [0.05, 0.25, 0.5, 0.75, 0.95]

type Bounded = DriftQuantile['reference']

/** A quantile of the values themselves: both bounds are the value. O(1) on sorted values, of which there must be some. */
export function quantileOfValues(sorted: Float64Array, q: number): Bounded {
  const value = quantileSorted(sorted, q) ?? 0
  return { value, low: value, high: value }
}

/**
 * A quantile of a profile with bounds that hold for certain.
 *
 * The order statistics about rank q · (n − 1) lie between the ends of their bins (the outer ones end at the smallest and largest
 * value) and between those of their buckets in the sketch, where there is one; interpolated as the quantile itself, the ends bound
 * it. The value is drawn as though a bin's values lay evenly, and put between the bounds: it is off by no more than the farther one.
 *
 * Since counts of bins and buckets add up, any order of merging gives the same. Null without values, or with neither. O(bins + buckets).
 */
export function quantileOfSummary(summary: NumericSummary, q: number): Bounded | null {
  const { n, edges, min, max, sketch } = summary
  if (n === 0 || min === null || max === null || (edges.length === 0 && sketch === undefined)) return null
  const rank = q * (n - 1)
  const part = rank - Math.floor(rank)
  const below = orderStatistic(summary, Math.floor(rank), min, max)
  const above = part === 0 ? below : orderStatistic(summary, Math.ceil(rank), min, max)
  // From the nearer end of each gap, so that nothing overflows and equal ends give themselves.
  const between = (from: number, to: number) => (from === to ? from : from * (1 - part) + to * part)
  const [low, high] = [between(below.low, above.low), between(below.high, above.high)]
  return { value: Math.min(high, Math.max(low, between(below.at, above.at))), low, high }
}

/** Ends about the order statistic that has so many values before it, and its place when the values of a bin lie evenly. */
function orderStatistic({ edges, counts, sketch }: NumericSummary, before: number, min: number, max: number) {
  let bin = 0
  let passed = 0
  while (bin < counts.length - 1 && passed + counts[bin] <= before) passed += counts[bin++]
  // No value lies outside the extremes, whatever the bins of the reference are.
  const inside = (x: number) => Math.min(max, Math.max(min, x))
  const ends = [inside(bin === 0 ? min : edges[bin - 1]), inside(bin === edges.length ? max : edges[bin])]
  const part = counts[bin] === 0 ? 0.5 : (before - passed + 0.5) / counts[bin]
  const bucket = (sketch && orderStatisticBounds(sketch, before)) ?? [min, max]
  const low = Math.max(ends[0], inside(bucket[0]))
  const high = Math.min(ends[1], inside(bucket[1]))
  const drawn = ends[0] * (1 - part) + ends[1] * part
  return { low, high, at: Math.min(high, Math.max(low, drawn)) }
}
