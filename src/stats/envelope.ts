import type { TreeColumn } from './feature-binning.ts'
import { type Random, shuffle } from './random.ts'
import { robustSpread } from './robust-spread.ts'

/** How far a row lies from a reference. */
export interface EnvelopeScore {
  /** Mean distance to the nearest reference rows. */
  readonly distance: number
  /** Share of rows kept apart that lie as far or further, the row itself counted: small means outside. */
  readonly pValue: number
  /** Each column's part of the squared distance; they sum to 1 (all 0 at distance 0). */
  readonly parts: Float64Array
}

export interface Envelope {
  readonly referenceRows: number
  readonly holdoutRows: number
  /** Scores row `row` of columns like those of the reference, with categories coded alike. */
  score(columns: readonly TreeColumn[], row: number): EnvelopeScore
}

const neighbours = 5
/** A column alone counts at most this many spreads: beyond, further is not more outside. */
const furthest = 10

/**
 * The region in which a reference lies, as distances to nearest neighbours calibrated on a part kept apart.
 *
 * Numbers count in robust spreads of the reference, another category or a value missing on one side alone as one spread; the
 * distance of two rows is Euclidean, of a row the mean over its five nearest of `mostRows` reference rows. p = (1 + kept rows at least as far) /
 * (kept rows + 1): uniform, up to steps, for rows exchangeable with the reference. Null for fewer than 20 rows. Building O(rows² · columns),
 * a score O(rows · columns). Source: Ramaswamy et al., SIGMOD (2000); p-values by Vovk et al., Algorithmic Learning in a Random World (2005).
 */
export function buildEnvelope(
  columns: readonly TreeColumn[],
  n: number,
  { mostRows, random }: { readonly mostRows: number; readonly random: Random },
): Envelope | null {
  if (n < 20 || columns.length === 0) return null
  const order = shuffle(
    random,
    Uint32Array.from({ length: n }, (_, row) => row),
  )
  const half = Math.min(mostRows, Math.floor(n / 2))
  const spreads = columns.map((column) => (column.kind === 'numeric' ? robustSpread(column.values) : 1))
  const m = columns.length
  const encode = (source: readonly TreeColumn[], row: number, into: Float64Array, at: number) => {
    for (let j = 0; j < m; j++) {
      const column = source[j]
      if (column.kind === 'numeric') into[at + j] = column.values[row] / spreads[j]
      else into[at + j] = column.codes[row] < 0 ? Number.NaN : column.codes[row]
    }
  }
  const known = new Float64Array(half * m)
  for (let i = 0; i < half; i++) encode(columns, order[i], known, i * m)
  const isCategory = columns.map(({ kind }) => kind === 'categorical')
  /** Squared difference in one column. */
  const squared = (a: number, b: number, j: number): number => {
    if (a === b) return 0
    const isGone = Number.isNaN(a)
    if (isGone || Number.isNaN(b)) return isGone && Number.isNaN(b) ? 0 : 1
    if (isCategory[j]) return 1
    const gap = Math.min(furthest, Math.abs(a - b))
    return gap * gap
  }
  const k = Math.min(neighbours, half)
  const nearest = new Float64Array(k)
  const places = new Int32Array(k)
  const search = (row: Float64Array): number => {
    nearest.fill(Number.POSITIVE_INFINITY)
    for (let i = 0; i < half; i++) {
      let sum = 0
      for (let j = 0; j < m && sum < nearest[k - 1]; j++) sum += squared(row[j], known[i * m + j], j)
      if (sum >= nearest[k - 1]) continue
      let place = k - 1
      while (place > 0 && nearest[place - 1] > sum) {
        nearest[place] = nearest[place - 1]
        places[place] = places[place - 1]
        place--
      }
      nearest[place] = sum
      places[place] = i
    }
    let distance = 0
    for (let i = 0; i < k; i++) distance += Math.sqrt(nearest[i]) / k
    return distance
  }
  const row = new Float64Array(m)
  const kept = Math.min(half, n - half)
  const distances = new Float64Array(kept)
  for (let i = 0; i < kept; i++) {
    encode(columns, order[half + i], row, 0)
    distances[i] = search(row)
  }
  distances.sort()
  return {
    referenceRows: half,
    holdoutRows: kept,
    score(source, at) {
      encode(source, at, row, 0)
      const distance = search(row)
      const parts = new Float64Array(m)
      let total = 0
      for (let i = 0; i < k; i++)
        for (let j = 0; j < m; j++) {
          const part = squared(row[j], known[places[i] * m + j], j)
          parts[j] += part
          total += part
        }
      if (total > 0) for (let j = 0; j < m; j++) parts[j] /= total
      return { distance, pValue: (1 + atLeast(distances, distance)) / (kept + 1), parts }
    },
  }
}

/** How many of ascending values are at least `value`. */
function atLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return sorted.length - low
}
