import { logChoose } from './log-gamma.ts'
import { insufficient, type Outcome } from './outcome.ts'

export type FisherExact = {
  readonly pValue: number
  /** (a·d) / (b·c); null when b·c = 0. */
  readonly oddsRatio: number | null
  readonly n: number
}

/**
 * Fisher's exact two-sided test of a 2 × 2 table of counts [[a, b], [c, d]].
 *
 * Adds the hypergeometric probabilities of all tables with the same margins that are at most as likely as this one (with
 * a relative slack of 1e-7 for ties). `insufficient` with `one-class` when a margin is empty, since then only one table is
 * possible. Throws RangeError for a count that is not a whole number >= 0. O(smallest margin).
 */
export function fisherExact(a: number, b: number, c: number, d: number): Outcome<FisherExact> {
  for (const count of [a, b, c, d]) {
    if (!Number.isInteger(count) || count < 0) throw new RangeError(`counts must be whole and >= 0, got ${count}`)
  }
  const n = a + b + c + d
  if (n === 0) return insufficient('too-few', 0, 1)
  if (a + b === 0 || c + d === 0 || a + c === 0 || b + d === 0) return insufficient('one-class', n)
  const row = a + b
  const column = a + c
  const from = Math.max(0, column - (n - row))
  const to = Math.min(row, column)
  const mode = Math.min(to, Math.max(from, Math.floor(((row + 1) * (column + 1)) / (n + 2))))
  // Probabilities relative to the mode's: no underflow where it matters, and one pass.
  const observed = Math.exp(
    logChoose(row, a) + logChoose(n - row, column - a) - logChoose(row, mode) - logChoose(n - row, column - mode),
  )
  const limit = observed * (1 + 1e-7)
  let all = 1
  let asUnlikely = limit >= 1 ? 1 : 0
  const add = (weight: number): void => {
    all += weight
    if (weight <= limit) asUnlikely += weight
  }
  for (let x = mode, weight = 1; x < to; x++) {
    weight *= ((row - x) / (x + 1)) * ((column - x) / (n - row - column + x + 1))
    add(weight)
  }
  for (let x = mode, weight = 1; x > from; x--) {
    weight *= (x / (row - x + 1)) * ((n - row - column + x) / (column - x + 1))
    add(weight)
  }
  return { status: 'ok', pValue: Math.min(1, asUnlikely / all), oddsRatio: b * c === 0 ? null : (a * d) / (b * c), n }
}
