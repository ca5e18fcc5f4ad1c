import { kolmogorovSf } from './kolmogorov-distribution.ts'
import { normalQuantile, twoSidedZ } from './normal-distribution.ts'
import { checkConfidence } from './outcome.ts'
import { wilsonBounds } from './wilson.ts'

/**
 * How many values a proportion needs for its Wilson interval to be no wider than value ± `halfWidth`.
 *
 * `expected` is the proportion one thinks of; 0.5 (the default) is the worst case. RangeError unless 0 < halfWidth < 1 and
 * expected lies in [0, 1]. O(log n).
 */
export function sampleSizeNeededForProportion(halfWidth: number, confidence = 0.95, expected = 0.5): number {
  if (!(halfWidth > 0 && halfWidth < 1)) throw new RangeError(`half width must lie in (0, 1), got ${halfWidth}`)
  if (!(expected >= 0 && expected <= 1)) throw new RangeError(`a proportion lies in [0, 1], got ${expected}`)
  const z = twoSidedZ(checkConfidence(confidence))
  return smallestWhere((n) => {
    const { low, high } = wilsonBounds(expected * n, n, z)
    return (high - low) / 2 <= halfWidth
  })
}

/**
 * How many values each of two samples needs for a two-sided test at `alpha` to find p₂ − p₁ with probability `power`.
 *
 * Normal approximation with unpooled variance under the alternative; null when the proportions are equal.
 * Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), 4.14.
 */
export function sampleSizeNeededForDifference(p1: number, p2: number, alpha = 0.05, power = 0.8): number | null {
  if (p1 === p2) return null
  const zAlpha = twoSidedZ(1 - alpha)
  const zPower = normalQuantile(power)
  const pooled = (p1 + p2) / 2
  const root = zAlpha * Math.sqrt(2 * pooled * (1 - pooled)) + zPower * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2))
  return Math.ceil((root / (p2 - p1)) ** 2)
}

/**
 * How many current values a Kolmogorov–Smirnov distance of `threshold` needs to be significant at `alpha`.
 *
 * `referenceN` is the reference's size, infinite for a known population; null when the reference alone is too small.
 */
export function sampleSizeNeededForKolmogorovSmirnov(
  threshold: number,
  alpha = 0.05,
  referenceN: number = Number.POSITIVE_INFINITY,
): number | null {
  if (!(threshold > 0 && threshold <= 1)) throw new RangeError(`a distance lies in (0, 1], got ${threshold}`)
  const effective = smallestWhere((n) => kolmogorovSf(threshold, n) <= alpha)
  if (referenceN === Number.POSITIVE_INFINITY) return effective
  return referenceN > effective ? Math.ceil((effective * referenceN) / (referenceN - effective)) : null
}

/** Smallest whole n >= 1 from which a condition holds. */
function smallestWhere(holds: (n: number) => boolean): number {
  let high = 1
  while (!holds(high)) high *= 2
  let low = Math.floor(high / 2)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
