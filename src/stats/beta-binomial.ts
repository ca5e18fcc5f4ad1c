import { logBeta, logChoose } from './log-gamma.ts'

/**
 * P(K >= hits) of a beta-binomial: `n` trials whose common success probability is Beta(a, b). For a, b > 0; 1 for hits <= 0.
 *
 * The sum of the upper tail, O(n − hits). Of n new values exchangeable with m known ones, the number that lie beyond the r-th
 * largest known one has this distribution with a = r, b = m + 1 − r.
 */
export function betaBinomialTail(hits: number, n: number, a: number, b: number): number {
  if (!(a > 0 && b > 0)) throw new RangeError(`a beta-binomial needs a, b > 0, got ${a} and ${b}`)
  if (hits <= 0) return 1
  const scale = logBeta(a, b)
  let sum = 0
  for (let k = hits; k <= n; k++) sum += Math.exp(logChoose(n, k) + logBeta(k + a, n - k + b) - scale)
  return Math.min(1, sum)
}
