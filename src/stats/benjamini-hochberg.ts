/**
 * Benjamini and Hochberg's adjusted p-values: reject those at most q to keep the false discovery rate at q.
 *
 * Adjusted p₍ᵢ₎ = min over j >= i of p₍ⱼ₎ · m / j, at most 1, in the order given. A null (a test that could not be done)
 * stays null and does not count in m. RangeError for a p outside [0, 1]. O(m log m).
 * Source: Benjamini and Hochberg, J. R. Statist. Soc. B 57 (1995) 289.
 */
export function benjaminiHochberg(pValues: readonly (number | null)[]): (number | null)[] {
  const tests = collectTests(pValues).sort((a, b) => a.p - b.p)
  const adjusted: (number | null)[] = pValues.map(() => null)
  let smallest = 1
  for (let i = tests.length - 1; i >= 0; i--) {
    smallest = Math.min(smallest, (tests[i].p * tests.length) / (i + 1))
    adjusted[tests[i].index] = smallest
  }
  return adjusted
}

/** The tests that were done, with where they stand. */
export function collectTests(pValues: readonly (number | null)[]): { p: number; index: number }[] {
  const tests: { p: number; index: number }[] = []
  pValues.forEach((p, index) => {
    if (p === null) return
    if (!(p >= 0 && p <= 1)) throw new RangeError(`a p-value lies in [0, 1], got ${p} at index ${index}`)
    tests.push({ p, index })
  })
  return tests
}
