import { type BinaryMetrics, binaryMetrics } from './binary-metrics.ts'
import type { BinaryCounts } from './confusion.ts'
import { checkProbability } from './log-loss.ts'
import { checkSameLength, insufficient, type Outcome } from './outcome.ts'
import { sortedOrder } from './ranks.ts'

/** Performance estimated without labels, from calibrated probabilities. */
export type EstimatedPerformance = {
  /** Expected confusion counts; not whole. */
  readonly counts: BinaryCounts
  /** All measures that follow from the expected counts. */
  readonly metrics: BinaryMetrics
  /** Expected area under the ROC curve of the raw scores; null when a class has no expected row. */
  readonly rocAuc: number | null
  /** Standard deviation of the accuracy that labels drawn from the probabilities would show. */
  readonly accuracyDeviation: number
  readonly n: number
  readonly missing: number
}

/**
 * Confidence-based performance estimation of a yes/no model: what its measures would be, were its probabilities right.
 *
 * `probabilities` are calibrated ones of the positive class (see isotonic-regression), `predictions` 0 or 1, `scores` the
 * raw scores that rank the rows. A row predicted positive is a true positive with probability p and a false one with 1 − p.
 * Holds while the probabilities stay calibrated: it sees a shift of inputs, never a change of what they mean. Rows with a
 * NaN, or a prediction that is neither 0 nor 1, are missing. `insufficient` when none remains; RangeError when lengths
 * differ or p lies outside [0, 1]. O(n). Source: Kivimäki et al., arXiv 2407.08649 (2024).
 */
export function estimatePerformance(
  probabilities: ArrayLike<number>,
  predictions: ArrayLike<number>,
  scores: ArrayLike<number>,
): Outcome<EstimatedPerformance> {
  const rows = checkSameLength(probabilities, predictions, 'probabilities and predictions')
  checkSameLength(probabilities, scores, 'probabilities and scores')
  let n = 0
  let truePositives = 0
  let falsePositives = 0
  let trueNegatives = 0
  let falseNegatives = 0
  let variance = 0
  for (let i = 0; i < rows; i++) {
    const p = probabilities[i]
    if (!isComplete(p, predictions[i], scores[i])) continue
    checkProbability(p, i)
    n++
    variance += p * (1 - p)
    if (predictions[i] === 1) {
      truePositives += p
      falsePositives += 1 - p
    } else {
      falseNegatives += p
      trueNegatives += 1 - p
    }
  }
  if (n === 0) return insufficient('too-few', 0, 1)
  const counts = { truePositives, falsePositives, trueNegatives, falseNegatives }
  return {
    status: 'ok',
    counts,
    metrics: binaryMetrics(counts),
    rocAuc: expectedRocAuc(probabilities, predictions, scores),
    accuracyDeviation: Math.sqrt(variance) / n,
    n,
    missing: rows - n,
  }
}

function isComplete(p: number, prediction: number, score: number): boolean {
  return !Number.isNaN(p) && !Number.isNaN(score) && (prediction === 0 || prediction === 1)
}

/** Pairs of an expected positive above an expected negative, ties half, over all such pairs. */
function expectedRocAuc(
  probabilities: ArrayLike<number>,
  predictions: ArrayLike<number>,
  scores: ArrayLike<number>,
): number | null {
  const order = sortedOrder(scores)
  let area = 0
  let positives = 0
  let negatives = 0
  for (let from = 0; from < order.length; ) {
    const score = scores[order[from]]
    let equalPositives = 0
    let equalNegatives = 0
    let to = from
    for (; to < order.length && (scores[order[to]] === score || Number.isNaN(score)); to++) {
      const row = order[to]
      if (!isComplete(probabilities[row], predictions[row], scores[row])) continue
      equalPositives += probabilities[row]
      equalNegatives += 1 - probabilities[row]
    }
    area += equalPositives * (negatives + equalNegatives / 2)
    positives += equalPositives
    negatives += equalNegatives
    from = to
  }
  return positives > 0 && negatives > 0 ? area / (positives * negatives) : null
}
