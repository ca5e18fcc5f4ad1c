import { normalSf } from './normal-distribution.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'

export type TwoProportionZ = {
  /** z of (current share − reference share), pooled variance. */
  readonly statistic: number
  readonly pValue: number
  /** Current share − reference share. */
  readonly difference: number
  readonly n: PerSample
}

/**
 * Two-sided z-test that two proportions are equal, with pooled variance and no continuity correction.
 *
 * Arguments are hits and totals (0 <= hits <= n, RangeError otherwise). The square of z is Pearson's chi-square of the
 * table. `insufficient`: `too-few` when a sample is empty, `one-class` when both shares are 0 or both 1.
 */
export function twoProportionZ(
  referenceHits: number,
  referenceN: number,
  currentHits: number,
  currentN: number,
): Outcome<TwoProportionZ> {
  for (const [hits, n] of [
    [referenceHits, referenceN],
    [currentHits, currentN],
  ]) {
    if (!(hits >= 0 && hits <= n)) throw new RangeError(`hits must lie between 0 and n, got ${hits} of ${n}`)
  }
  if (referenceN === 0 || currentN === 0) return insufficient('too-few', 0, 1)
  const pooled = (referenceHits + currentHits) / (referenceN + currentN)
  if (pooled === 0 || pooled === 1) return insufficient('one-class', Math.min(referenceN, currentN))
  const difference = currentHits / currentN - referenceHits / referenceN
  const statistic = difference / Math.sqrt(pooled * (1 - pooled) * (1 / referenceN + 1 / currentN))
  return {
    status: 'ok',
    statistic,
    pValue: Math.min(1, 2 * normalSf(Math.abs(statistic))),
    difference,
    n: { reference: referenceN, current: currentN },
  }
}
