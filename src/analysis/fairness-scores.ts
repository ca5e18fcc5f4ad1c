import type { Estimate } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { SampleTable } from '../contract/table.ts'
import { scoreCalibration } from '../stats/calibration-error.ts'
import { meanIntervalFromMoments } from '../stats/mean-interval.ts'
import { computeMoments } from '../stats/moments.ts'
import { rocAuc } from '../stats/roc-auc.ts'
import { splitScores } from '../stats/scored-classes.ts'
import { intervalEstimate, noEstimate, plainEstimate } from './estimates.ts'
import type { RateEstimate } from './fairness-intervals.ts'
import type { ClassMetric } from './parameters.ts'

/** A number of one group, with its standard error where it can be contrasted. */
export interface GroupNumber {
  readonly estimate: Estimate
  readonly standardError: number | null
}

/** Scores of the positive class and labels (1, 0, -1 unknown) of some rows. */
export interface ScoredRows {
  readonly scores: Float64Array
  readonly labels: Int8Array
}

export type ScoreMetric = Extract<ClassMetric, 'meanScore' | 'calibrationBias' | 'brier' | 'logLoss' | 'rocAuc'>
export const scoreMetrics: readonly ScoreMetric[] = ['meanScore', 'calibrationBias', 'brier', 'logLoss', 'rocAuc']
export const isScoreMetric = (metric: ClassMetric): metric is ScoreMetric =>
  (scoreMetrics as readonly ClassMetric[]).includes(metric)

/** Keeps a score of 0 or 1 from costing an infinite loss. */
const epsilon = 2 ** -52

/**
 * Scores of the positive class; of two classes the other's score tells it too. Null where there is none, or where scores are not
 * probabilities (one lies outside [0, 1]): they cannot be held against shares. O(n).
 */
export function positiveScores(
  { scores }: SampleTable,
  classes: readonly string[],
  positiveClass: string,
): Float64Array | null {
  const own = scores.get(positiveClass)
  const other = classes.length === 2 ? scores.get(classes.find((name) => name !== positiveClass) ?? '') : undefined
  const found = own ?? other?.map((score) => 1 - score)
  if (found === undefined || found.some((score) => score < 0 || score > 1)) return null
  return found.some((score) => !Number.isNaN(score)) ? found : null
}

/** Rows of each group, in one pass; rows of no group are in none. */
export function rowsByGroup(groupOfRow: Int32Array, groups: number, scores: Float64Array, labels: Int8Array | null) {
  const sizes = new Int32Array(groups)
  for (const group of groupOfRow) if (group >= 0) sizes[group]++
  const rows = Array.from(
    sizes,
    (n): ScoredRows => ({ scores: new Float64Array(n), labels: new Int8Array(n).fill(-1) }),
  )
  const filled = new Int32Array(groups)
  for (let row = 0; row < groupOfRow.length; row++) {
    const group = groupOfRow[row]
    if (group < 0) continue
    const place = filled[group]++
    rows[group].scores[place] = scores[row]
    if (labels !== null) rows[group].labels[place] = labels[row]
  }
  return rows
}

const termOf: Record<Exclude<ScoreMetric, 'rocAuc'>, (score: number, label: number) => number> = {
  meanScore: (score) => score,
  calibrationBias: (score, label) => label - score,
  brier: (score, label) => (score - label) ** 2,
  logLoss: (score, label) => {
    const kept = Math.min(Math.max(score, epsilon), 1 - epsilon)
    return -Math.log(label === 1 ? kept : 1 - kept)
  },
}

/**
 * A metric of scores over some rows: a mean of terms with Student's interval, or the area under the ROC curve with DeLong's.
 * All but the mean score need labels. O(n), the area O(n log n).
 */
export function measureScores(metric: ScoreMetric, { scores, labels }: ScoredRows, confidence: number): GroupNumber {
  if (metric === 'rocAuc') {
    const found = rocAuc(splitScores(scores, labels), confidence)
    if (found.status === 'insufficient')
      return { estimate: noEstimate(found.n, 'it takes two labelled rows of each class'), standardError: null }
    return { estimate: intervalEstimate(found.value, found.n, found.interval), standardError: found.standardError }
  }
  const term = termOf[metric]
  const needsLabel = metric !== 'meanScore'
  const terms = Float64Array.from(scores, (score, row) =>
    needsLabel && labels[row] < 0 ? Number.NaN : term(score, labels[row]),
  )
  const moments = computeMoments(terms)
  const { n, mean, m2 } = moments
  if (n === 0) return { estimate: noEstimate(0, needsLabel ? 'no labelled scores' : 'no scores'), standardError: null }
  const found = meanIntervalFromMoments(moments, confidence)
  return {
    estimate: found.status === 'ok' ? intervalEstimate(found.value, n, found.interval) : plainEstimate(mean, n),
    standardError: n < 2 ? null : Math.sqrt(m2 / (n - 1) / n),
  }
}

type Calibration = NonNullable<DetailOf<'fairness'>['calibration']>[number]

/** How well the scores of one group mean what they say. O(n). */
export function calibrateGroup(
  group: Record<string, string>,
  rows: ScoredRows,
  bins: number,
  confidence: number,
  rate: RateEstimate,
): Calibration {
  const { bins: found, expectedError, n } = scoreCalibration(rows.scores, rows.labels, bins)
  const filled = found.flatMap(({ low, high, n: inBin, meanScore, hitRate }) =>
    meanScore === null || hitRate === null
      ? []
      : [{ from: low, to: high, n: inBin, meanScore, observed: rate(Math.round(hitRate * inBin), inBin) }],
  )
  const positives = rows.labels.reduce(
    (sum, label, row) => sum + (label === 1 && !Number.isNaN(rows.scores[row]) ? 1 : 0),
    0,
  )
  const labelled = { ...rows, scores: rows.scores.map((score, row) => (rows.labels[row] < 0 ? Number.NaN : score)) }
  return {
    group,
    n,
    meanScore: measureScores('meanScore', labelled, confidence).estimate,
    observed: n === 0 ? noEstimate(0, 'no labelled scores') : rate(positives, n),
    bias: measureScores('calibrationBias', rows, confidence).estimate,
    expectedError,
    bins: filled,
  }
}
