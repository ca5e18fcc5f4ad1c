import { checkSameLength } from './outcome.ts'

/** Rows by true class and predicted class: `counts[truth · classes + prediction]`. Adds up over windows and groups. */
export type Confusion = {
  readonly classes: number
  readonly counts: Float64Array
  /** Rows without a label or without a prediction. */
  readonly missing: number
}

/** The four counts of a yes/no question. */
export type BinaryCounts = {
  readonly truePositives: number
  readonly falsePositives: number
  readonly trueNegatives: number
  readonly falseNegatives: number
}

/**
 * Counts dictionary codes of labels against those of predictions over the same dictionary of `classes` entries.
 *
 * A code outside 0 … classes−1 on either side makes the row missing. RangeError when lengths differ. O(n).
 */
export function countConfusion(labels: ArrayLike<number>, predictions: ArrayLike<number>, classes: number): Confusion {
  const n = checkSameLength(labels, predictions, 'labels and predictions')
  const counts = new Float64Array(classes * classes)
  let missing = 0
  for (let i = 0; i < n; i++) {
    const truth = labels[i]
    const guess = predictions[i]
    if (truth >= 0 && truth < classes && guess >= 0 && guess < classes) counts[truth * classes + guess]++
    else missing++
  }
  return { classes, counts, missing }
}

/** Adds two confusion tables over the same dictionary; RangeError when their sizes differ. */
export function mergeConfusions(a: Confusion, b: Confusion): Confusion {
  if (a.classes !== b.classes) throw new RangeError(`cannot add tables of ${a.classes} and ${b.classes} classes`)
  return { classes: a.classes, counts: a.counts.map((count, i) => count + b.counts[i]), missing: a.missing + b.missing }
}

/** One class against all others. */
export function binaryCountsOf({ classes, counts }: Confusion, positive: number): BinaryCounts {
  let truePositives = 0
  let falsePositives = 0
  let trueNegatives = 0
  let falseNegatives = 0
  for (let truth = 0; truth < classes; truth++) {
    for (let guess = 0; guess < classes; guess++) {
      const count = counts[truth * classes + guess]
      if (truth === positive) {
        if (guess === positive) truePositives += count
        else falseNegatives += count
      } else if (guess === positive) falsePositives += count
      else trueNegatives += count
    }
  }
  return { truePositives, falsePositives, trueNegatives, falseNegatives }
}
