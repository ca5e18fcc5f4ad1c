import type { Column, SampleTable } from '../contract/table.ts'

export interface Neighbour {
  readonly row: number
  /** 0: alike in every column, 1: as far apart as can be. */
  readonly distance: number
}

/**
 * The rows most like a sample: Gower's distance over mixed columns.
 *
 * A number contributes |a − b| over the range of the column among these rows (at most 1), a category 0 where equal and 1 where not, and
 * the distance is their mean over the columns in which both have a value. A row that shares no column with a value is left out;
 * among equals the later row, which is the newer, comes first. O(n · columns + k · n at worst).
 * Source: Gower, Biometrics 27 (1971) 857.
 */
export function nearestRows(
  table: SampleTable,
  sample: Readonly<Record<string, string | number | boolean | null>>,
  columns: readonly string[],
  k: number,
): Neighbour[] {
  const sums = new Float64Array(table.n)
  const shared = new Int32Array(table.n)
  for (const name of columns) {
    const column = table.columns.get(name)
    const value = sample[name] ?? null
    if (column === undefined || value === null) continue
    addDistances(column, value, sums, shared)
  }
  const nearest: Neighbour[] = []
  for (let row = 0; row < table.n; row++) {
    if (shared[row] === 0) continue
    const distance = sums[row] / shared[row]
    if (nearest.length === k && distance > nearest[k - 1].distance) continue
    const place = nearest.findIndex((other) => distance <= other.distance)
    nearest.splice(place < 0 ? nearest.length : place, 0, { row, distance })
    if (nearest.length > k) nearest.pop()
  }
  return nearest
}

function addDistances(column: Column, value: string | number | boolean, sums: Float64Array, shared: Int32Array): void {
  if (column.type === 'categorical') {
    const own = column.categories.indexOf(String(value))
    column.codes.forEach((code, row) => {
      if (code < 0) return
      sums[row] += code === own ? 0 : 1
      shared[row]++
    })
    return
  }
  if (typeof value !== 'number' || Number.isNaN(value)) return
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const other of column.values) {
    if (!Number.isFinite(other)) continue
    low = Math.min(low, other)
    high = Math.max(high, other)
  }
  const range = high - low
  column.values.forEach((other, row) => {
    if (Number.isNaN(other)) return
    // Where all rows are alike only the same value is near.
    sums[row] += other === value ? 0 : range > 0 ? Math.min(1, Math.abs(other - value) / range) : 1
    shared[row]++
  })
}
