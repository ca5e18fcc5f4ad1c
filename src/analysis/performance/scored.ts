import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import { averagePrecision } from '../../stats/average-precision.ts'
import { expectedCalibrationError, residualBins } from '../../stats/calibration-interval.ts'
import { computeMoments } from '../../stats/moments.ts'
import { createRandom } from '../../stats/random.ts'
import { randomMultinomial } from '../../stats/random-binomial.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { logitScaleInterval } from '../../stats/scale-interval.ts'
import { countScoreSteps } from '../../stats/score-steps.ts'
import { type ScoredClasses, splitScores } from '../../stats/scored-classes.ts'
import { throwIfCancelled } from '../answer.ts'
import { estimateOf, intervalEstimate, noEstimate, plainEstimate, shareEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { lossEstimate } from './regression.ts'
import type { ResampleOptions } from './resample.ts'

type Calibration = DetailOf<'performance'>['calibration']

const smallest = 2 ** -52
export const logLossOf = (probabilityOfTruth: number): number =>
  -Math.log(Math.min(Math.max(probabilityOfTruth, smallest), 1 - smallest))

/**
 * Measures of the positive class's score: `rocAuc` (DeLong's interval), `prAuc` (average precision; bootstrap deviation on the
 * logit scale), and where scores are probabilities `logLoss` (nats) and `brier` (mean losses on the logarithm's scale) and
 * `calibrationError` (expected, over bins of equal width; see `expectedCalibrationError`). Bins of the reliability curve carry
 * Wilson's interval of what was observed.
 *
 * `labels` are 1, 0, or anything else for missing; a NaN score is missing too. O(n log n).
 */
export function scoreMetrics(
  scores: Float64Array,
  labels: ArrayLike<number>,
  parameters: ParametersOf<'performance'>,
  options: ResampleOptions,
): { metrics: Record<string, Estimate>; calibration: Calibration; scored: ScoredClasses } {
  const { confidence } = parameters
  const scored = splitScores(scores, labels)
  const n = scored.positive.length + scored.negative.length
  const metrics: Record<string, Estimate> = {
    rocAuc: estimateOf(rocAuc(scored, confidence), n),
    prAuc: precisionArea(scored, options),
  }
  if (n === 0) return { metrics, calibration: [], scored }
  if (!areProbabilities(scored)) {
    const note = 'the scores are not probabilities'
    for (const name of ['logLoss', 'brier', 'calibrationError']) metrics[name] = noEstimate(n, note)
    return { metrics, calibration: [], scored }
  }
  const mean = (lossOf: (probabilityOfTruth: number) => number) =>
    lossEstimate(computeMoments(losses(scores, labels, n, lossOf)), confidence, 'no labelled sample')
  metrics.logLoss = mean(logLossOf)
  metrics.brier = mean((p) => (1 - p) ** 2)
  const { error, curve } = calibrationOf(
    scores.length,
    (row) => {
      const [score, hit] = [scores[row], labels[row]]
      return Number.isNaN(score) || (hit !== 0 && hit !== 1) ? null : { score, hit }
    },
    parameters.calibrationBins,
    options,
  )
  metrics.calibrationError = error
  return { metrics, calibration: curve, scored }
}

/** Expected calibration error and reliability curve over bins of equal width, [low, high) with 1 in the last. */
export function calibrationOf(
  rows: number,
  rowOf: (row: number) => { readonly score: number; readonly hit: number } | null,
  count: number,
  { resamples, seed, confidence }: ResampleOptions,
): { readonly error: Estimate; readonly curve: Calibration } {
  const scoreSums = new Float64Array(count)
  const hits = new Float64Array(count)
  const bins = residualBins(rows, count, (row) => {
    const one = rowOf(row)
    if (one === null) return null
    const bin = Math.min(count - 1, Math.floor(one.score * count))
    scoreSums[bin] += one.score
    hits[bin] += one.hit
    return { ...one, bin }
  })
  const error = expectedCalibrationError(bins, createRandom(seed), { repeats: resamples, confidence })
  const curve = bins.flatMap(({ n }, b) => {
    if (n === 0) return []
    const observed = shareEstimate(hits[b], n, confidence)
    const bin = { from: b / count, to: (b + 1) / count, n, meanScore: scoreSums[b] / n, observed: hits[b] / n }
    return [observed.interval === null ? bin : { ...bin, interval: observed.interval }]
  })
  return { error: estimateOf(error, 0), curve }
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

/**
 * Average precision with the deviation that resamples of the counts between at most 200 thresholds show, on the logit scale:
 * resamples hold ties that the rows do not, so that a percentile interval lies too high. Source: Boyd, Eng and Page, ECML PKDD
 * (2013) 451.
 */
function precisionArea(scored: ScoredClasses, { resamples, seed, confidence, context }: ResampleOptions): Estimate {
  const value = averagePrecision(scored)
  const n = scored.positive.length + scored.negative.length
  if (value === null) return noEstimate(n, 'no positive label')
  const { counts, thresholds } = countScoreSteps(scored)
  const steps = thresholds.length
  const areaOf = (cells: Float64Array): number => {
    let [hits, taken, area] = [0, 0, 0]
    for (let s = steps - 1; s >= 0; s--) {
      hits += cells[s]
      taken += cells[s] + cells[steps + s]
      if (cells[s] > 0) area += cells[s] * (hits / taken)
    }
    return hits === 0 ? Number.NaN : area / hits
  }
  const random = createRandom(seed)
  const drawn = new Float64Array(counts.length)
  const areas = new Float64Array(resamples)
  for (let i = 0; i < resamples; i++) {
    throwIfCancelled(context)
    areas[i] = areaOf(randomMultinomial(random, n, counts, drawn))
  }
  const { n: kept, m2 } = computeMoments(areas)
  const bounds = logitScaleInterval(value, Math.sqrt(m2 / Math.max(1, kept - 1)), scored.positive.length, confidence)
  return bounds.status === 'ok' && kept > 0.9 * resamples
    ? intervalEstimate(value, n, bounds.interval)
    : plainEstimate(value, n)
}
