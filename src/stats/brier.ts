import { checkProbability, type MeanLoss } from './log-loss.ts'
import { checkSameLength } from './outcome.ts'

/**
 * Brier score mean((p − y)²) of yes/no labels under predicted probabilities, in [0, 1], 0 best.
 *
 * Labels 1 and 0; any other label or a NaN score is missing. RangeError when lengths differ or a score lies outside
 * [0, 1]. O(n). Source: Brier, Monthly Weather Review 78 (1950) 1.
 */
export function brierScore(scores: ArrayLike<number>, labels: ArrayLike<number>): MeanLoss {
  const rows = checkSameLength(scores, labels, 'scores and labels')
  let sum = 0
  let n = 0
  for (let i = 0; i < rows; i++) {
    const p = scores[i]
    const label = labels[i]
    if (Number.isNaN(p) || (label !== 1 && label !== 0)) continue
    checkProbability(p, i)
    sum += (p - label) * (p - label)
    n++
  }
  return { value: n === 0 ? null : sum / n, n, missing: rows - n }
}
