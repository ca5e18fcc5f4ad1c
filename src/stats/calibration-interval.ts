import { normalQuantile } from './normal-distribution.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'
import { quantileSorted } from './quantiles.ts'
import { type Random, randomNormal } from './random.ts'

/** What a bin of a reliability diagram needs to keep: sums over its rows of outcome − score, of its square and of s (1 − s). */
export type ResidualBin = {
  readonly n: number
  readonly sum: number
  readonly squares: number
  readonly spread: number
}

/** Adds rows up into bins; NaN residuals are left out. `binOf` gives a row's bin. O(n). */
export function residualBins(
  rows: number,
  bins: number,
  rowOf: (row: number) => { readonly score: number; readonly hit: number; readonly bin: number } | null,
): ResidualBin[] {
  const sums = Array.from({ length: bins }, () => ({ n: 0, sum: 0, squares: 0, spread: 0 }))
  for (let row = 0; row < rows; row++) {
    const one = rowOf(row)
    if (one === null) continue
    const bin = sums[one.bin]
    const residual = one.hit - one.score
    bin.n++
    bin.sum += residual
    bin.squares += residual * residual
    bin.spread += one.score * (1 - one.score)
  }
  return sums
}

/**
 * Expected calibration error over fixed bins, Σ |mean residual of the bin| · its share, with an interval.
 *
 * The plain value is too high, the more so the fewer rows: noise has a size, whichever way it points. Bounds that hold all the
 * same: below, the value less the (1 + confidence)/2 quantile of Σ |noise of a bin| (the triangle inequality; simulated from
 * normal noise of each bin, `repeats` times), never below 0; above, the value plus z · √((mean residual² − value²) / n), since
 * the signed sum that it bounds from above has no such bias. Coverage is at least nominal. The noise of a bin is the larger of
 * what its rows show and what its scores would give, so that a bin without a miss counts as uncertain.
 * `insufficient` with `too-few` for n = 0. O(repeats · bins).
 */
export function expectedCalibrationError(
  bins: readonly ResidualBin[],
  random: Random,
  { repeats = 500, confidence = 0.95 }: { repeats?: number; confidence?: number } = {},
): Outcome<Estimate> {
  checkConfidence(confidence)
  const filled = bins.filter(({ n }) => n > 0)
  const n = filled.reduce((sum, bin) => sum + bin.n, 0)
  if (n === 0) return insufficient('too-few', 0, 1)
  const value = filled.reduce((sum, bin) => sum + Math.abs(bin.sum), 0) / n
  const noise = filled.map(({ squares, spread, sum }) =>
    Math.sqrt(Math.max(0, Math.max(squares, spread) - (sum * sum) / n)),
  )
  const draws = Float64Array.from({ length: repeats }, () =>
    noise.reduce((sum, deviation) => sum + Math.abs(deviation * randomNormal(random)) / n, 0),
  ).sort()
  const upper = (1 + confidence) / 2
  const square = filled.reduce((sum, { squares, spread }) => sum + Math.max(squares, spread), 0) / n
  const margin = normalQuantile(upper) * Math.sqrt(Math.max(0, square - value * value) / n)
  const low = Math.max(0, value - (quantileSorted(draws, upper) ?? 0))
  return { status: 'ok', value, n, interval: { low, high: Math.min(1, value + margin), confidence } }
}
