import { excessKurtosisOf, type Moments } from './moments.ts'
import { type Interval, insufficient, type Outcome } from './outcome.ts'
import { studentTQuantile } from './student-t-distribution.ts'

/**
 * As how many rows of a normal law so many rows with heavy tails tell the variance: 1 + 2 / (g₂ / n + 2 / (n − 1)), g₂ the
 * excess kurtosis, between 2 and n. Student's quantiles for them make up for deviations that few rows show too small.
 * Source: Satterthwaite, Biometrics Bulletin 2 (1946) 110, with the variance of a variance.
 */
export function rowsOfVariance(moments: Moments): number {
  const { n } = moments
  const excess = excessKurtosisOf(moments)
  if (n < 3 || excess === null || !(excess > 0)) return n
  return Math.max(2, Math.min(n, 1 + 2 / (excess / n + 2 / (n - 1))))
}

/**
 * Interval of a positive number on the scale of its logarithm: value · exp(± t · error / value), t Student's with n − 1
 * degrees of freedom.
 *
 * For means of losses and ratios of squares, whose estimates are skewed to the right: on a plain scale too many intervals end
 * below the truth. `insufficient`: `too-few` below two rows, `constant` when value or error is not above zero.
 */
export function logScaleInterval(
  value: number,
  error: number,
  n: number,
  confidence: number,
): Outcome<{ readonly interval: Interval }> {
  if (n < 2) return insufficient('too-few', n, 2)
  if (!(value > 0 && error > 0)) return insufficient('constant', n)
  const factor = Math.exp((studentTQuantile((1 + confidence) / 2, n - 1) * error) / value)
  return { status: 'ok', interval: { low: value / factor, high: value * factor, confidence } }
}

/**
 * Interval of a number in (0, 1) on the logit scale: never outside, and wider on the side where there is room.
 *
 * logit⁻¹(logit v ± t · error / (v (1 − v))). `insufficient` as {@link logScaleInterval}; also at 0 and 1, where the scale ends.
 */
export function logitScaleInterval(
  value: number,
  error: number,
  n: number,
  confidence: number,
): Outcome<{ readonly interval: Interval }> {
  if (n < 2) return insufficient('too-few', n, 2)
  if (!(value > 0 && value < 1 && error > 0)) return insufficient('constant', n)
  const logit = Math.log(value / (1 - value))
  const margin = (studentTQuantile((1 + confidence) / 2, n - 1) * error) / (value * (1 - value))
  const at = (z: number) => 1 / (1 + Math.exp(-z))
  return { status: 'ok', interval: { low: at(logit - margin), high: at(logit + margin), confidence } }
}
