import { logChoose } from './log-gamma.ts'
import { checkSameLength, insufficient, type Outcome, type PerSample } from './outcome.ts'

export type FisherExactTable = {
  /** Null when the table has too many possible variants to count; the chi-square test serves large tables. */
  readonly pValue: number | null
  readonly n: PerSample
}

/** Half-counted tables that are kept at once before giving up. */
const MAX_BRANCHES = 200_000
/** Work of the bounds, in steps, from which a table is not small. */
const MAX_STEPS = 50_000_000

/**
 * Fisher's exact test (Freeman and Halton) that two samples have the same shares over k categories.
 *
 * `reference` and `current` are counts over the same categories. Adds the probabilities of all 2 × k tables with the same margins
 * that are at most as likely as this one (with a relative slack of 1e-7 for ties). Categories are filled one after the other;
 * branches that came to the same remainder and likelihood are joined, and a branch whose every completion is on one side of the
 * limit is counted whole, by Vandermonde's identity, or dropped. `insufficient` with `too-few` when a sample is empty, `one-class`
 * when only one category is present. RangeError for a count that is not a whole number >= 0.
 * O(n · N) for the bounds and as many branches as there are. Source: Mehta and Patel, J. Amer. Statist. Assoc. 78 (1983) 427.
 */
export function fisherExactTable(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<FisherExactTable> {
  const k = checkSameLength(reference, current, 'category counts')
  const columns: { total: number; count: number }[] = []
  let n = 0
  let m = 0
  for (let i = 0; i < k; i++) {
    for (const count of [reference[i], current[i]]) {
      if (!Number.isInteger(count) || count < 0) throw new RangeError(`counts must be whole and >= 0, got ${count}`)
    }
    n += reference[i]
    m += current[i]
    if (reference[i] + current[i] > 0) columns.push({ total: reference[i] + current[i], count: reference[i] })
  }
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  if (columns.length < 2) return insufficient('one-class', Math.min(n, m))
  // The smaller sample is placed; large categories first leave short, well-bounded ends.
  if (m < n) for (const column of columns) column.count = column.total - column.count
  columns.sort((a, b) => b.total - a.total)
  const limit = columns.reduce((sum, { total, count }) => sum + logChoose(total, count), 0) + 1e-7
  return {
    status: 'ok',
    pValue: tailProbability(
      columns.map(({ total }) => total),
      Math.min(n, m),
      limit,
    ),
    n: { reference: n, current: m },
  }
}

function tailProbability(totals: readonly number[], placed: number, limit: number): number | null {
  if ((placed + 1) * totals.reduce((sum, total) => sum + Math.min(total, placed) + 1, 0) > MAX_STEPS) return null
  const weights = totals.map((total) =>
    Float64Array.from({ length: Math.min(total, placed) + 1 }, (_, count) => logChoose(total, count)),
  )
  const { most, least, room } = boundCompletions(weights, totals, placed)
  const all = logChoose(room[0], placed)
  let probability = 0
  let branches = new Map<string, { rest: number; past: number; times: number }>([
    ['', { rest: placed, past: 0, times: 1 }],
  ])
  for (let column = 0; branches.size > 0; column++) {
    const next: typeof branches = new Map()
    for (const { rest, past, times } of branches.values()) {
      if (past + most[column][rest] <= limit) {
        probability += times * Math.exp(past + logChoose(room[column], rest) - all)
        continue
      }
      if (past + least[column][rest] > limit) continue
      const from = Math.max(0, rest - room[column + 1])
      const to = Math.min(rest, totals[column])
      for (let count = from; count <= to; count++) {
        const sum = past + weights[column][count]
        // Likelihoods that agree to nine decimals are one: the slack for ties is far wider.
        const key = `${rest - count}:${Math.round(sum * 1e9)}`
        const known = next.get(key)
        if (known) known.times += times
        else next.set(key, { rest: rest - count, past: sum, times })
      }
      if (next.size > MAX_BRANCHES) return null
    }
    branches = next
  }
  return Math.min(1, probability)
}

/** Largest and smallest log weight of any way to place `rest` in the categories from a column on, and their room. */
function boundCompletions(weights: readonly Float64Array[], totals: readonly number[], placed: number) {
  const k = totals.length
  const most = Array.from({ length: k + 1 }, () => new Float64Array(placed + 1).fill(Number.NEGATIVE_INFINITY))
  const least = Array.from({ length: k + 1 }, () => new Float64Array(placed + 1).fill(Number.POSITIVE_INFINITY))
  const room = new Float64Array(k + 1)
  most[k][0] = 0
  least[k][0] = 0
  for (let column = k - 1; column >= 0; column--) {
    room[column] = room[column + 1] + totals[column]
    for (let rest = 0; rest <= Math.min(placed, room[column]); rest++) {
      for (let count = Math.max(0, rest - room[column + 1]); count <= Math.min(rest, totals[column]); count++) {
        const weight = weights[column][count]
        most[column][rest] = Math.max(most[column][rest], weight + most[column + 1][rest - count])
        least[column][rest] = Math.min(least[column][rest], weight + least[column + 1][rest - count])
      }
    }
  }
  return { most, least, room }
}
