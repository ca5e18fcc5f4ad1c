import type { CategoricalColumn, Column, SampleTable } from '../contract/table.ts'
import type { TreeColumn } from '../stats/feature-binning.ts'

/** A column that a tree may split by. */
export interface NamedColumn {
  readonly name: string
  readonly column: Column
}

/** Fewest rows a category has on average: with fewer, the column names rows instead of describing them. */
const rowsPerCategory = 5

/**
 * Columns that can describe rows, in the table's order: `wanted`, or all. Left out are those in which nearly every row is its
 * own category (identifiers, digests of pictures).
 */
export function describingColumns(table: SampleTable, wanted: readonly string[] | null): NamedColumn[] {
  return [...table.columns]
    .filter(([name]) => wanted === null || wanted.includes(name))
    .filter(([, column]) => column.type === 'numeric' || isDescribing(column))
    .map(([name, column]) => ({ name, column }))
}

function isDescribing({ codes, categories }: CategoricalColumn): boolean {
  const isPresent = new Uint8Array(categories.length)
  const enough = categories.length * rowsPerCategory
  let present = 0
  let n = 0
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]
    if (code < 0) continue
    n++
    // So many values suffice, whichever categories the rest holds.
    if (n >= enough) return true
    if (!isPresent[code]) {
      isPresent[code] = 1
      present++
    }
  }
  return present <= 2 || n >= present * rowsPerCategory
}

/** The column as trees take it. */
export const toTreeColumn = (column: Column): TreeColumn =>
  column.type === 'numeric'
    ? { kind: 'numeric', values: column.values }
    : { kind: 'categorical', codes: column.codes, categories: column.categories.length }
