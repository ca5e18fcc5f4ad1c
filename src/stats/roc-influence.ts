import { checkSameLength } from './outcome.ts'
import { splitScores } from './scored-classes.ts'
import { lowerBound, upperBound } from './sorted-sample.ts'

/** An area under the ROC curve with how much each row moves it. */
export type RocInfluence = {
  readonly value: number
  /** One a row, mean 0; NaN for rows that were left out. The area's error is the standard error of their mean. */
  readonly influence: Float64Array
  readonly n: number
}

/**
 * Area under the ROC curve and the influence of each row on it (DeLong's components, scaled by the share of the row's class):
 * differences and means of areas over the same rows get their error from differences and means of these.
 *
 * Labels 1 and 0, anything else or a NaN score is left out; ties count half. Null when a class is absent. O(n log n).
 */
export function rocInfluence(scores: ArrayLike<number>, labels: ArrayLike<number>): RocInfluence | null {
  const rows = checkSameLength(scores, labels, 'scores and labels')
  const { positive, negative } = splitScores(scores, labels)
  const n = positive.length + negative.length
  if (positive.length === 0 || negative.length === 0) return null
  const below = (sorted: Float64Array, x: number) =>
    (lowerBound(sorted, x) + upperBound(sorted, x)) / (2 * sorted.length)
  const influence = new Float64Array(rows).fill(Number.NaN)
  let sum = 0
  for (let row = 0; row < rows; row++) {
    if (Number.isNaN(scores[row]) || (labels[row] !== 1 && labels[row] !== 0)) continue
    influence[row] = labels[row] === 1 ? below(negative, scores[row]) : 1 - below(positive, scores[row])
    if (labels[row] === 1) sum += influence[row]
  }
  const value = sum / positive.length
  for (let row = 0; row < rows; row++) {
    const share = (labels[row] === 1 ? positive.length : negative.length) / n
    influence[row] = (influence[row] - value) / share
  }
  return { value, influence, n }
}
