import type { DriftQuantile } from '../../contract/drift-detail.ts'
import type { NumericSummary } from '../../contract/profile.ts'
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
 * A quantile of a profile with bounds that hold for certain: the ends of the bins that hold the two order statistics about rank
 * q · (n − 1), the outer bins ending at the smallest and largest value. The value between is drawn as though a bin's values lay evenly.
 *
 * Since bin counts add up, any order of merging gives the same. Null without values or bins. O(bins).
 */
export function quantileOfSummary({ n, edges, counts, min, max }: NumericSummary, q: number): Bounded | null {
  if (n === 0 || min === null || max === null || edges.length === 0) return null
  const rank = q * (n - 1)
  const below = endsAround(Math.floor(rank))
  const above = endsAround(Math.ceil(rank))
  const value = below.at + (above.at - below.at) * (rank - Math.floor(rank))
  const [low, high] = [below.low, above.high]
  return { value: Math.min(high, Math.max(low, value)), low, high }

  /** Ends of the bin of the order statistic that has so many values before it, and its place when they lie evenly. */
  function endsAround(before: number) {
    let bin = 0
    let passed = 0
    while (bin < counts.length - 1 && passed + counts[bin] <= before) passed += counts[bin++]
    // No value lies outside the extremes, whatever the bins of the reference are.
    const inside = (x: number) => Math.min(max ?? x, Math.max(min ?? x, x))
    const low = inside(bin === 0 ? (min ?? 0) : edges[bin - 1])
    const high = inside(bin === edges.length ? (max ?? 0) : edges[bin])
    const part = counts[bin] === 0 ? 0.5 : (before - passed + 0.5) / counts[bin]
    return { low, high, at: low + (high - low) * part }
  }
}
