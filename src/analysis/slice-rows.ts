import type { SliceCondition } from '../contract/error-slices.ts'
import type { Column, SampleTable } from '../contract/table.ts'

/**
 * Marks the rows that meet every condition. A missing value meets only `missing` and `not in`; a number is in a list as its text;
 * a column that is not there counts as missing in every row. O(n · conditions).
 */
export function matchRows(table: SampleTable, conditions: readonly SliceCondition[]): Uint8Array {
  const isIn = new Uint8Array(table.n).fill(1)
  for (const condition of conditions) {
    const column = table.columns.get(condition.column) ?? null
    const meets = column === null ? () => meetsMissing(condition) : testOf(column, condition)
    for (let row = 0; row < table.n; row++) if (isIn[row] === 1 && !meets(row)) isIn[row] = 0
  }
  return isIn
}

const meetsMissing = ({ operator }: SliceCondition) => operator === 'missing' || operator === 'not in'

function testOf(column: Column, condition: SliceCondition): (row: number) => boolean {
  const { operator, value } = condition
  if (column.type === 'numeric') {
    const { values } = column
    if (operator === 'missing') return (row) => Number.isNaN(values[row])
    if (Array.isArray(value)) {
      const listed = new Set(value)
      const wanted = operator === 'in'
      return (row) => (!Number.isNaN(values[row]) && listed.has(String(values[row]))) === wanted
    }
    if (value === null) return () => false
    return operator === '<=' ? (row) => values[row] <= value : (row) => values[row] > value
  }
  const { codes, categories } = column
  if (operator === 'missing') return (row) => codes[row] < 0
  if (!Array.isArray(value)) return () => false
  const isListed = categories.map((name) => value.includes(name))
  const wanted = operator === 'in'
  return (row) => (codes[row] >= 0 && isListed[codes[row]]) === wanted
}
