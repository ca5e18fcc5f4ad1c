import { chiSquareSf } from './chi-square-distribution.ts'
import { checkSameLength, insufficient, type Outcome, type PerSample } from './outcome.ts'

export type ContingencyTest = {
  readonly statistic: number
  readonly pValue: number
  readonly degreesOfFreedom: number
  /** Effect size √(statistic / N) of a two-row table, in [0, 1]. */
  readonly cramersV: number
  /** Smallest expected count; the p-value is rough below about 5. */
  readonly minExpected: number
  readonly n: PerSample
}

/**
 * Pearson's chi-square test that two samples have the same shares over k categories, without continuity correction.
 *
 * `reference` and `current` are counts over the same categories. Σ (observed − expected)² / expected with (k − 1) degrees
 * of freedom; categories empty in both are left out. `insufficient`: `too-few` when a sample is empty, `one-class` when
 * only one category is present. O(k).
 */
export function chiSquareTest(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<ContingencyTest> {
  return contingencyTest(reference, current, (observed, expected) => {
    const d = observed - expected
    return (d * d) / expected
  })
}

/**
 * Likelihood-ratio (G) test of the same question: 2 Σ observed · ln(observed / expected).
 *
 * Degrees of freedom, edge cases and cost as {@link chiSquareTest}; Cramér's V here is √(G / N).
 */
export function gTest(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<ContingencyTest> {
  return contingencyTest(reference, current, (observed, expected) =>
    observed > 0 ? 2 * (observed * Math.log(observed / expected) - (observed - expected)) : 2 * expected,
  )
}

function contingencyTest(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  cell: (observed: number, expected: number) => number,
): Outcome<ContingencyTest> {
  const k = checkSameLength(reference, current, 'category counts')
  let n = 0
  let m = 0
  let present = 0
  for (let i = 0; i < k; i++) {
    n += reference[i]
    m += current[i]
    if (reference[i] + current[i] > 0) present++
  }
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  if (present < 2) return insufficient('one-class', Math.min(n, m))
  const total = n + m
  let statistic = 0
  let minExpected = Number.POSITIVE_INFINITY
  for (let i = 0; i < k; i++) {
    const both = reference[i] + current[i]
    if (both === 0) continue
    const expectedReference = (both * n) / total
    const expectedCurrent = (both * m) / total
    minExpected = Math.min(minExpected, expectedReference, expectedCurrent)
    statistic += cell(reference[i], expectedReference) + cell(current[i], expectedCurrent)
  }
  statistic = Math.max(0, statistic)
  return {
    status: 'ok',
    statistic,
    pValue: chiSquareSf(statistic, present - 1),
    degreesOfFreedom: present - 1,
    cramersV: Math.min(1, Math.sqrt(statistic / total)),
    minExpected,
    n: { reference: n, current: m },
  }
}
