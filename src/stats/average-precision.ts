import type { ScoredClasses } from './scored-classes.ts'

/**
 * Average precision Σ (R_k − R_(k−1)) · P_k over the distinct scores from the top: the step sum under the
 * precision–recall curve.
 *
 * Null when there is no positive. O(n) on split scores.
 */
export function averagePrecision(scored: ScoredClasses): number | null {
  return sumOverRecall(scored, (precision) => precision)
}

/**
 * Area under the precision–recall curve with its points joined by straight lines: not the average precision, and too
 * bright where points are far apart. Starts at recall 0 with precision 1. Null when there is no positive. O(n).
 */
export function precisionRecallTrapezoid(scored: ScoredClasses): number | null {
  return sumOverRecall(scored, (precision, before) => (precision + before) / 2)
}

function sumOverRecall(
  { positive, negative }: ScoredClasses,
  height: (precision: number, before: number) => number,
): number | null {
  const n = positive.length
  if (n === 0) return null
  let sum = 0
  let before = 1
  for (let i = n, j = negative.length; i > 0 || j > 0; ) {
    const x = j === 0 || (i > 0 && positive[i - 1] > negative[j - 1]) ? positive[i - 1] : negative[j - 1]
    const i0 = i
    while (i > 0 && positive[i - 1] === x) i--
    while (j > 0 && negative[j - 1] === x) j--
    const hits = n - i
    const precision = hits / (hits + negative.length - j)
    sum += ((i0 - i) / n) * height(precision, before)
    before = precision
  }
  return sum
}
