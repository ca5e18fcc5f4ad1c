import { betaQuantile } from './incomplete-beta.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'
import { checkHits } from './wilson.ts'

/**
 * Clopper and Pearson's exact interval for a proportion: covers at least as often as it says, at the price of width.
 *
 * Bounds are beta quantiles. `insufficient` when n = 0; RangeError unless hits and n are whole and 0 <= hits <= n.
 * Source: Clopper and Pearson, Biometrika 26 (1934) 404.
 */
export function clopperPearsonInterval(hits: number, n: number, confidence = 0.95): Outcome<Estimate> {
  checkHits(hits, n)
  if (!Number.isInteger(hits) || !Number.isInteger(n)) throw new RangeError(`counts must be whole: ${hits} of ${n}`)
  if (n === 0) return insufficient('too-few', 0, 1)
  const tail = (1 - checkConfidence(confidence)) / 2
  const low = hits === 0 ? 0 : betaQuantile(tail, hits, n - hits + 1)
  const high = hits === n ? 1 : betaQuantile(1 - tail, hits + 1, n - hits)
  return { status: 'ok', value: hits / n, interval: { low, high, confidence }, n }
}
