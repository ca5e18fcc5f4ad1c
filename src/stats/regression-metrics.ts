import { ratio } from './binary-metrics.ts'
import { computeMoments, type Moments } from './moments.ts'
import { checkSameLength } from './outcome.ts'
import { median } from './quantiles.ts'

/** Measures of a regression; null where n is too small or the formula divides by zero. */
export type RegressionMetrics = {
  readonly n: number
  /** Rows where the actual or the predicted value is NaN or infinite. */
  readonly missing: number
  readonly meanAbsoluteError: number | null
  readonly meanSquaredError: number | null
  readonly rootMeanSquaredError: number | null
  readonly medianAbsoluteError: number | null
  readonly maxError: number | null
  /** Mean of predicted − actual. */
  readonly meanError: number | null
  /** Standard deviation of predicted − actual, divisor n − 1. */
  readonly errorDeviation: number | null
  /** Mean of |error| / |actual| over rows whose actual value is not zero. */
  readonly meanAbsolutePercentageError: number | null
  /** Rows left out of it. */
  readonly zeroActuals: number
  /** Mean of 2|error| / (|actual| + |predicted|), in [0, 2]; 0 where both are zero. */
  readonly symmetricPercentageError: number | null
  /** Null when a value is −1 or less. */
  readonly rootMeanSquaredLogError: number | null
  /** 1 − SS_residual / SS_total; null when the actual values do not vary. */
  readonly r2: number | null
  /** 1 − variance of error / variance of actual; null when the actual values do not vary. */
  readonly explainedVariance: number | null
  /** Moments of predicted − actual, of its size and of its square, for intervals and for merging. */
  readonly error: Moments
  readonly absoluteError: Moments
  readonly squaredError: Moments
}

/**
 * All measures of predictions against actual values.
 *
 * Rows with NaN or an infinity on either side are missing. RangeError when lengths differ. O(n log n), for the median.
 */
export function regressionMetrics(actual: ArrayLike<number>, predicted: ArrayLike<number>): RegressionMetrics {
  const rows = checkSameLength(actual, predicted, 'actual and predicted values')
  const errors = new Float64Array(rows)
  const present = new Float64Array(rows)
  let n = 0
  let percentage = 0
  let zeroActuals = 0
  let symmetric = 0
  let logSquares = 0
  let hasLog = true
  for (let i = 0; i < rows; i++) {
    const y = actual[i]
    const p = predicted[i]
    const error = p - y
    if (!Number.isFinite(error)) continue
    present[n] = y
    errors[n++] = error
    const size = Math.abs(error)
    if (y === 0) zeroActuals++
    else percentage += size / Math.abs(y)
    if (size > 0) symmetric += (2 * size) / (Math.abs(y) + Math.abs(p))
    if (y > -1 && p > -1) logSquares += (Math.log1p(p) - Math.log1p(y)) ** 2
    else hasLog = false
  }
  const kept = errors.subarray(0, n)
  const error = computeMoments(kept)
  const absolute = kept.map(Math.abs)
  const absoluteError = computeMoments(absolute)
  const squaredError = computeMoments(kept.map((e) => e * e))
  const total = computeMoments(present.subarray(0, n)).m2
  const meanSquaredError = n === 0 ? null : squaredError.mean
  const leftOver = (sum: number): number | null => (total > 0 ? 1 - sum / total : null)
  return {
    n,
    missing: rows - n,
    meanAbsoluteError: n === 0 ? null : absoluteError.mean,
    meanSquaredError,
    rootMeanSquaredError: meanSquaredError === null ? null : Math.sqrt(meanSquaredError),
    medianAbsoluteError: median(absolute),
    maxError: absoluteError.max,
    meanError: n === 0 ? null : error.mean,
    errorDeviation: n < 2 ? null : Math.sqrt(error.m2 / (n - 1)),
    meanAbsolutePercentageError: ratio(percentage, n - zeroActuals),
    zeroActuals,
    symmetricPercentageError: ratio(symmetric, n),
    rootMeanSquaredLogError: hasLog && n > 0 ? Math.sqrt(logSquares / n) : null,
    r2: leftOver(squaredError.mean * n),
    explainedVariance: leftOver(error.m2),
    error,
    absoluteError,
    squaredError,
  }
}

/**
 * Mean pinball loss of predicted `q` quantiles: q · (y − p) where the value lies above, (1 − q) · (p − y) below.
 *
 * Rows with NaN or an infinity are left out; null when none remains. RangeError unless 0 < q < 1. O(n).
 */
export function pinballLoss(actual: ArrayLike<number>, predicted: ArrayLike<number>, q: number): number | null {
  if (!(q > 0 && q < 1)) throw new RangeError(`a quantile loss needs q in (0, 1), got ${q}`)
  const rows = checkSameLength(actual, predicted, 'actual and predicted values')
  let sum = 0
  let n = 0
  for (let i = 0; i < rows; i++) {
    const gap = actual[i] - predicted[i]
    if (!Number.isFinite(gap)) continue
    sum += gap >= 0 ? q * gap : (q - 1) * gap
    n++
  }
  return ratio(sum, n)
}
