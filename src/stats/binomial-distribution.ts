import { regularisedBeta } from './incomplete-beta.ts'
import { devianceTerm, stirlingCorrection } from './log-gamma.ts'

/**
 * Binomial probability of exactly k successes in n trials with success probability p.
 *
 * k and n whole, 0 <= p <= 1; 0 outside 0..n. Loader's deviance form: full relative accuracy for any n.
 */
export function binomialProbability(k: number, n: number, p: number): number {
  if (k < 0 || k > n) return 0
  if (p === 0) return k === 0 ? 1 : 0
  if (p === 1) return k === n ? 1 : 0
  if (k === 0) return Math.exp(n * Math.log1p(-p))
  if (k === n) return Math.exp(n * Math.log(p))
  const failures = n - k
  const exponent =
    stirlingCorrection(n) -
    stirlingCorrection(k) -
    stirlingCorrection(failures) -
    devianceTerm(k, n * p) -
    devianceTerm(failures, n * (1 - p))
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * failures))
}

/** Binomial P(K <= k); k and n whole, 0 <= p <= 1. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (k < 0) return 0
  if (k >= n) return 1
  return regularisedBeta(1 - p, n - k, k + 1, p)
}

/** Binomial P(K > k); k and n whole, 0 <= p <= 1. */
export function binomialSf(k: number, n: number, p: number): number {
  if (k < 0) return 1
  if (k >= n) return 0
  return regularisedBeta(p, k + 1, n - k, 1 - p)
}

/**
 * Two-sided exact binomial test: the probability, under p, of all outcomes at most as likely as k.
 *
 * Sums the two tails with a relative slack of 1e-7 for ties, as is customary. O(log n) evaluations of the density.
 */
export function binomialTestTwoSided(k: number, n: number, p: number): number {
  const limit = binomialProbability(k, n, p) * (1 + 1e-7)
  const mode = Math.min(n, Math.floor((n + 1) * p))
  if (k === mode) return 1
  if (k < mode) {
    // The first outcome above the mode that is no likelier than k.
    const other = firstWhere(mode, n + 1, (i) => binomialProbability(i, n, p) <= limit)
    return Math.min(1, binomialCdf(k, n, p) + binomialSf(other - 1, n, p))
  }
  const other = firstWhere(0, mode + 1, (i) => binomialProbability(i, n, p) > limit) - 1
  return Math.min(1, binomialSf(k - 1, n, p) + binomialCdf(other, n, p))
}

/** Smallest i in [low, high) where a condition that stays true holds; high when nowhere. */
function firstWhere(low: number, high: number, holds: (i: number) => boolean): number {
  let from = low
  let to = high
  while (from < to) {
    const middle = from + Math.floor((to - from) / 2)
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
