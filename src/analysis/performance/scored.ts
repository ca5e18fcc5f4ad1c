import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import { averagePrecision } from '../../stats/average-precision.ts'
import { brierScore } from '../../stats/brier.ts'
import { scoreCalibration } from '../../stats/calibration-error.ts'
import { logLoss } from '../../stats/log-loss.ts'
import { meanInterval } from '../../stats/mean-interval.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { type ScoredClasses, splitScores } from '../../stats/scored-classes.ts'
import { upperBound } from '../../stats/sorted-sample.ts'
import { estimateOf, intervalEstimate, noEstimate, plainEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { type ResampleOptions, resampleCounts } from './resample.ts'

type Calibration = DetailOf<'performance'>['calibration']

const smallest = 2 ** -52

/**
 * Measures of the positive class's score: `rocAuc` (DeLong's interval), `prAuc` (average precision, bootstrap), and where
 * scores are probabilities `logLoss` (nats), `brier` (Student's intervals of the mean loss) and `calibrationError` (expected,
 * over bins of equal width, without interval: it is biased upwards).
 *
 * `labels` are 1, 0, or anything else for missing; a NaN score is missing too. O(n log n).
 */
export function scoreMetrics(
  scores: Float64Array,
  labels: ArrayLike<number>,
  parameters: ParametersOf<'performance'>,
  options: ResampleOptions,
): { metrics: Record<string, Estimate>; calibration: Calibration } {
  const { confidence } = parameters
  const scored = splitScores(scores, labels)
  const n = scored.positive.length + scored.negative.length
  const metrics: Record<string, Estimate> = {
    rocAuc: estimateOf(rocAuc(scored, confidence), n),
    prAuc: precisionArea(scored, options),
  }
  if (n === 0) return { metrics, calibration: [] }
  if (!areProbabilities(scored)) {
    const note = 'the scores are not probabilities'
    for (const name of ['logLoss', 'brier', 'calibrationError']) metrics[name] = noEstimate(n, note)
    return { metrics, calibration: [] }
  }
  const mean = (value: number | null, losses: Float64Array) => {
    const student = meanInterval(losses, confidence)
    return student.status === 'ok' ? intervalEstimate(value, n, student.interval) : plainEstimate(value, n)
  }
  metrics.logLoss = mean(
    logLoss(scores, labels).value,
    losses(scores, labels, n, (p) => -Math.log(Math.min(Math.max(p, smallest), 1 - smallest))),
  )
  metrics.brier = mean(
    brierScore(scores, labels).value,
    losses(scores, labels, n, (p) => (1 - p) ** 2),
  )
  const calibration = scoreCalibration(scores, labels, parameters.calibrationBins)
  metrics.calibrationError = plainEstimate(calibration.expectedError, n)
  return {
    metrics,
    calibration: calibration.bins.flatMap(({ low, high, n: count, meanScore, hitRate }) =>
      meanScore === null || hitRate === null ? [] : [{ from: low, to: high, n: count, meanScore, observed: hitRate }],
    ),
  }
}

function areProbabilities({ positive, negative }: ScoredClasses): boolean {
  return [positive, negative].every((side) => side.length === 0 || (side[0] >= 0 && side[side.length - 1] <= 1))
}

/** Loss of each usable row from the probability given to its true class. */
function losses(
  scores: Float64Array,
  labels: ArrayLike<number>,
  n: number,
  lossOf: (probabilityOfTruth: number) => number,
): Float64Array {
  const result = new Float64Array(n)
  let at = 0
  for (let row = 0; row < scores.length; row++) {
    const label = labels[row]
    if (Number.isNaN(scores[row]) || (label !== 0 && label !== 1)) continue
    result[at++] = lossOf(label === 1 ? scores[row] : 1 - scores[row])
  }
  return result
}

/** Steps of the score at which the bootstrap of the precision–recall area counts. */
const maxSteps = 200

/**
 * Average precision with a bootstrap of the counts between at most 200 score quantiles, moved by what the coarser steps change
 * in the value itself.
 */
function precisionArea(scored: ScoredClasses, options: ResampleOptions): Estimate {
  const value = averagePrecision(scored)
  const n = scored.positive.length + scored.negative.length
  if (value === null) return noEstimate(n, 'no positive label')
  const { counts, steps } = countSteps(scored)
  const areaOf = (cells: Float64Array): number | null => {
    let hits = 0
    let taken = 0
    let area = 0
    for (let s = steps - 1; s >= 0; s--) {
      hits += cells[s]
      taken += cells[s] + cells[steps + s]
      if (cells[s] > 0) area += cells[s] * (hits / taken)
    }
    return hits === 0 ? null : area / hits
  }
  const [bounds] = resampleCounts(counts, 1, (cells) => [areaOf(cells)], options)
  const coarse = areaOf(counts)
  if (bounds === null || coarse === null) return plainEstimate(value, n)
  const move = value - coarse
  return intervalEstimate(value, n, {
    low: Math.min(value, Math.max(0, bounds.low + move)),
    high: Math.max(value, Math.min(1, bounds.high + move)),
  })
}

/** Positives, then negatives, per step of the score from low to high. */
function countSteps({ positive, negative }: ScoredClasses): { counts: Float64Array; steps: number } {
  const edges = new Set<number>()
  for (const side of [positive, negative])
    for (let i = 1; i <= maxSteps / 2; i++)
      if (side.length > 0) edges.add(side[Math.min(side.length - 1, Math.floor((i * side.length) / (maxSteps / 2)))])
  const sorted = Float64Array.from(edges).sort()
  const steps = sorted.length + 1
  const counts = new Float64Array(2 * steps)
  ;[positive, negative].forEach((side, row) => {
    let before = 0
    for (let s = 0; s < steps; s++) {
      const below = s < sorted.length ? upperBound(side, sorted[s]) : side.length
      counts[row * steps + s] = below - before
      before = below
    }
  })
  return { counts, steps }
}
