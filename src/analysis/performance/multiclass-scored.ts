import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { SampleTable } from '../../contract/table.ts'
import { computeMoments } from '../../stats/moments.ts'
import { multiclassRocAuc } from '../../stats/multiclass-roc-auc.ts'
import { rocInfluence } from '../../stats/roc-influence.ts'
import { logitScaleInterval } from '../../stats/scale-interval.ts'
import { topKHits } from '../../stats/top-k.ts'
import { intervalEstimate, noEstimate, plainEstimate, shareEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import type { ClassList } from './codes.ts'
import { lossEstimate } from './regression.ts'
import type { ResampleOptions } from './resample.ts'
import { calibrationOf, logLossOf } from './scored.ts'

/** Most values for which the areas of all classes and pairs of classes are worth their cost. */
const maxScoreCells = 5_000_000
/** Of how many classes the true one is looked for among the highest-scored. */
const places = [2, 3, 5]

interface Scored {
  readonly metrics: Record<string, Estimate>
  readonly calibration: DetailOf<'performance'>['calibration']
}

/**
 * Measures of the scores of all classes, where each has some: `rocAuc` (mean of one class against the rest), `top2Accuracy`,
 * `top3Accuracy`, `top5Accuracy` where there are more classes than that, and where scores are probabilities `logLoss` (nats, scores
 * scaled to add up to one), `brier` (sum over classes, in [0, 2]) and `calibrationError` of the highest score as the probability
 * of being right. Rows without a score of every class are left out. O(n · classes · log n).
 */
export function multiclassScores(
  scores: SampleTable['scores'],
  labels: Int32Array,
  { names }: ClassList,
  parameters: ParametersOf<'performance'>,
  options: ResampleOptions,
): Scored {
  const columns = names.map((name) => scores.get(name))
  const k = names.length
  if (k === 0 || columns.some((column) => column === undefined)) return { metrics: {}, calibration: [] }
  const rows = new Float64Array(labels.length * k)
  columns.forEach((column, c) => {
    for (let row = 0; row < labels.length; row++) rows[row * k + c] = column?.[row] ?? Number.NaN
  })
  const metrics: Record<string, Estimate> = {}
  if (labels.length * k * k <= maxScoreCells) metrics.rocAuc = areaEstimate(rows, labels, k, options.confidence)
  for (const place of places) {
    if (place >= k) continue
    const { hits, n } = topKHits(rows, labels, k, place)
    metrics[`top${place}Accuracy`] =
      n === 0 ? noEstimate(0, 'no labelled sample') : shareEstimate(hits, n, options.confidence)
  }
  if (!rows.every((score) => Number.isNaN(score) || (score >= 0 && score <= 1))) return { metrics, calibration: [] }
  return { ...withProbabilities(metrics, rows, labels, k, parameters, options) }
}

function withProbabilities(
  metrics: Record<string, Estimate>,
  rows: Float64Array,
  labels: Int32Array,
  k: number,
  { calibrationBins }: ParametersOf<'performance'>,
  options: ResampleOptions,
): Scored {
  const logLosses: number[] = []
  const squares: number[] = []
  const top: ({ score: number; hit: number } | null)[] = []
  for (let row = 0; row < labels.length; row++) {
    const own = labels[row]
    let [total, square, highest] = [0, 0, 0]
    for (let c = 0; c < k; c++) {
      const p = rows[row * k + c]
      total += Math.max(p, 2 ** -52)
      square += (p - (c === own ? 1 : 0)) ** 2
      if (p > rows[row * k + highest]) highest = c
    }
    const isUsable = own >= 0 && !Number.isNaN(total)
    top.push(isUsable ? { score: rows[row * k + highest], hit: highest === own ? 1 : 0 } : null)
    if (!isUsable) continue
    logLosses.push(logLossOf(rows[row * k + own] / total))
    squares.push(square)
  }
  const { confidence } = options
  const { error, curve } = calibrationOf(labels.length, (row) => top[row], calibrationBins, options)
  const mean = (losses: number[]) => lossEstimate(computeMoments(losses), confidence, 'no labelled sample')
  return {
    metrics: { ...metrics, logLoss: mean(logLosses), brier: mean(squares), calibrationError: error },
    calibration: curve,
  }
}

/**
 * Mean area of one class against the rest with its interval on the logit scale. Its error is that of the mean over rows of how
 * much each row moves each class's area (DeLong's components), so that classes that share rows count as related.
 */
function areaEstimate(rows: Float64Array, labels: Int32Array, k: number, confidence: number): Estimate {
  const area = multiclassRocAuc(rows, labels, k)
  if (area.status !== 'ok') return noEstimate(area.n, 'too few classes')
  const usable = [...labels.keys()].filter(
    (row) => labels[row] >= 0 && !rows.subarray(row * k, (row + 1) * k).some(Number.isNaN),
  )
  const moved = new Float64Array(usable.length)
  let classes = 0
  for (let c = 0; c < k; c++) {
    const own = Uint8Array.from(usable, (row) => (labels[row] === c ? 1 : 0))
    const found = rocInfluence(
      Float64Array.from(usable, (row) => rows[row * k + c]),
      own,
    )
    // As the area itself: classes of which there are two rows at least.
    if (found === null || own.reduce((sum, one) => sum + one, 0) < 2) continue
    classes++
    for (let i = 0; i < moved.length; i++) moved[i] += found.influence[i]
  }
  const { m2 } = computeMoments(moved.map((sum) => sum / Math.max(1, classes)))
  const error = Math.sqrt(m2 / Math.max(1, usable.length - 1) / usable.length)
  const bounds = logitScaleInterval(area.oneVersusRest, error, area.n, confidence)
  return bounds.status === 'ok'
    ? intervalEstimate(area.oneVersusRest, area.n, bounds.interval)
    : plainEstimate(area.oneVersusRest, area.n)
}
