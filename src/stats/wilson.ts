import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'

/**
 * Wilson's score interval for a proportion: `hits` of `n`, the value being hits / n.
 *
 * (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n). Never empty at 0 or n, never outside [0, 1]. `insufficient` when n = 0.
 * Throws RangeError unless 0 <= hits <= n. Source: Wilson, JASA 22 (1927) 209.
 */
export function wilsonInterval(hits: number, n: number, confidence = 0.95): Outcome<Estimate> {
  checkHits(hits, n)
  if (n === 0) return insufficient('too-few', 0, 1)
  const { low, high } = wilsonBounds(hits, n, twoSidedZ(checkConfidence(confidence)))
  return { status: 'ok', value: hits / n, interval: { low, high, confidence }, n }
}

/** Bounds of Wilson's interval for a given z; n > 0. */
export function wilsonBounds(hits: number, n: number, z: number): { readonly low: number; readonly high: number } {
  const p = hits / n
  const share = (z * z) / n
  const centre = (p + share / 2) / (1 + share)
  const half = (z * Math.sqrt((p * (1 - p)) / n + share / (4 * n))) / (1 + share)
  // At 0 and n the formula gives the bound exactly; rounding must not move it.
  return {
    low: hits === 0 ? 0 : Math.max(0, centre - half),
    high: hits === n ? 1 : Math.min(1, centre + half),
  }
}

/** Throws RangeError unless 0 <= hits <= n, both finite. */
export function checkHits(hits: number, n: number): void {
  if (!(hits >= 0 && hits <= n && n < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`hits must lie between 0 and n, got ${hits} of ${n}`)
  }
}
