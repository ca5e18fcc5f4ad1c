import { cramerVonMisesSf } from './cramer-von-mises-distribution.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { type SortedSample, sortSample } from './sorted-sample.ts'
import { tiedBridgeSf } from './tied-bridge.ts'

export type CramerVonMises = {
  /** n₁n₂/N² Σ (F_reference − F_current)² over all N pooled values. */
  readonly statistic: number
  readonly pValue: number
  /** `limit` law without ties; `tied` when its cumulants were computed for these ties. */
  readonly method: 'limit' | 'tied'
  /** Anderson's form from mid-ranks; equal to `statistic` without ties, and meaningless with many. */
  readonly midRankStatistic: number
  readonly n: PerSample
  readonly missing: PerSample
}

/** Two-sample Cramér–von Mises test on unsorted samples; see {@link cramerVonMisesSorted}. O(n log n). */
export function cramerVonMises(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<CramerVonMises> {
  return cramerVonMisesSorted(sortSample(reference), sortSample(current))
}

/**
 * Two-sample Cramér–von Mises test on sorted samples, right for tied (rounded, zero-heavy) data too.
 *
 * Without ties: T standardised by its exact null mean and variance, then the limit law (Anderson 1962). With ties: the
 * statistic over the distinct values, whose null law is a weighted sum of chi-squares; its first three cumulants follow
 * from the pooled shares in O(distinct values) and are matched by a scaled chi-square. NaN is missing; infinities are
 * values. `insufficient`: `too-few` below two values a sample, `constant` when all values are the same.
 */
export function cramerVonMisesSorted(reference: SortedSample, current: SortedSample): Outcome<CramerVonMises> {
  const a = reference.values
  const b = current.values
  const n = a.length
  const m = b.length
  if (Math.min(n, m) < 2) return insufficient('too-few', Math.min(n, m), 2)
  const total = n + m
  const sizes = new Float64Array(total)
  let groups = 0
  let squares = 0
  let rankSquares = 0
  for (let i = 0, j = 0; i < n || j < m; groups++) {
    const x = j >= m || (i < n && a[i] < b[j]) ? a[i] : b[j]
    const i0 = i
    const j0 = j
    while (i < n && a[i] === x) i++
    while (j < m && b[j] === x) j++
    sizes[groups] = i - i0 + (j - j0)
    const gap = i / n - j / m
    squares += sizes[groups] * gap * gap
    const rank = (i0 + j0 + i + j + 1) / 2
    rankSquares += n * squaredGaps(rank, i0, i) + m * squaredGaps(rank, j0, j)
  }
  if (groups === 1) return insufficient('constant', Math.min(n, m))
  const statistic = ((squares * n) / total / total) * m
  const midRankStatistic = rankSquares / (n * m * total) - (4 * n * m - 1) / (6 * total)
  const isTied = groups < total
  return {
    status: 'ok',
    statistic,
    pValue: isTied
      ? tiedBridgeSf(statistic, sizes.subarray(0, groups), 'even')
      : cramerVonMisesSf(standardised(statistic, n, m)),
    method: isTied ? 'tied' : 'limit',
    midRankStatistic,
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
  }
}

/** Moves and scales a tie-free T from its exact null mean and variance to those of the limit law. */
export function standardised(statistic: number, n: number, m: number): number {
  const total = n + m
  const mean = (1 + 1 / total) / 6
  const variance =
    ((total + 1) * (4 * n * m * total - 3 * (n * n + m * m) - 2 * n * m)) / (45 * total * total * 4 * n * m)
  return 1 / 6 + (statistic - mean) / Math.sqrt(45 * variance)
}

/** Σ (rank − k)² over k = from + 1 … to. */
function squaredGaps(rank: number, from: number, to: number): number {
  const count = to - from
  const centre = (from + 1 + to) / 2
  return count * (rank - centre) ** 2 + (count * (count * count - 1)) / 12
}
