import { checkSameLength } from './outcome.ts'

/** Scores are kept this far from 0 and 1: a certain miss then costs 36 nats instead of infinity. */
const EPSILON = 2 ** -52

/** A mean with the rows it rests on; null when there is none. */
export type MeanLoss = { readonly value: number | null; readonly n: number; readonly missing: number }

/**
 * Mean negative log-likelihood (nats) of yes/no labels under predicted probabilities.
 *
 * −mean(y ln p + (1 − y) ln(1 − p)), p kept inside [2⁻⁵², 1 − 2⁻⁵²]. Labels 1 and 0; any other label or a NaN score is
 * missing. RangeError when lengths differ or a score lies outside [0, 1]. O(n).
 */
export function logLoss(scores: ArrayLike<number>, labels: ArrayLike<number>): MeanLoss {
  const rows = checkSameLength(scores, labels, 'scores and labels')
  let sum = 0
  let n = 0
  for (let i = 0; i < rows; i++) {
    const p = scores[i]
    const label = labels[i]
    if (Number.isNaN(p) || (label !== 1 && label !== 0)) continue
    checkProbability(p, i)
    const kept = Math.min(Math.max(p, EPSILON), 1 - EPSILON)
    sum -= Math.log(label === 1 ? kept : 1 - kept)
    n++
  }
  return { value: n === 0 ? null : sum / n, n, missing: rows - n }
}

/**
 * Mean negative log-likelihood (nats) over several classes: −mean ln p(true class), scores scaled to add up to one.
 *
 * `scores` holds n rows of `classes` probabilities, row after row; `labels` n codes, one outside the dictionary or a row
 * with a NaN is missing. RangeError for wrong sizes or a score outside [0, 1]. O(n · classes).
 */
export function multiclassLogLoss(scores: ArrayLike<number>, labels: ArrayLike<number>, classes: number): MeanLoss {
  if (scores.length !== labels.length * classes) {
    throw new RangeError(`expected ${labels.length} rows of ${classes} scores, got ${scores.length} numbers`)
  }
  let sum = 0
  let n = 0
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]
    let total = 0
    for (let c = 0; c < classes; c++) {
      const p = scores[row * classes + c]
      if (!Number.isNaN(p)) checkProbability(p, row)
      total += Math.min(Math.max(p, EPSILON), 1 - EPSILON)
    }
    if (Number.isNaN(total) || !(label >= 0 && label < classes)) continue
    const kept = Math.min(Math.max(scores[row * classes + label], EPSILON), 1 - EPSILON)
    sum -= Math.log(kept / total)
    n++
  }
  return { value: n === 0 ? null : sum / n, n, missing: labels.length - n }
}

/** Throws RangeError, naming the row, unless p lies in [0, 1]. */
export function checkProbability(p: number, row: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in [0, 1], got ${p} in row ${row}`)
}
