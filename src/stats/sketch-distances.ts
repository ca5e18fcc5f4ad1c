import { atLevel, canMerge, endsOf, type QuantileSketch } from './quantile-sketch.ts'

export interface BoundedDistance {
  readonly value: number
  /** The distance of the values themselves lies between these for certain. */
  readonly low: number
  readonly high: number
}

/**
 * Kolmogorov–Smirnov and Wasserstein-1 distance of two samples from their sketches, with certain bounds; null where one is empty or
 * they count in other buckets.
 *
 * The distribution functions F and G are known at the ends of buckets. Within one, F runs from F₀ to F₁ and G from G₀ to G₁, so
 * |F − G| is at most max(F₁ − G₀, G₁ − F₀) and at least max(0, F₀ − G₁, G₀ − F₁): KS lies between the largest gap at an end and
 * the largest that a bucket allows; Wasserstein, ∫ |F − G| dx, between the integrals of both, over buckets cut to [min, max] of all
 * values; between buckets the gap is known. The value of KS is its lower bound, that of Wasserstein takes |F − G| as straight within
 * a bucket. Wasserstein is null where values are so huge that it is not finite. O(buckets).
 */
export function distancesOfSketches(
  reference: QuantileSketch,
  current: QuantileSketch,
  { min, max }: { readonly min: number; readonly max: number },
): { readonly ks: BoundedDistance; readonly wasserstein: BoundedDistance | null } | null {
  const [n, m] = [total(reference), total(current)]
  if (n === 0 || m === 0 || !canMerge(reference, current)) return null
  const level = Math.max(reference.level, current.level)
  const [a, b] = [atLevel(reference, level), atLevel(current, level)]
  const inside = (x: number) => Math.min(max, Math.max(min, x))
  const ks = { low: 0, high: 0 }
  const area = { value: 0, low: 0, high: 0 }
  let [i, j, below, belowNow, passed] = [0, 0, 0, 0, min]
  while (i < a.indexes.length || j < b.indexes.length) {
    const index = Math.min(a.indexes[i] ?? Number.POSITIVE_INFINITY, b.indexes[j] ?? Number.POSITIVE_INFINITY)
    const [f0, g0] = [below / n, belowNow / m]
    if (a.indexes[i] === index) below += a.counts[i++]
    if (b.indexes[j] === index) belowNow += b.counts[j++]
    const [f1, g1] = [below / n, belowNow / m]
    const [start, end] = endsOf(a, index).map(inside)
    const [gap, gapAfter] = [Math.abs(f0 - g0), Math.abs(f1 - g1)]
    const least = Math.max(0, f0 - g1, g0 - f1)
    const most = Math.max(f1 - g0, g1 - f0)
    ks.low = Math.max(ks.low, gapAfter)
    ks.high = Math.max(ks.high, most)
    // Ends are put a hair apart, for rounding: what they overlap by belongs to the bucket.
    const between = Math.max(0, start - passed) * gap
    const width = end - Math.max(passed, start)
    area.low += between + width * least
    area.high += between + width * most
    area.value += between + (width * (gap + gapAfter)) / 2
    passed = end
  }
  // What rounding of sums and ends may cost.
  const slack = 1e-9 * area.high
  const isTold = Number.isFinite(area.high + slack)
  return {
    ks: { value: ks.low, ...ks },
    wasserstein: isTold
      ? {
          low: Math.max(0, area.low - slack),
          high: area.high + slack,
          value: Math.min(area.high, Math.max(area.low, area.value)),
        }
      : null,
  }
}

const total = ({ counts }: QuantileSketch): number => counts.reduce((sum, count) => sum + count, 0)
