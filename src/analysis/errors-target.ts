import type { Task } from '../contract/model.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { quantiles } from '../stats/quantiles.ts'

export interface ErrorTarget {
  /** 1 where the model erred, 0 where not, NaN where nobody knows. */
  readonly isError: Float64Array
  readonly n: number
  readonly errors: number
  /** Regression: errors of at least this size count. */
  readonly threshold: number | null
}

/** Share of rows whose error counts as large, where no threshold is given. */
const largeShare = 0.1

/**
 * Which rows the model got wrong: another class than the label (texts are compared, so 1 is `1`), or for a regression an error
 * larger than `threshold` (null: than the 90th percentile of the errors' sizes). Null when predictions, labels or numbers are absent.
 */
export function findErrors(table: SampleTable, task: Task, threshold: number | null): ErrorTarget | null {
  const { prediction, label } = table
  if (prediction === null || label === null) return null
  if (task !== 'regression') return count(compareClasses(prediction, label), null)
  if (prediction.type !== 'numeric' || label.type !== 'numeric') return null
  const sizes = Float64Array.from(prediction.values, (value, row) => Math.abs(value - label.values[row]))
  const limit = threshold ?? quantiles(sizes, [1 - largeShare])[0] ?? 0
  return count(
    sizes.map((size) => (Number.isNaN(size) ? Number.NaN : size > limit ? 1 : 0)),
    limit,
  )
}

function count(isError: Float64Array, threshold: number | null): ErrorTarget {
  let n = 0
  let errors = 0
  for (let row = 0; row < isError.length; row++) {
    if (Number.isNaN(isError[row])) continue
    n++
    errors += isError[row]
  }
  return { isError, n, errors, threshold }
}

function compareClasses(prediction: Column, label: Column): Float64Array {
  const classOf = new Map<string, number>()
  const guesses = classNumbers(prediction, classOf)
  const truths = classNumbers(label, classOf)
  const isError = new Float64Array(guesses.length)
  for (let row = 0; row < guesses.length; row++)
    isError[row] = guesses[row] < 0 || truths[row] < 0 ? Number.NaN : guesses[row] === truths[row] ? 0 : 1
  return isError
}

/** Each row's class as a number that both columns share, -1 where missing. */
function classNumbers(column: Column, classOf: Map<string, number>): Int32Array {
  const numberOf = (name: string) => {
    const known = classOf.get(name) ?? classOf.size
    classOf.set(name, known)
    return known
  }
  if (column.type === 'categorical') {
    const numbers = column.categories.map(numberOf)
    return column.codes.map((code) => (code < 0 ? -1 : numbers[code]))
  }
  return Int32Array.from(column.values, (value) => (Number.isNaN(value) ? -1 : numberOf(String(value))))
}
