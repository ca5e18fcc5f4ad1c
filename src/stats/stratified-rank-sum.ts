import { normalSf } from './normal-distribution.ts'
import { insufficient, type Outcome } from './outcome.ts'
import type { ScoredClasses } from './scored-classes.ts'

export type StratifiedRankSum = {
  /** Standardised; positive where positives score higher. */
  readonly statistic: number
  /** One-sided: that positives score higher. */
  readonly pValue: number
  readonly strata: number
}

/**
 * Rank-sum test over strata that positives score higher than negatives, each stratum ranked by itself (van Elteren without weights).
 *
 * Sum of the strata's U, standardised by its exact null variance for these ties: n·m/12 · (N + 1 − Σ(t³ − t)/(N(N − 1))). For
 * scores of folds whose models saw other rows only. Strata without both classes are left out; `insufficient` when none is left
 * or all scores of each are the same. O(n) on split scores. Source: Lehmann, Nonparametrics (1975), 3.3.
 */
export function stratifiedRankSum(
  strata: readonly Pick<ScoredClasses, 'positive' | 'negative'>[],
): Outcome<StratifiedRankSum> {
  let [excess, variance, used] = [0, 0, 0]
  for (const { positive, negative } of strata) {
    const [n, m] = [positive.length, negative.length]
    if (n === 0 || m === 0) continue
    used++
    let [wins, ties] = [0, 0]
    for (let i = 0, j = 0; i < n || j < m; ) {
      const x = j >= m || (i < n && positive[i] < negative[j]) ? positive[i] : negative[j]
      const [i0, j0] = [i, j]
      while (i < n && positive[i] === x) i++
      while (j < m && negative[j] === x) j++
      const equal = i - i0 + j - j0
      wins += (i - i0) * (j0 + (j - j0) / 2)
      ties += equal ** 3 - equal
    }
    const total = n + m
    excess += wins - (n * m) / 2
    variance += ((n * m) / 12) * (total + 1 - ties / (total * Math.max(1, total - 1)))
  }
  if (used === 0) return insufficient('one-class', 0)
  if (!(variance > 1e-9)) return insufficient('constant', used)
  const statistic = excess / Math.sqrt(variance)
  return { status: 'ok', statistic, pValue: normalSf(statistic), strata: used }
}
