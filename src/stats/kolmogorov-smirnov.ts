import { kolmogorovSf } from './kolmogorov-distribution.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { type SortedSample, sortSample } from './sorted-sample.ts'
import { type TwoSampleWalk, walkTogether } from './two-sample-walk.ts'

/** Largest sample for which the p-value counts lattice paths. */
const EXACT_MAX_N = 10_000
/** Lattice cells beyond which p is below 1e-60 anyway, and the expansion stands in for the count. */
const EXACT_MAX_CELLS = 3e7

export type KolmogorovSmirnov = {
  /** Largest distance between the two empirical distribution functions, in [0, 1]. */
  readonly statistic: number
  readonly pValue: number
  readonly method: 'exact' | 'asymptotic'
  /** Where the distance is largest. */
  readonly location: number
  /** 1 when the reference's distribution function is the higher one there (current values tend to be larger), else −1. */
  readonly sign: 1 | -1
  readonly n: PerSample
  readonly missing: PerSample
}

/** Two-sample Kolmogorov–Smirnov test on unsorted samples; see {@link kolmogorovSmirnovSorted}. O(n log n). */
export function kolmogorovSmirnov(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
): Outcome<KolmogorovSmirnov> {
  return kolmogorovSmirnovSorted(sortSample(reference), sortSample(current))
}

/**
 * Two-sample two-sided Kolmogorov–Smirnov test: D = max |F_reference − F_current|.
 *
 * p is exact (no ties assumed; with ties it errs on the safe side) while both samples hold at most 10,000 values, and
 * otherwise Kolmogorov's one-sample tail at n = round(n₁n₂/(n₁+n₂)). NaN is missing; infinities are values.
 * `insufficient` when a sample is empty. O(n) after sorting, plus O(n²·D) for the exact p. `walk` may be given when known.
 */
export function kolmogorovSmirnovSorted(
  reference: SortedSample,
  current: SortedSample,
  walk?: TwoSampleWalk,
): Outcome<KolmogorovSmirnov> {
  const a = reference.values
  const b = current.values
  const n = a.length
  const m = b.length
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  const { highest, lowest, highestAt, lowestAt } = walk ?? walkTogether(a, b)
  const up = highest >= -lowest
  const gap = up ? highest : -lowest
  const statistic = gap / (n * m)
  const isExact = Math.max(n, m) <= EXACT_MAX_N && latticeCells(n, m, gap) <= EXACT_MAX_CELLS
  return {
    status: 'ok',
    statistic,
    pValue: isExact ? exactPValue(n, m, gap) : kolmogorovSf(statistic, Math.round((n * m) / (n + m))),
    method: isExact ? 'exact' : 'asymptotic',
    location: up ? highestAt : lowestAt,
    sign: up ? 1 : -1,
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
  }
}

function latticeCells(n: number, m: number, gap: number): number {
  return (n + 1) * Math.min(m + 1, (2 * gap) / n + 1)
}

/**
 * P(max |i·m − j·n| >= gap) over all equally likely merges of n and m values (Hodges' recursion).
 *
 * Carries the probability of having left the band, not of having stayed, so that small p-values keep their digits.
 */
function exactPValue(n: number, m: number, gap: number): number {
  if (gap === 0) return 1
  const left = new Float64Array(m + 1).fill(1)
  for (let j = 0; j * n < gap && j <= m; j++) left[j] = 0
  for (let i = 1; i <= n; i++) {
    const centre = i * m
    const from = Math.max(0, Math.floor((centre - gap) / n) + 1)
    const to = Math.min(m, Math.ceil((centre + gap) / n) - 1)
    if (from > 0) left[from - 1] = 1
    let before = from > 0 ? 1 : 0
    for (let j = from; j <= to; j++) {
      before = (i * left[j] + j * before) / (i + j)
      left[j] = before
    }
  }
  return Math.min(1, left[m])
}
