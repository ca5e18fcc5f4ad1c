import { checkProbability } from './log-loss.ts'
import { checkSameLength } from './outcome.ts'

/** One bin of a reliability diagram; means are null when it is empty. */
export type ReliabilityBin = {
  readonly low: number
  readonly high: number
  readonly n: number
  readonly meanScore: number | null
  /** Share of positives (or of correct predictions) in the bin. */
  readonly hitRate: number | null
}

export type Calibration = {
  /** Σ n_b/N · |hit rate − mean score|; null when there is no row. */
  readonly expectedError: number | null
  /** Largest |hit rate − mean score| over the bins that are not empty. */
  readonly maxError: number | null
  readonly bins: readonly ReliabilityBin[]
  readonly n: number
  readonly missing: number
}

/**
 * Calibration of the positive-class score over bins of equal width, [low, high) with 1 in the last.
 *
 * Labels 1 and 0; any other label or a NaN score is missing. RangeError when lengths differ or a score lies outside
 * [0, 1]. O(n).
 */
export function scoreCalibration(scores: ArrayLike<number>, labels: ArrayLike<number>, bins = 15): Calibration {
  return calibrate(
    scores,
    labels,
    bins,
    (p) => Math.min(bins - 1, Math.floor(p * bins)),
    (p) => p,
    (_, label) => label,
  )
}

/**
 * Calibration of the confidence in the predicted class, max(p, 1 − p), predicted positive from 0.5 up, over bins (low, high].
 *
 * Edge cases as {@link scoreCalibration}. Source: Guo, Pleiss, Sun and Weinberger, ICML (2017).
 */
export function topLabelCalibration(scores: ArrayLike<number>, labels: ArrayLike<number>, bins = 15): Calibration {
  return calibrate(
    scores,
    labels,
    bins,
    (confidence) => Math.max(0, Math.ceil(confidence * bins) - 1),
    (p) => Math.max(p, 1 - p),
    (p, label) => ((p >= 0.5 ? 1 : 0) === label ? 1 : 0),
  )
}

function calibrate(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  bins: number,
  binOf: (confidence: number) => number,
  confidenceOf: (p: number) => number,
  hitOf: (p: number, label: number) => number,
): Calibration {
  const rows = checkSameLength(scores, labels, 'scores and labels')
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`the number of bins must be whole and >= 1, got ${bins}`)
  const counts = new Float64Array(bins)
  const scoreSums = new Float64Array(bins)
  const hitSums = new Float64Array(bins)
  let n = 0
  for (let i = 0; i < rows; i++) {
    const p = scores[i]
    const label = labels[i]
    if (Number.isNaN(p) || (label !== 1 && label !== 0)) continue
    checkProbability(p, i)
    const confidence = confidenceOf(p)
    const bin = binOf(confidence)
    counts[bin]++
    scoreSums[bin] += confidence
    hitSums[bin] += hitOf(p, label)
    n++
  }
  let expectedError = 0
  let maxError = 0
  const filled = Array.from(counts, (count, b): ReliabilityBin => {
    const bounds = { low: b / bins, high: (b + 1) / bins, n: count }
    if (count === 0) return { ...bounds, meanScore: null, hitRate: null }
    const meanScore = scoreSums[b] / count
    const hitRate = hitSums[b] / count
    expectedError += (count / n) * Math.abs(hitRate - meanScore)
    maxError = Math.max(maxError, Math.abs(hitRate - meanScore))
    return { ...bounds, meanScore, hitRate }
  })
  return {
    expectedError: n === 0 ? null : expectedError,
    maxError: n === 0 ? null : maxError,
    bins: filled,
    n,
    missing: rows - n,
  }
}
