/** Mergeable summary of a sample: count, mean and central power sums. Plain numbers, fit for storing. */
export type Moments = {
  /** Finite values. */
  readonly n: number
  /** NaN values, left out. */
  readonly missing: number
  /** Infinite values, left out. */
  readonly infinite: number
  readonly mean: number
  /** Σ(x − mean)², ³ and ⁴. */
  readonly m2: number
  readonly m3: number
  readonly m4: number
  /** Null when n = 0. */
  readonly min: number | null
  readonly max: number | null
}

/** The summary of nothing: merging with it changes nothing. */
export const EMPTY_MOMENTS: Moments = {
  n: 0,
  missing: 0,
  infinite: 0,
  mean: 0,
  m2: 0,
  m3: 0,
  m4: 0,
  min: null,
  max: null,
}

const BLOCK = 4096

/**
 * Moments of a sample in one call: NaN counted as missing, infinities counted apart, both left out.
 *
 * Two passes inside each block of 4,096 (exact and quick), blocks merged pairwise in order. O(n), no allocation per value.
 */
export function computeMoments(values: ArrayLike<number>): Moments {
  let total = EMPTY_MOMENTS
  for (let from = 0; from < values.length; from += BLOCK) {
    total = mergeMoments(total, blockMoments(values, from, Math.min(values.length, from + BLOCK)))
  }
  return total
}

function blockMoments(values: ArrayLike<number>, from: number, to: number): Moments {
  let n = 0
  let missing = 0
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  let sum = 0
  // Sums are taken about the first finite value: a large common offset then costs no digits.
  let origin = 0
  for (let i = from; i < to; i++) {
    const x = values[i]
    if (!Number.isFinite(x)) {
      if (Number.isNaN(x)) missing++
      continue
    }
    if (n === 0) origin = x
    n++
    sum += x - origin
    if (x < min) min = x
    if (x > max) max = x
  }
  const infinite = to - from - missing - n
  if (n === 0) return { ...EMPTY_MOMENTS, missing, infinite }
  const mean = origin + sum / n
  let rest = 0
  let m2 = 0
  let m3 = 0
  let m4 = 0
  for (let i = from; i < to; i++) {
    const d = values[i] - mean
    if (!Number.isFinite(d)) continue
    const d2 = d * d
    rest += d
    m2 += d2
    m3 += d2 * d
    m4 += d2 * d2
  }
  if (min === max) return { n, missing, infinite, mean: min, m2: 0, m3: 0, m4: 0, min, max }
  return { n, missing, infinite, mean: mean + rest / n, m2: m2 - (rest * rest) / n, m3, m4, min, max }
}

/**
 * Moments of two samples together, as if they had been one.
 *
 * Commutative; associative up to rounding. Source: Chan, Golub and LeVeque (1979); Pébay (2008) for m3 and m4.
 */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const missing = a.missing + b.missing
  const infinite = a.infinite + b.infinite
  if (a.n === 0) return { ...b, missing, infinite }
  if (b.n === 0) return { ...a, missing, infinite }
  const n = a.n + b.n
  const delta = b.mean - a.mean
  const d2 = delta * delta
  const shared = a.n * b.n
  return {
    n,
    missing,
    infinite,
    mean: delta === 0 ? a.mean : (a.n * a.mean + b.n * b.mean) / n,
    m2: a.m2 + b.m2 + (d2 * shared) / n,
    m3: a.m3 + b.m3 + (delta * d2 * shared * (a.n - b.n)) / (n * n) + (3 * delta * (a.n * b.m2 - b.n * a.m2)) / n,
    m4:
      a.m4 +
      b.m4 +
      (d2 * d2 * shared * (a.n * a.n - shared + b.n * b.n)) / (n * n * n) +
      (6 * d2 * (a.n * a.n * b.m2 + b.n * b.n * a.m2)) / (n * n) +
      (4 * delta * (a.n * b.m3 - b.n * a.m3)) / n,
    min: Math.min(a.min ?? Number.POSITIVE_INFINITY, b.min ?? Number.POSITIVE_INFINITY),
    max: Math.max(a.max ?? Number.NEGATIVE_INFINITY, b.max ?? Number.NEGATIVE_INFINITY),
  }
}

/** Mean, or null when there is no finite value. */
export function meanOf(moments: Moments): number | null {
  return moments.n === 0 ? null : moments.mean
}

/** Variance with divisor n − ddof, or null when n <= ddof. `ddof` 1 estimates a population's, 0 describes the sample. */
export function varianceOf(moments: Moments, ddof: 0 | 1 = 1): number | null {
  return moments.n > ddof ? Math.max(0, moments.m2) / (moments.n - ddof) : null
}

/** Standard deviation with divisor n − ddof, or null when n <= ddof. */
export function standardDeviationOf(moments: Moments, ddof: 0 | 1 = 1): number | null {
  const variance = varianceOf(moments, ddof)
  return variance === null ? null : Math.sqrt(variance)
}

/** Skewness g1 = √n·m3 / m2^1.5, or null when n = 0 or all values are equal. */
export function skewnessOf({ n, m2, m3 }: Moments): number | null {
  return m2 > 0 ? (Math.sqrt(n) * m3) / m2 ** 1.5 : null
}

/** Excess kurtosis g2 = n·m4 / m2² − 3 (0 for a normal law), or null when n = 0 or all values are equal. */
export function excessKurtosisOf({ n, m2, m4 }: Moments): number | null {
  return m2 > 0 ? (n * m4) / (m2 * m2) - 3 : null
}
