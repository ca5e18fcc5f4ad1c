import type { Column, SampleTable } from '../contract/table.ts'

/** The rows of a column in the order asked; a row may repeat. */
export function takeColumn(column: Column, rows: Uint32Array): Column {
  if (column.type === 'numeric')
    return { type: 'numeric', values: Float64Array.from(rows, (row) => column.values[row]) }
  return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row]) }
}

/** The rows of a table in the order asked. */
export function takeRows(table: SampleTable, rows: Uint32Array): SampleTable {
  const numbers = (values: Float64Array | null) => values && Float64Array.from(rows, (row) => values[row])
  return {
    n: rows.length,
    columns: new Map([...table.columns].map(([name, column]) => [name, takeColumn(column, rows)])),
    ids: table.ids && Array.from(rows, (row) => table.ids?.[row] ?? ''),
    at: numbers(table.at),
    prediction: table.prediction && takeColumn(table.prediction, rows),
    label: table.label && takeColumn(table.label, rows),
    scores: new Map([...table.scores].map(([name, values]) => [name, Float64Array.from(rows, (row) => values[row])])),
    latencyMs: numbers(table.latencyMs),
  }
}

export const isMissingAt = (column: Column, row: number): boolean =>
  column.type === 'numeric' ? Number.isNaN(column.values[row]) : column.codes[row] < 0

/** A column's value as text, empty where missing: classes are compared by it. */
export const textAt = (column: Column, row: number): string =>
  isMissingAt(column, row)
    ? ''
    : column.type === 'numeric'
      ? String(column.values[row])
      : column.categories[column.codes[row]]
