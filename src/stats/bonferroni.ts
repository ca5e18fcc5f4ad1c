import { collectTests } from './benjamini-hochberg.ts'

/**
 * Bonferroni's adjusted p-values min(1, m · p): rejecting those at most alpha makes any false rejection at most that likely.
 *
 * Holds under any dependence. A null stays null and does not count in m. RangeError for a p outside [0, 1]. O(m).
 */
export function bonferroni(pValues: readonly (number | null)[]): (number | null)[] {
  const m = collectTests(pValues).length
  return pValues.map((p) => (p === null ? null : Math.min(1, p * m)))
}

/**
 * Holm's adjusted p-values: the same promise as Bonferroni's with more power.
 *
 * Adjusted p₍ᵢ₎ = max over j <= i of (m − j + 1) · p₍ⱼ₎, at most 1. Nulls as above. O(m log m).
 */
export function holm(pValues: readonly (number | null)[]): (number | null)[] {
  const tests = collectTests(pValues).sort((a, b) => a.p - b.p)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let largest = 0
  tests.forEach(({ p, index }, i) => {
    largest = Math.max(largest, Math.min(1, p * (tests.length - i)))
    adjusted[index] = largest
  })
  return adjusted
}
