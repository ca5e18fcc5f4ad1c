import { computeMoments, standardDeviationOf } from './moments.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { finitePart, type SortedSample, sortSample } from './sorted-sample.ts'
import { type TwoSampleWalk, walkTogether } from './two-sample-walk.ts'

export type Wasserstein = {
  /** Mean distance that mass must travel, in the units of the data. */
  readonly distance: number
  /** The distance divided by the reference's standard deviation (divisor n); null when the reference is constant. */
  readonly normed: number | null
  readonly n: PerSample
  readonly missing: PerSample
  readonly infinite: PerSample
}

/** First Wasserstein distance between unsorted samples; see {@link wassersteinSorted}. O(n log n). */
export function wasserstein(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<Wasserstein> {
  return wassersteinSorted(sortSample(reference), sortSample(current))
}

/**
 * First Wasserstein (earth mover's) distance ∫ |F_reference − F_current| dx between two sorted samples.
 *
 * NaN and infinite values are left out and counted. `normed` is null for a constant reference: there is no scale to
 * measure by. `insufficient` when a sample has no finite value. O(n). `referenceDeviation`, and the `walk` along
 * the finite values, may be given when known.
 */
export function wassersteinSorted(
  reference: SortedSample,
  current: SortedSample,
  referenceDeviation?: number,
  walk?: TwoSampleWalk,
): Outcome<Wasserstein> {
  const { values: a, infinite: infiniteA } = finitePart(reference)
  const { values: b, infinite: infiniteB } = finitePart(current)
  const n = a.length
  const m = b.length
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  const { area } = walk ?? walkTogether(a, b)
  const distance = area / n / m
  const deviation = referenceDeviation ?? standardDeviationOf(computeMoments(a), 0) ?? 0
  return {
    status: 'ok',
    distance,
    normed: deviation > 0 ? distance / deviation : null,
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
    infinite: { reference: infiniteA, current: infiniteB },
  }
}
