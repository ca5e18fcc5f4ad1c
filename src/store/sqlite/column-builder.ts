import type { Column } from '../../contract/table.ts'
import type { DecodedColumn, Value } from './column-codec.ts'

/** Puts one column of a table together from chunks and hot rows. */
export interface ColumnBuilder {
  /** Copies a chunk's column; `positions` null takes all of its `rows`. */
  copy(offset: number, column: DecodedColumn, positions: Uint32Array | null, rows: number): void
  set(index: number, value: Value): void
  finish(): Column
}

/** Columns with more categories than this (image digests) are left in the order in which they occur. */
const maxSortedCategories = 100_000

/**
 * `type` is the declared one; null: numeric until a text comes. In a numeric column what is no number is missing; in a
 * categorical one numbers and booleans are categories by their text. Categories come out sorted by code unit, so that the
 * table does not depend on how it is stored.
 */
export function makeColumnBuilder(n: number, type: 'numeric' | 'categorical' | null): ColumnBuilder {
  let values: Float64Array | null = type === 'categorical' ? null : new Float64Array(n).fill(Number.NaN)
  let codes: Int32Array = new Int32Array(type === 'categorical' ? n : 0).fill(-1)
  const categories: string[] = []
  const codeOf = new Map<string, number>()

  function code(category: string): number {
    let known = codeOf.get(category)
    if (known === undefined) {
      known = categories.length
      categories.push(category)
      codeOf.set(category, known)
    }
    return known
  }

  function turnCategorical(): void {
    const numbers = values ?? new Float64Array(0)
    values = null
    codes = Int32Array.from(numbers, (value) => (Number.isNaN(value) ? -1 : code(String(value))))
  }

  function set(index: number, value: Value): void {
    if (value === null) return
    if (values !== null) {
      if (typeof value === 'number') {
        values[index] = value
        return
      }
      if (type === 'numeric') return
      turnCategorical()
    }
    codes[index] = code(String(value))
  }

  function copyNumbers(offset: number, from: Float64Array, positions: Uint32Array | null): void {
    if (values !== null) {
      if (positions === null) values.set(from, offset)
      else for (let index = 0; index < positions.length; index += 1) values[offset + index] = from[positions[index]]
      return
    }
    const count = positions?.length ?? from.length
    for (let index = 0; index < count; index += 1) {
      const value = from[positions === null ? index : positions[index]]
      if (!Number.isNaN(value)) codes[offset + index] = code(String(value))
    }
  }

  return {
    set,
    copy: (offset, column, positions, rows) => {
      if (column.kind === 'none') return
      if (column.kind === 'numbers') {
        copyNumbers(offset, column.values, positions)
        return
      }
      const { codes: from, dictionary } = column
      const count = positions?.length ?? rows
      if (values !== null && type === 'numeric') {
        for (let index = 0; index < count; index += 1) {
          const local = from[positions === null ? index : positions[index]]
          if (local > 0) set(offset + index, dictionary[local - 1])
        }
        return
      }
      if (values !== null) turnCategorical()
      const global = new Int32Array(dictionary.length + 1).fill(-1)
      for (let index = 0; index < count; index += 1) {
        const local = from[positions === null ? index : positions[index]]
        if (local === 0) continue
        // Only categories that occur in the window become categories of the table.
        if (global[local] === -1) global[local] = code(String(dictionary[local - 1]))
        codes[offset + index] = global[local]
      }
    },
    finish: () => {
      if (values !== null) return { type: 'numeric', values }
      if (categories.length > maxSortedCategories) return { type: 'categorical', codes, categories }
      const sorted = [...categories].sort((a, b) => (a < b ? -1 : 1))
      const place = new Map(sorted.map((category, index) => [category, index]))
      const target = Int32Array.from(categories, (category) => place.get(category) as number)
      for (let index = 0; index < n; index += 1) if (codes[index] >= 0) codes[index] = target[codes[index]]
      return { type: 'categorical', codes, categories: sorted }
    },
  }
}

/** The same column with its rows in another order (or fewer of them). */
export function reorder(column: Column, order: Uint32Array): Column {
  if (column.type === 'numeric') return { type: 'numeric', values: pick(column.values, order) }
  const codes = new Int32Array(order.length)
  for (let index = 0; index < order.length; index += 1) codes[index] = column.codes[order[index]]
  return { ...column, codes }
}

export function pick(values: Float64Array, order: Uint32Array): Float64Array {
  const picked = new Float64Array(order.length)
  for (let index = 0; index < order.length; index += 1) picked[index] = values[order[index]]
  return picked
}
