import { checkConfidence, checkSameLength, type Interval, insufficient, type Outcome } from './outcome.ts'
import { studentTQuantile, studentTTwoSided } from './student-t-distribution.ts'

/** A straight line through points, with what its intervals need. */
export type LinearTrend = {
  readonly slope: number
  /** Value at x = `meanX`. */
  readonly level: number
  readonly slopeInterval: Interval
  /** Of the hypothesis that the slope is zero. */
  readonly slopePValue: number
  readonly n: number
  readonly missing: number
  readonly meanX: number
  /** Σ (x − meanX)². */
  readonly spreadX: number
  /** Standard deviation of the points about the line, divisor n − 2. */
  readonly residualDeviation: number
  /** Correlation of successive residuals. */
  readonly autocorrelation: number
  /** By how much the variance of the line is raised because successive points repeat each other; 1 for independent ones. */
  readonly inflation: number
  /** Degrees of freedom that remain after the same correction. */
  readonly degreesOfFreedom: number
  readonly confidence: number
}

/**
 * Least-squares line through points (x, y), x ascending (instants), with intervals that allow for autocorrelation.
 *
 * Points with NaN or an infinity are left out. Successive residuals with correlation r > 0 carry less than n values' worth:
 * variances are raised by (1 + r) / (1 − r) and the degrees of freedom cut alike, unless `independent` is set.
 * `insufficient`: `too-few` below 3 points (or as many after the cut), `constant` when x does not vary. O(n).
 * Source: Draper and Smith, Applied Regression Analysis (1998); for the correction Santer et al., J. Geophys. Res. 105
 * (2000) 7337.
 */
export function linearTrend(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { confidence = 0.95, independent = false }: { readonly confidence?: number; readonly independent?: boolean } = {},
): Outcome<LinearTrend> {
  checkConfidence(confidence)
  const rows = checkSameLength(x, y, 'x and y')
  let n = 0
  let meanX = 0
  let meanY = 0
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(x[i] - y[i])) continue
    n++
    meanX += (x[i] - meanX) / n
    meanY += (y[i] - meanY) / n
  }
  if (n < 3) return insufficient('too-few', n, 3)
  let spreadX = 0
  let product = 0
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(x[i] - y[i])) continue
    spreadX += (x[i] - meanX) ** 2
    product += (x[i] - meanX) * (y[i] - meanY)
  }
  if (!(spreadX > 0)) return insufficient('constant', n)
  const slope = product / spreadX
  let squares = 0
  let neighbours = 0
  let before: number | null = null
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(x[i] - y[i])) continue
    const residual = y[i] - meanY - slope * (x[i] - meanX)
    squares += residual * residual
    if (before !== null) neighbours += before * residual
    before = residual
  }
  const autocorrelation = squares > 0 ? neighbours / squares : 0
  const r = independent ? 0 : Math.min(0.99, Math.max(0, autocorrelation))
  const inflation = (1 + r) / (1 - r)
  const degreesOfFreedom = n / inflation - 2
  if (!(degreesOfFreedom >= 1)) return insufficient('too-few', n, Math.ceil(3 * inflation))
  const error = Math.sqrt(((squares / (n - 2)) * inflation) / spreadX)
  const margin = studentTQuantile((1 + confidence) / 2, degreesOfFreedom) * error
  return {
    status: 'ok',
    slope,
    level: meanY,
    slopeInterval: { low: slope - margin, high: slope + margin, confidence },
    slopePValue: error > 0 ? studentTTwoSided(slope / error, degreesOfFreedom) : slope === 0 ? 1 : 0,
    n,
    missing: rows - n,
    meanX,
    spreadX,
    residualDeviation: Math.sqrt(squares / (n - 2)),
    autocorrelation,
    inflation,
    degreesOfFreedom,
    confidence,
  }
}

/** The line at some x: its value, where the line itself lies, and where a single new point would. */
export type TrendPrediction = { readonly value: number; readonly line: Interval; readonly point: Interval }

/** Value of a fitted line at x with its confidence interval and its prediction interval, at the fit's confidence. */
export function predictTrend(trend: LinearTrend, x: number): TrendPrediction {
  const { confidence } = trend
  const value = trend.level + trend.slope * (x - trend.meanX)
  const t = studentTQuantile((1 + confidence) / 2, trend.degreesOfFreedom)
  const lineVariance = trend.inflation * (1 / trend.n + (x - trend.meanX) ** 2 / trend.spreadX)
  const line = t * trend.residualDeviation * Math.sqrt(lineVariance)
  const point = t * trend.residualDeviation * Math.sqrt(1 + lineVariance)
  return {
    value,
    line: { low: value - line, high: value + line, confidence },
    point: { low: value - point, high: value + point, confidence },
  }
}
