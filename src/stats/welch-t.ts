import { computeMoments, type Moments } from './moments.ts'
import { checkConfidence, type Interval, insufficient, type Outcome, type PerSample } from './outcome.ts'
import { studentTQuantile, studentTTwoSided } from './student-t-distribution.ts'

export type WelchT = {
  /** t of (current mean − reference mean). */
  readonly statistic: number
  readonly pValue: number
  /** Welch and Satterthwaite's, not whole. */
  readonly degreesOfFreedom: number
  /** Current mean − reference mean, in the units of the data, with its interval. */
  readonly difference: number
  readonly interval: Interval
  readonly n: PerSample
}

/** Two-sided Welch test on samples; see {@link welchTFromMoments}. NaN and infinities are left out. O(n). */
export function welchT(reference: ArrayLike<number>, current: ArrayLike<number>, confidence = 0.95): Outcome<WelchT> {
  return welchTFromMoments(computeMoments(reference), computeMoments(current), confidence)
}

/**
 * Two-sided Welch t-test that two populations have the same mean, whatever their variances.
 *
 * t = (m₂ − m₁) / √(s₁²/n₁ + s₂²/n₂). `insufficient`: `too-few` when a sample has fewer than two finite values, `constant`
 * when neither varies, `undefined` where values are so large or small that their squares are not numbers. Constant time.
 */
export function welchTFromMoments(reference: Moments, current: Moments, confidence = 0.95): Outcome<WelchT> {
  checkConfidence(confidence)
  const smaller = Math.min(reference.n, current.n)
  if (smaller < 2) return insufficient('too-few', smaller, 2)
  const a = reference.m2 / (reference.n - 1) / reference.n
  const b = current.m2 / (current.n - 1) / current.n
  if (!(a + b > 0)) return insufficient('constant', smaller)
  const degreesOfFreedom = (a + b) ** 2 / ((a * a) / (reference.n - 1) + (b * b) / (current.n - 1))
  const difference = current.mean - reference.mean
  // Squares of values near the ends of a double's range are infinite or zero.
  if (!(degreesOfFreedom > 0 && Number.isFinite(degreesOfFreedom) && Number.isFinite(difference)))
    return insufficient('undefined', smaller)
  const error = Math.sqrt(a + b)
  const margin = error * studentTQuantile((1 + confidence) / 2, degreesOfFreedom)
  return {
    status: 'ok',
    statistic: difference / error,
    pValue: studentTTwoSided(difference / error, degreesOfFreedom),
    degreesOfFreedom,
    difference,
    interval: { low: difference - margin, high: difference + margin, confidence },
    n: { reference: reference.n, current: current.n },
  }
}
