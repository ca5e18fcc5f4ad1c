import { chiSquareSf } from './chi-square-distribution.ts'
import { checkSameLength, insufficient, type Outcome } from './outcome.ts'

export type GoodnessOfFit = {
  /** Infinite where something was observed that is expected never. */
  readonly statistic: number
  readonly pValue: number
  readonly degreesOfFreedom: number
  readonly minExpected: number
  readonly n: number
}

/**
 * Pearson's chi-square test that counts were drawn from known shares: Σ (observed − expected)² / expected.
 *
 * `weights` are the shares up to a factor; they are taken as certain. Where they are themselves counts of a sample this test
 * rejects too often, by up to a factor 1 + n/n_weights in the statistic: two samples are compared by `chiSquareTest`. Cells with
 * neither weight nor count are left out. `insufficient`: `too-few` without a count or a weight, `one-class` when only one
 * cell remains. RangeError when lengths differ. O(k).
 */
export function goodnessOfFit(observed: ArrayLike<number>, weights: ArrayLike<number>): Outcome<GoodnessOfFit> {
  const k = checkSameLength(observed, weights, 'counts and weights')
  let n = 0
  let total = 0
  let cells = 0
  for (let i = 0; i < k; i++) {
    n += observed[i]
    total += weights[i]
    if (observed[i] > 0 || weights[i] > 0) cells++
  }
  if (!(n > 0) || !(total > 0)) return insufficient('too-few', 0, 1)
  if (cells < 2) return insufficient('one-class', n)
  let statistic = 0
  let minExpected = Number.POSITIVE_INFINITY
  for (let i = 0; i < k; i++) {
    if (!(observed[i] > 0 || weights[i] > 0)) continue
    const expected = weights[i] * (n / total)
    minExpected = Math.min(minExpected, expected)
    statistic += (observed[i] - expected) ** 2 / expected
  }
  const pValue = Number.isFinite(statistic) ? chiSquareSf(statistic, cells - 1) : 0
  return { status: 'ok', statistic, pValue, degreesOfFreedom: cells - 1, minExpected, n }
}
