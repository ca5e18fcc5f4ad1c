import { insufficient, type Outcome } from './outcome.ts'
import { rocAuc } from './roc-auc.ts'
import { splitScores } from './scored-classes.ts'

export type MulticlassRocAuc = {
  /** Mean over classes of the area of each class against all others. */
  readonly oneVersusRest: number
  /** Mean over pairs of classes of their mutual area (Hand and Till): does not depend on how common classes are. */
  readonly oneVersusOne: number
  readonly n: number
  readonly missing: number
}

/**
 * Macro-averaged areas under the ROC curves of a model with several classes.
 *
 * `scores` holds n rows of `classes` scores each, row after row; `labels` n codes; a code outside the dictionary or a row
 * with a NaN score is missing. Averages over classes with at least two rows. `insufficient` with `one-class` when fewer
 * than two such classes remain. O(classes² · n log n). Source: Hand and Till, Machine Learning 45 (2001) 171.
 */
export function multiclassRocAuc(
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): Outcome<MulticlassRocAuc> {
  if (scores.length !== labels.length * classes) {
    throw new RangeError(`expected ${labels.length} rows of ${classes} scores, got ${scores.length} numbers`)
  }
  const rows = completeRows(scores, labels, classes)
  const support = new Float64Array(classes)
  for (const row of rows) support[labels[row]]++
  const present = [...support.keys()].filter((code) => support[code] >= 2)
  if (present.length < 2) return insufficient('one-class', rows.length)
  const area = (
    scored: number,
    isPositive: (code: number) => boolean,
    isNegative: (code: number) => boolean,
  ): number => {
    const column = Float64Array.from(rows, (row) => scores[row * classes + scored])
    const sides = Float64Array.from(rows, (row) => (isPositive(labels[row]) ? 1 : isNegative(labels[row]) ? 0 : -1))
    const result = rocAuc(splitScores(column, sides))
    return result.status === 'ok' ? result.value : 0.5
  }
  let rest = 0
  let pairs = 0
  for (const a of present) {
    const isA = (code: number) => code === a
    rest += area(a, isA, (code) => code !== a)
    for (const b of present) {
      if (b !== a) pairs += area(a, isA, (code) => code === b)
    }
  }
  return {
    status: 'ok',
    oneVersusRest: rest / present.length,
    oneVersusOne: pairs / (present.length * (present.length - 1)),
    n: rows.length,
    missing: labels.length - rows.length,
  }
}

function completeRows(scores: ArrayLike<number>, labels: ArrayLike<number>, classes: number): Uint32Array {
  const rows = new Uint32Array(labels.length)
  let n = 0
  for (let row = 0; row < labels.length; row++) {
    let complete = labels[row] >= 0 && labels[row] < classes
    for (let c = 0; c < classes; c++) if (Number.isNaN(scores[row * classes + c])) complete = false
    if (complete) rows[n++] = row
  }
  return rows.subarray(0, n)
}
