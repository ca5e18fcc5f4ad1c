import { chiSquareSf } from './chi-square-distribution.ts'
import { insufficient, type Outcome } from './outcome.ts'

export type YatesChiSquare = { readonly statistic: number; readonly pValue: number; readonly n: number }

/**
 * Chi-square test of a 2 × 2 table of counts [[a, b], [c, d]] with Yates' continuity correction: every |observed − expected|
 * is made smaller by ½, at most to 0.
 *
 * Given beside the uncorrected test for comparison with tools that correct by default; it rejects too seldom. `insufficient`
 * with `too-few` for an empty table, `one-class` when a margin is empty. RangeError for a negative count. Constant time.
 * Source: Yates, Suppl. J. R. Statist. Soc. 1 (1934) 217.
 */
export function yatesChiSquare(a: number, b: number, c: number, d: number): Outcome<YatesChiSquare> {
  for (const count of [a, b, c, d]) if (!(count >= 0)) throw new RangeError(`counts must be >= 0, got ${count}`)
  const n = a + b + c + d
  if (n === 0) return insufficient('too-few', 0, 1)
  const rows = [a + b, c + d]
  const columns = [a + c, b + d]
  if (Math.min(...rows, ...columns) === 0) return insufficient('one-class', n)
  // All four cells are off by the same amount.
  const off = Math.abs(a - (rows[0] * columns[0]) / n)
  const corrected = off - Math.min(0.5, off)
  let statistic = 0
  for (const row of rows) for (const column of columns) statistic += corrected ** 2 / ((row * column) / n)
  return { status: 'ok', statistic, pValue: chiSquareSf(statistic, 1), n }
}
