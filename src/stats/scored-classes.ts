import { checkSameLength } from './outcome.ts'
import { sortSample } from './sorted-sample.ts'

/** Scores of a yes/no model, ascending, apart by label: what every ranking measure starts from. */
export type ScoredClasses = {
  readonly positive: Float64Array
  readonly negative: Float64Array
  /** Rows without a score (NaN) or without a label. */
  readonly missing: number
}

/**
 * Splits scores by label and sorts each part.
 *
 * Labels are 1 for positive and 0 for negative; anything else is a missing label. RangeError when lengths differ.
 * O(n log n).
 */
export function splitScores(scores: ArrayLike<number>, labels: ArrayLike<number>): ScoredClasses {
  const n = checkSameLength(scores, labels, 'scores and labels')
  const positive = new Float64Array(n)
  const negative = new Float64Array(n)
  let positives = 0
  let negatives = 0
  for (let i = 0; i < n; i++) {
    const score = scores[i]
    if (Number.isNaN(score)) continue
    if (labels[i] === 1) positive[positives++] = score
    else if (labels[i] === 0) negative[negatives++] = score
  }
  return {
    positive: sortSample(positive.subarray(0, positives)).values,
    negative: sortSample(negative.subarray(0, negatives)).values,
    missing: n - positives - negatives,
  }
}
