import type { Column } from '../../contract/table.ts'
import type { TreeColumn } from '../../stats/feature-binning.ts'
import { createRandom, sampleWithoutReplacement } from '../../stats/random.ts'
import type { ColumnPair } from '../drift/pairs.ts'

/** Rows of both sides in one table: those of the reference come first. */
export interface PooledColumns {
  readonly names: readonly string[]
  readonly columns: readonly TreeColumn[]
  readonly rows: { readonly reference: number; readonly current: number }
}

/**
 * Puts the inputs that both sides have in one type together, at most `maxRows` rows of each side, drawn at random (the seed decides)
 * and kept in their order. Infinite values count as missing. O(rows · columns).
 */
export function poolColumns(pairs: readonly ColumnPair[], maxRows: number, seed: number): PooledColumns {
  const usable = pairs.flatMap(({ name, role, reference, current }) =>
    role === 'feature' && reference !== null && current !== null && reference.type === current.type
      ? [{ name, reference, current }]
      : [],
  )
  const random = createRandom(seed)
  const draw = (column: Column | undefined) => {
    const n = column === undefined ? 0 : lengthOf(column)
    return n <= maxRows
      ? Uint32Array.from({ length: n }, (_, row) => row)
      : sampleWithoutReplacement(random, n, maxRows).sort()
  }
  const before = draw(usable[0]?.reference)
  const now = draw(usable[0]?.current)
  return {
    names: usable.map(({ name }) => name),
    columns: usable.map(({ reference, current }) => join(reference, current, before, now)),
    rows: { reference: before.length, current: now.length },
  }
}

const lengthOf = (column: Column) => (column.type === 'numeric' ? column.values : column.codes).length

function join(reference: Column, current: Column, before: Uint32Array, now: Uint32Array): TreeColumn {
  const n = before.length + now.length
  if (reference.type === 'numeric' && current.type === 'numeric') {
    const values = new Float64Array(n)
    before.forEach((row, i) => {
      values[i] = finite(reference.values[row])
    })
    now.forEach((row, i) => {
      values[before.length + i] = finite(current.values[row])
    })
    return { kind: 'numeric', values }
  }
  if (reference.type !== 'categorical' || current.type !== 'categorical') throw new Error('columns of one type')
  const place = new Map<string, number>()
  for (const { categories } of [reference, current])
    for (const category of categories) if (!place.has(category)) place.set(category, place.size)
  const codes = new Int32Array(n)
  before.forEach((row, i) => {
    codes[i] = place.get(reference.categories[reference.codes[row]]) ?? -1
  })
  now.forEach((row, i) => {
    codes[before.length + i] = place.get(current.categories[current.codes[row]]) ?? -1
  })
  return { kind: 'categorical', codes, categories: place.size }
}

const finite = (x: number) => (Number.isFinite(x) ? x : Number.NaN)
