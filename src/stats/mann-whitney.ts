import { normalSf } from './normal-distribution.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { type SortedSample, sortSample } from './sorted-sample.ts'

export type MannWhitney = {
  /** U of the reference: pairs in which the reference value is the larger one, ties counted half. */
  readonly statistic: number
  readonly pValue: number
  readonly method: 'exact' | 'asymptotic'
  /** Probability that a current value exceeds a reference value, ties counted half; 0.5 means no shift. */
  readonly superiority: number
  readonly n: PerSample
  readonly missing: PerSample
}

/** Two-sided Mann–Whitney U test on unsorted samples; see {@link mannWhitneySorted}. O(n log n). */
export function mannWhitney(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<MannWhitney> {
  return mannWhitneySorted(sortSample(reference), sortSample(current))
}

/**
 * Two-sided Mann–Whitney U test (Wilcoxon's rank sum) on sorted samples.
 *
 * Exact without ties when the smaller sample has at most 8 values and the larger at most 100; otherwise normal with tie
 * and continuity correction. NaN is missing; infinities are values. `insufficient`: `too-few` when a sample is empty,
 * `constant` when all values are the same. O(n) after sorting.
 */
export function mannWhitneySorted(reference: SortedSample, current: SortedSample): Outcome<MannWhitney> {
  const a = reference.values
  const b = current.values
  const n = a.length
  const m = b.length
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  let wins = 0
  let tieSum = 0
  let i = 0
  let j = 0
  while (i < n || j < m) {
    const x = j >= m || (i < n && a[i] < b[j]) ? a[i] : b[j]
    const i0 = i
    const j0 = j
    while (i < n && a[i] === x) i++
    while (j < m && b[j] === x) j++
    const equal = i - i0 + (j - j0)
    wins += (i - i0) * (j0 + (j - j0) / 2)
    tieSum += equal * equal * equal - equal
  }
  const pairs = n * m
  const total = n + m
  const variance = (pairs / 12) * (total + 1 - tieSum / (total * Math.max(1, total - 1)))
  if (!(variance > 1e-12 * pairs)) return insufficient('constant', Math.min(n, m))
  const larger = Math.max(wins, pairs - wins)
  const isExact = tieSum === 0 && Math.min(n, m) <= 8 && Math.max(n, m) <= 100
  const z = (larger - pairs / 2 - 0.5) / Math.sqrt(variance)
  return {
    status: 'ok',
    statistic: wins,
    pValue: Math.min(1, 2 * (isExact ? exactTail(n, m, larger) : normalSf(z))),
    method: isExact ? 'exact' : 'asymptotic',
    superiority: 1 - wins / pairs,
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
  }
}

/** P(U >= u) when all merges of n and m values are equally likely. */
function exactTail(n: number, m: number, u: number): number {
  const few = Math.min(n, m)
  const many = Math.max(n, m)
  // laws[i] is the law of U for i against j values; one more of the many is added in each round.
  const laws = Array.from({ length: few + 1 }, () => new Float64Array(few * many + 1))
  for (const law of laws) law[0] = 1
  for (let j = 1; j <= many; j++) {
    for (let i = 1; i <= few; i++) {
      // The largest of all values is one of the few (then it wins against all j of the many) or one of the many.
      const law = laws[i]
      for (let k = i * j; k >= 0; k--) {
        const fromFew = k >= j ? laws[i - 1][k - j] : 0
        law[k] = (i * fromFew + j * law[k]) / (i + j)
      }
    }
  }
  let tail = 0
  for (let k = few * many; k >= u; k--) tail += laws[few][k]
  return tail
}
