import type { Estimate } from '../../contract/primitives.ts'
import { meanIntervalFromMoments } from '../../stats/mean-interval.ts'
import { computeMoments, type Moments } from '../../stats/moments.ts'
import { regressionMetrics } from '../../stats/regression-metrics.ts'
import { logScaleInterval, rowsOfVariance } from '../../stats/scale-interval.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import { estimateOf, intervalEstimate, noEstimate, plainEstimate } from '../estimates.ts'
import { quantileEstimate } from '../quantile-estimate.ts'
import { sayNumber } from '../wording.ts'
import type { ResampleOptions } from './resample.ts'

const deviation = ({ n, m2 }: Moments): number => Math.sqrt(m2 / Math.max(1, n - 1))

/** A mean of losses, none negative, with its interval on the logarithm's scale and Student's quantiles for
 * {@link rowsOfVariance}; `transform` is applied to value and bounds. */
export function lossEstimate(
  losses: Moments,
  confidence: number,
  note: string,
  transform = (x: number) => x,
): Estimate {
  const { n, mean } = losses
  if (n === 0) return noEstimate(0, note)
  const bounds = logScaleInterval(mean, deviation(losses) / Math.sqrt(n), rowsOfVariance(losses), confidence)
  if (bounds.status !== 'ok') return plainEstimate(transform(mean), n)
  const { low, high } = bounds.interval
  return intervalEstimate(transform(mean), n, { low: transform(low), high: transform(high) })
}

/**
 * Measures of numeric predictions: `mae`, `rmse`, `mape` and `smape` (in [0, 2]) with intervals of the mean loss on the
 * logarithm's scale, `bias` (mean of predicted − actual) with Student's, `medianAbsoluteError` with the interval between order
 * statistics, `r2` and `explainedVariance` with the linearised ratio of squares on the logarithm's scale, `maxError` without one
 * (the largest error to come has no bound that rows can show), but with the share of errors that it bounds.
 * Rows with a missing or infinite number on either side are left out. O(n log n).
 */
export function regressionEstimates(
  actual: Float64Array,
  predicted: Float64Array,
  { confidence }: Pick<ResampleOptions, 'confidence'>,
): Record<string, Estimate> {
  const metrics = regressionMetrics(actual, predicted)
  const { n, error } = metrics
  const rows = new Uint32Array(n)
  const absolute = new Float64Array(n)
  const labels = new Float64Array(n)
  const relative: number[] = []
  const symmetric = new Float64Array(n)
  let at = 0
  for (let row = 0; row < actual.length; row++) {
    const size = Math.abs(predicted[row] - actual[row])
    if (!Number.isFinite(size)) continue
    rows[at] = row
    absolute[at] = size
    labels[at] = actual[row]
    symmetric[at] = size > 0 ? (2 * size) / (Math.abs(actual[row]) + Math.abs(predicted[row])) : 0
    if (actual[row] !== 0) relative.push(size / Math.abs(actual[row]))
    at++
  }
  const none = 'no labelled sample'
  const losses = (moments: Moments, transform?: (x: number) => number, note = none) =>
    lossEstimate(moments, confidence, note, transform)
  const centre = computeMoments(labels)
  const ratio = (value: number | null, errorOf: (row: number) => number, residual: number) =>
    ratioOfSquares(value, n, centre.m2, residual, confidence, (i) => [
      errorOf(rows[i]) ** 2,
      (labels[i] - centre.mean) ** 2,
    ])
  return {
    mae: losses(metrics.absoluteError),
    rmse: losses(metrics.squaredError, Math.sqrt),
    r2: ratio(metrics.r2, (row) => predicted[row] - actual[row], metrics.squaredError.mean * n),
    bias:
      n === 0
        ? noEstimate(0, none)
        : n < 2 || !(error.m2 > 0)
          ? plainEstimate(metrics.meanError, n)
          : estimateOf(meanIntervalFromMoments(error, confidence), n),
    medianAbsoluteError: quantileEstimate(sortSample(absolute).values, 0.5, confidence),
    explainedVariance: ratio(metrics.explainedVariance, (row) => predicted[row] - actual[row] - error.mean, error.m2),
    mape: losses(computeMoments(relative), undefined, 'no label differs from zero'),
    smape: losses(computeMoments(symmetric)),
    maxError: plainEstimate(metrics.maxError, n, n === 0 ? none : largestNote(n, confidence)),
  }
}

/** What the largest of n errors says of those to come: with P(all n below the quantile q) = q^n. Source: Wilks, Annals of Mathematical Statistics 12 (1941) 91. */
const largestNote = (n: number, confidence: number): string =>
  `the largest error seen has no interval; with ${sayNumber(confidence * 100)} % confidence at least ${sayNumber(Math.floor(1000 * (1 - confidence) ** (1 / n)) / 10)} % of errors do not exceed it`

/**
 * 1 − Σ a / Σ b of squares a (what is left) and b (what there was), with the interval of the ratio ρ on the logarithm's scale.
 * Its error is that of the mean of (a − ρ b) / mean b, the ratio linearised. O(n).
 */
function ratioOfSquares(
  value: number | null,
  n: number,
  total: number,
  residual: number,
  confidence: number,
  squaresOf: (i: number) => readonly [number, number],
): Estimate {
  if (value === null) return noEstimate(n, n < 2 ? 'too few labelled samples' : 'the labels do not vary')
  const rho = residual / total
  const moved = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const [a, b] = squaresOf(i)
    moved[i] = ((a - rho * b) * n) / total
  }
  const moments = computeMoments(moved)
  const bounds = logScaleInterval(rho, deviation(moments) / Math.sqrt(n), rowsOfVariance(moments), confidence)
  if (bounds.status !== 'ok') return plainEstimate(value, n)
  return intervalEstimate(value, n, { low: 1 - bounds.interval.high, high: 1 - bounds.interval.low })
}
