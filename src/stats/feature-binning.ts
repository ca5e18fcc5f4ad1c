import { upperBound } from './sorted-sample.ts'

/** A column for a tree: numbers (NaN missing) or dictionary codes (outside 0 … categories−1 missing). */
export type TreeColumn =
  | { readonly kind: 'numeric'; readonly values: ArrayLike<number> }
  | { readonly kind: 'categorical'; readonly codes: ArrayLike<number>; readonly categories: number }

/**
 * How a column is cut into at most 256 bins; bin 0 is the missing one.
 *
 * Numeric bin b > 0 holds (edges[b−2], edges[b−1]], the outer ones unbounded. A categorical bin b > 0 holds the codes that
 * `binOfCode` sends there; the rarest of more than 254 categories share the last bin.
 */
export type ColumnBins =
  | { readonly kind: 'numeric'; readonly edges: Float64Array; readonly bins: number }
  | { readonly kind: 'categorical'; readonly binOfCode: Uint8Array; readonly bins: number }

/** A column as bin numbers, one byte a row. */
export type BinnedColumn = { readonly cut: ColumnBins; readonly rows: Uint8Array }

const MAX_CATEGORY_BINS = 255
const EDGE_SAMPLE = 20_000

/**
 * Cuts a column into bins for a tree: numbers at quantiles of an even sample of 20,000 rows (at every distinct value when
 * there are few), categories one bin each.
 *
 * `maxBins` (2 … 255) bounds the numeric bins. Deterministic. O(n log maxBins).
 */
export function binColumn(column: TreeColumn, maxBins = 64): BinnedColumn {
  if (!(maxBins >= 2 && maxBins <= 255)) throw new RangeError(`a column takes 2 to 255 bins, got ${maxBins}`)
  const cut = column.kind === 'numeric' ? numericBins(column.values, maxBins) : categoryBins(column)
  return { cut, rows: applyBins(column, cut) }
}

/** Bin numbers of a column under a cut that may come from other rows; unseen codes count as missing. O(n log bins). */
export function applyBins(column: TreeColumn, cut: ColumnBins): Uint8Array {
  if (column.kind !== cut.kind) throw new RangeError(`a ${column.kind} column cannot use ${cut.kind} bins`)
  if (column.kind === 'numeric' && cut.kind === 'numeric') return applyEdges(column.values, cut.edges)
  const codes = column.kind === 'categorical' ? column.codes : []
  const binOfCode = cut.kind === 'categorical' ? cut.binOfCode : new Uint8Array()
  const rows = new Uint8Array(codes.length)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    if (code >= 0 && code < binOfCode.length) rows[i] = binOfCode[code]
  }
  return rows
}

/** Cells of the grid that narrows the search for a value's bin down, mostly to one edge or none. */
const GRID_CELLS = 2048

function applyEdges(values: ArrayLike<number>, edges: Float64Array): Uint8Array {
  const rows = new Uint8Array(values.length)
  const low = edges[0] ?? 0
  const range = (edges[edges.length - 1] ?? 0) - low
  // Without a finite range the grid cannot help: one cell then holds all edges.
  const scale = range > 0 && Number.isFinite(GRID_CELLS / range) ? GRID_CELLS / range : 0
  const grid = gridOf(edges, low, scale)
  for (let i = 0; i < values.length; i++) {
    const x = values[i]
    if (Number.isNaN(x)) continue
    const place = (x - low) * scale
    // Outside the edges, and where a vast range overflows the scale, the grid's ends hold.
    const cell = place > 0 ? (place < GRID_CELLS ? place | 0 : GRID_CELLS) : 0
    let from = grid[cell]
    let to = grid[cell + 1]
    while (from < to) {
      const middle = (from + to) >>> 1
      if (edges[middle] < x) from = middle + 1
      else to = middle
    }
    rows[i] = from + 1
  }
  return rows
}

/** For each cell, how many edges surely lie below all its values; the next cell's entry bounds the search from above. */
function gridOf(edges: Float64Array, low: number, scale: number): Uint16Array {
  const grid = new Uint16Array(GRID_CELLS + 2).fill(edges.length)
  grid[0] = 0
  if (scale === 0) return grid
  let edge = 0
  for (let cell = 1; cell <= GRID_CELLS; cell++) {
    // An edge that by rounding falls into this cell must not be counted as below it.
    while (edge < edges.length && (edges[edge] - low) * scale < cell) edge++
    grid[cell] = edge
  }
  return grid
}

function numericBins(values: ArrayLike<number>, maxBins: number): ColumnBins {
  const stride = Math.max(1, Math.floor(values.length / EDGE_SAMPLE))
  const sample: number[] = []
  for (let i = 0; i < values.length; i += stride) if (!Number.isNaN(values[i])) sample.push(values[i])
  const sorted = Float64Array.from(sample).sort()
  const n = sorted.length
  const edges: number[] = []
  for (let at = 0; at < n && edges.length <= maxBins; at = upperBound(sorted, sorted[at])) edges.push(sorted[at])
  if (edges.length > maxBins) {
    edges.length = 0
    for (let b = 1; b <= maxBins; b++) {
      const edge = sorted[Math.ceil((b * n) / maxBins) - 1]
      if (edge !== edges[edges.length - 1]) edges.push(edge)
    }
  }
  // The largest value bounds nothing: what lies above the last edge is the last bin.
  edges.pop()
  return { kind: 'numeric', edges: Float64Array.from(edges), bins: edges.length + 2 }
}

function categoryBins({ codes, categories }: Extract<TreeColumn, { kind: 'categorical' }>): ColumnBins {
  const counts = new Float64Array(categories)
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]
    if (code >= 0 && code < categories) counts[code]++
  }
  const present = [...counts.keys()].filter((code) => counts[code] > 0)
  const ranked = present.length <= MAX_CATEGORY_BINS ? present : present.sort((a, b) => counts[b] - counts[a] || a - b)
  const binOfCode = new Uint8Array(categories)
  ranked.forEach((code, i) => {
    binOfCode[code] = Math.min(i + 1, MAX_CATEGORY_BINS)
  })
  return { kind: 'categorical', binOfCode, bins: Math.min(ranked.length, MAX_CATEGORY_BINS) + 1 }
}
