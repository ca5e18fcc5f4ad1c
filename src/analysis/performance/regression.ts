import type { Estimate } from '../../contract/primitives.ts'
import { meanIntervalFromMoments } from '../../stats/mean-interval.ts'
import type { Moments } from '../../stats/moments.ts'
import { regressionMetrics } from '../../stats/regression-metrics.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import { intervalEstimate, noEstimate, plainEstimate } from '../estimates.ts'
import { quantileEstimate } from '../quantile-estimate.ts'
import { resampled } from './binary.ts'
import { type ResampleOptions, resampleSums } from './resample.ts'

/**
 * Measures of numeric predictions: `mae`, `bias` (mean of predicted − actual) with Student's intervals of the mean, `rmse` as the
 * root of that of the squares, `medianAbsoluteError` with the interval between order statistics, `r2`, `explainedVariance` and
 * `mape` with a bootstrap, `maxError` as it is. Rows with a missing or infinite number on either side are left out.
 * O(n log n + resamples).
 */
export function regressionEstimates(
  actual: Float64Array,
  predicted: Float64Array,
  options: ResampleOptions,
): Record<string, Estimate> {
  const metrics = regressionMetrics(actual, predicted)
  const { n } = metrics
  const { confidence } = options
  const mean = (moments: Moments) => meanIntervalFromMoments(moments, confidence)
  const withInterval = (value: number | null, moments: Moments, transform = (x: number) => x) => {
    const student = mean(moments)
    if (value === null) return noEstimate(n, 'no labelled sample')
    if (student.status !== 'ok') return plainEstimate(value, n)
    return intervalEstimate(value, n, {
      low: transform(student.interval.low),
      high: transform(student.interval.high),
    })
  }
  const positive = (x: number) => Math.max(0, x)
  const { r2, explainedVariance, meanAbsolutePercentageError: mape } = metrics
  const bounds = shareBounds(actual, predicted, options)
  const varies = 'the labels do not vary'
  const absolute = new Float64Array(n)
  let at = 0
  for (let row = 0; row < actual.length; row++) {
    const error = predicted[row] - actual[row]
    if (Number.isFinite(error)) absolute[at++] = Math.abs(error)
  }
  return {
    mae: withInterval(metrics.meanAbsoluteError, metrics.absoluteError, positive),
    rmse: withInterval(metrics.rootMeanSquaredError, metrics.squaredError, (x) => Math.sqrt(positive(x))),
    r2: resampled(r2, n, bounds[0], n < 2 ? 'too few labelled samples' : varies),
    bias: withInterval(metrics.meanError, metrics.error),
    medianAbsoluteError: quantileEstimate(sortSample(absolute).values, 0.5, confidence),
    explainedVariance: resampled(explainedVariance, n, bounds[1], n < 2 ? 'too few labelled samples' : varies),
    mape: resampled(mape, n - metrics.zeroActuals, bounds[2], 'no label differs from zero'),
    maxError: plainEstimate(metrics.maxError, n, n === 0 ? 'no labelled sample' : undefined),
  }
}

/** Bootstrap of R², explained variance and mean absolute percentage error from seven sums over rows. */
function shareBounds(actual: Float64Array, predicted: Float64Array, options: ResampleOptions) {
  const rows = new Uint32Array(actual.length)
  let n = 0
  let origin = 0
  for (let row = 0; row < actual.length; row++) {
    if (!Number.isFinite(predicted[row] - actual[row])) continue
    rows[n++] = row
    origin += (actual[row] - origin) / n
  }
  const addRow = (i: number, into: Float64Array, at: number) => {
    // About the mean label, so that the variance does not cancel.
    const label = actual[rows[i]] - origin
    const error = predicted[rows[i]] - actual[rows[i]]
    into[at] += 1
    into[at + 1] += label
    into[at + 2] += label * label
    into[at + 3] += error
    into[at + 4] += error * error
    if (actual[rows[i]] !== 0) {
      into[at + 5] += 1
      into[at + 6] += Math.abs(error / actual[rows[i]])
    }
  }
  const compute = ([count, label, labelSquares, error, errorSquares, nonZero, percentage]: Float64Array) => {
    const total = labelSquares - (label * label) / count
    const isVarying = count > 1 && total > 0
    return [
      isVarying ? 1 - errorSquares / total : null,
      isVarying ? 1 - (errorSquares - (error * error) / count) / total : null,
      nonZero > 0 ? percentage / nonZero : null,
    ]
  }
  return resampleSums(n, 7, addRow, 3, compute, options)
}
