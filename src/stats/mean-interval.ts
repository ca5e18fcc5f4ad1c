import { computeMoments, type Moments } from './moments.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'
import { studentTQuantile } from './student-t-distribution.ts'

/** Student's interval for the mean of a sample; NaN and infinities are left out. O(n). */
export function meanInterval(values: ArrayLike<number>, confidence = 0.95): Outcome<Estimate> {
  return meanIntervalFromMoments(computeMoments(values), confidence)
}

/**
 * Student's interval for a mean, from moments: mean ± t · s / √n with n − 1 degrees of freedom.
 *
 * `insufficient`: `too-few` below two finite values, `constant` when all are equal, since the spread is then unknown.
 */
export function meanIntervalFromMoments({ n, mean, m2 }: Moments, confidence = 0.95): Outcome<Estimate> {
  checkConfidence(confidence)
  if (n < 2) return insufficient('too-few', n, 2)
  if (!(m2 > 0)) return insufficient('constant', n)
  const margin = studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(m2 / (n - 1) / n)
  return { status: 'ok', value: mean, interval: { low: mean - margin, high: mean + margin, confidence }, n }
}
