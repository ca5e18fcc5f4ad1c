import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Interval, insufficient, type Outcome, type PerSample } from './outcome.ts'
import { checkHits, wilsonBounds } from './wilson.ts'

export type ProportionDifference = { readonly value: number; readonly interval: Interval; readonly n: PerSample }

/**
 * Newcombe's interval for a difference of two independent proportions, current − reference.
 *
 * Square-and-add of the two Wilson intervals (his method 10): stays inside [−1, 1] and works at shares of 0 and 1.
 * `insufficient` when a sample is empty. Source: Newcombe, Statistics in Medicine 17 (1998) 873.
 */
export function newcombeInterval(
  referenceHits: number,
  referenceN: number,
  currentHits: number,
  currentN: number,
  confidence = 0.95,
): Outcome<ProportionDifference> {
  checkHits(referenceHits, referenceN)
  checkHits(currentHits, currentN)
  if (referenceN === 0 || currentN === 0) return insufficient('too-few', 0, 1)
  const z = twoSidedZ(checkConfidence(confidence))
  const p = referenceHits / referenceN
  const q = currentHits / currentN
  const a = wilsonBounds(referenceHits, referenceN, z)
  const b = wilsonBounds(currentHits, currentN, z)
  const value = q - p
  return {
    status: 'ok',
    value,
    interval: {
      low: Math.max(-1, value - Math.hypot(q - b.low, a.high - p)),
      high: Math.min(1, value + Math.hypot(b.high - q, p - a.low)),
      confidence,
    },
    n: { reference: referenceN, current: currentN },
  }
}
