import type { Estimate } from '../contract/primitives.ts'
import { binomialCdf, binomialSf } from '../stats/binomial-distribution.ts'
import { quantileSorted } from '../stats/quantiles.ts'
import { noEstimate } from './estimates.ts'

/**
 * Quantile of ascending values with the interval between two order statistics, whatever the distribution.
 *
 * The ranks are where the binomial law of how many values lie below the true quantile leaves (1 − confidence) / 2 on either
 * side; coverage is at least nominal. Null interval where n is too small for such ranks to exist (72 values for a 95 %
 * quantile's upper end at 95 %). O(log n) binomial tails. Source: David and Nagaraja, Order Statistics (2003), 7.1.
 */
export function quantileEstimate(sorted: Float64Array, q: number, confidence: number): Estimate {
  const n = sorted.length
  const value = quantileSorted(sorted, q)
  if (value === null) return noEstimate(0, 'no value')
  const tail = (1 - confidence) / 2
  // Largest rank l with P(B < l) <= tail, smallest rank u with P(B >= u) <= tail, B binomial (n, q).
  const lower = firstWhere(0, n, (k) => binomialCdf(k, n, q) > tail)
  const upper = firstWhere(0, n + 1, (k) => binomialSf(k - 1, n, q) <= tail)
  const interval: Estimate['interval'] =
    lower >= 1 && upper <= n ? [Math.min(value, sorted[lower - 1]), Math.max(value, sorted[upper - 1])] : null
  return interval === null ? { value, n, interval, note: 'too few values for an interval' } : { value, n, interval }
}

/** Smallest whole number in [low, high] from which a condition holds; high when it holds nowhere below. */
function firstWhere(low: number, high: number, holds: (k: number) => boolean): number {
  let [from, to] = [low, high]
  while (from < to) {
    const middle = (from + to) >>> 1
    if (holds(middle)) to = middle
    else from = middle + 1
  }
  return from
}
