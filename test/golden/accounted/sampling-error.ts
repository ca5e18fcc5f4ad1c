import { ratio } from '../../../src/stats/binary-metrics.ts'
import { binaryCountsOf, countConfusion } from '../../../src/stats/confusion.ts'
import { computeMoments, standardDeviationOf } from '../../../src/stats/moments.ts'
import { splitScores } from '../../../src/stats/scored-classes.ts'
import { lowerBound, upperBound } from '../../../src/stats/sorted-sample.ts'

/** Spread of a measure per row that counts for it, and the share of rows that do. */
export type ErrorSource = { readonly deviation: number; readonly share: number }

/** Standard error that a measure has on a chunk of n rows like those of the reference: deviation / √(n · share). */
export function samplingErrorAt({ deviation, share }: ErrorSource, n: number): number | null {
  return ratio(deviation, Math.sqrt(n * share))
}

/** Accuracy: each row counts, as a hit or a miss. Null without rows. O(1). */
export function accuracyErrorSource(labels: ArrayLike<number>, predictions: ArrayLike<number>): ErrorSource | null {
  const { truePositives, trueNegatives, falsePositives, falseNegatives } = countsOf(labels, predictions)
  const hits = truePositives + trueNegatives
  const n = hits + falsePositives + falseNegatives
  return n === 0 ? null : { deviation: Math.sqrt(hits * (n - hits)) / n, share: 1 }
}

/**
 * F1 as a mean: a true positive counts c, a false positive or false negative 0, with c = r / (TP + ½(FP + FN)) over the
 * r = TP + FP + FN rows that matter. Null when none does. O(n).
 */
export function f1ErrorSource(labels: ArrayLike<number>, predictions: ArrayLike<number>): ErrorSource | null {
  const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = countsOf(labels, predictions)
  const relevant = tp + fp + fn
  if (relevant === 0) return null
  const weight = relevant / (tp + (fp + fn) / 2)
  return { deviation: (weight * Math.sqrt(tp * (fp + fn))) / relevant, share: relevant / labels.length }
}

/**
 * Area under the ROC curve: each row of the rarer class counts the share of the other class that it is ranked above (or below).
 *
 * Leaves out the spread that the commoner class adds; `rocAuc` (DeLong) has both. Ties count half. Null when a class is absent.
 * O(n log n). Source: Hanley and McNeil, Radiology 143 (1982) 29.
 */
export function rocAucErrorSource(labels: ArrayLike<number>, scores: ArrayLike<number>): ErrorSource | null {
  const { positive, negative } = splitScores(scores, labels)
  const [rare, common] = positive.length <= negative.length ? [positive, negative] : [negative, positive]
  if (rare.length === 0) return null
  const beaten = rare.map((x) => (lowerBound(common, x) + upperBound(common, x)) / 2 / common.length)
  const deviation = standardDeviationOf(computeMoments(beaten), 0) ?? 0
  return { deviation, share: rare.length / (rare.length + common.length) }
}

function countsOf(labels: ArrayLike<number>, predictions: ArrayLike<number>) {
  return binaryCountsOf(countConfusion(labels, predictions, 2), 1)
}
