import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { type SortedSample, sortSample } from './sorted-sample.ts'
import { tiedBridgeSf } from './tied-bridge.ts'

export type AndersonDarling = {
  /** n₁n₂/N² Σ (F − G)² / (H (1 − H)) over the pooled values but the last. */
  readonly statistic: number
  readonly pValue: number
  readonly method: 'limit' | 'tied'
  readonly n: PerSample
  readonly missing: PerSample
}

/** Two-sample Anderson–Darling test on unsorted samples; see {@link andersonDarlingSorted}. O(n log n). */
export function andersonDarling(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<AndersonDarling> {
  return andersonDarlingSorted(sortSample(reference), sortSample(current))
}

/**
 * Two-sample Anderson–Darling test: like Cramér–von Mises, with more weight on both tails.
 *
 * Without ties the statistic is standardised by its finite-sample variance and read off the limit law; with ties the law's
 * first three cumulants are computed for them. NaN is missing; infinities are values. `insufficient`: `too-few` below two
 * values a sample, `constant` when all values are the same. O(n) after sorting. Source: Pettitt, Biometrika 63 (1976) 161;
 * Scholz and Stephens, JASA 82 (1987) 918.
 */
export function andersonDarlingSorted(reference: SortedSample, current: SortedSample): Outcome<AndersonDarling> {
  const a = reference.values
  const b = current.values
  const n = a.length
  const m = b.length
  if (Math.min(n, m) < 2) return insufficient('too-few', Math.min(n, m), 2)
  const total = n + m
  const sizes = new Float64Array(total)
  let groups = 0
  let sum = 0
  for (let i = 0, j = 0; i < n || j < m; groups++) {
    const x = j >= m || (i < n && a[i] < b[j]) ? a[i] : b[j]
    const before = i + j
    while (i < n && a[i] === x) i++
    while (j < m && b[j] === x) j++
    sizes[groups] = i + j - before
    if (i + j === total) continue
    const gap = i / n - j / m
    const h = (i + j) / total
    sum += (sizes[groups] * gap * gap) / (h * (1 - h))
  }
  if (groups === 1) return insufficient('constant', Math.min(n, m))
  const statistic = ((sum * n) / total / total) * m
  const isTied = groups < total
  return {
    status: 'ok',
    statistic,
    pValue: isTied
      ? tiedBridgeSf(statistic, sizes.subarray(0, groups), 'tails')
      : andersonDarlingSf(1 + (statistic - 1) * Math.sqrt(LIMIT_VARIANCE / finiteVariance(n, m))),
    method: isTied ? 'tied' : 'limit',
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
  }
}

/** Variance of the limit law, 2π²/3 − 6; its mean is 1. */
const LIMIT_VARIANCE = (2 * Math.PI * Math.PI) / 3 - 6

/** Exact null variance of the statistic without ties (Scholz and Stephens' σ²_N for two samples). */
export function finiteVariance(n: number, m: number): number {
  const total = n + m
  const inverse = 1 / n + 1 / m
  let h = 0
  for (let i = 1; i < total; i++) h += 1 / i
  let g = 0
  let inner = 0
  // g = Σ_{i<=N−2} Σ_{j>i}^{N−1} 1 / ((N − i) j), the inner sum grown from the end.
  for (let i = total - 2; i >= 1; i--) {
    inner += 1 / (i + 1)
    g += inner / (total - i)
  }
  const a = 4 * g - 6 + (10 - 6 * g) * inverse
  const b = (2 * g - 4) * 4 + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
  const c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h
  const d = (2 * h + 6) * 4 - 8 * h
  return (a * total ** 3 + b * total ** 2 + c * total + d) / ((total - 1) * (total - 2) * (total - 3))
}

/**
 * Upper tail of the limit law Σ χ²_j / (j (j + 1)) by Smirnov's series of tail integrals, exact to about 1e-12.
 *
 * With M(s) its moment generating function, singular at s = j(j + 1)/2: (1/π) Σ ± ∫ |M(s)| e^(−xs) / s ds over every other
 * gap between singularities, each by Gauss–Chebyshev quadrature in √(1 + 8s).
 */
export function andersonDarlingSf(x: number): number {
  if (x < 0.05) return 1
  const nodes = 96
  let total = 0
  for (let k = 1; k < 400; k++) {
    let sum = 0
    for (let i = 0; i < nodes; i++) {
      const u = Math.cos(((2 * i + 1) * Math.PI) / (2 * nodes))
      const y = 4 * k + u
      const s = (y * y - 1) / 8
      const smooth = Math.sqrt(((1 - u) * (1 + u)) / Math.cos((Math.PI * u) / 2))
      sum += smooth * Math.sqrt((2 * Math.PI) / s) * Math.exp(-x * s) * y
    }
    const part = sum / (4 * nodes)
    total += k % 2 === 1 ? part : -part
    if (part < 1e-17 * Math.abs(total)) break
  }
  return Math.min(1, Math.max(0, total))
}
