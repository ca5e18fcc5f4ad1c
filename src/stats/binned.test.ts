import { describe, expect, it } from 'vitest'
import {
  hellingerDistance,
  jensenShannonDistance,
  jensenShannonDivergence,
  kullbackLeiblerDivergence,
  largestShareDifference,
  populationStabilityIndex,
  totalVariationDistance,
} from './divergences.ts'
import { countCodes, countIntoBins, countSortedIntoBins, equalWidthBins, quantileBins } from './histogram.ts'
import { psiNoiseLevel, psiPValue, sampleSizeNeededForPsi } from './psi-evidence.ts'
import { createRandom, randomInteger } from './random.ts'
import { sortSample } from './sorted-sample.ts'

describe('bins', () => {
  const oneToTen = sortSample([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])

  it('cut at quantiles', () => {
    expect([...quantileBins(oneToTen, 2).edges]).toEqual([5.5])
    expect([...quantileBins(oneToTen, 3, 'left').edges]).toEqual([4, 7])
  })

  it('give a dominant value its own bin when closed on the right, and lose it when closed on the left', () => {
    const sample = sortSample([...Array(95).fill(0), 1, 2, 3, 4, 5])
    const right = quantileBins(sample)
    expect([...right.edges]).toEqual([0])
    expect([...countSortedIntoBins(sample, right).counts]).toEqual([95, 5])
    expect([...quantileBins(sample, 10, 'left').edges]).toEqual([])
  })

  it('have equal width between bounds, and are one for a constant', () => {
    expect([...equalWidthBins(0, 10, 5).edges]).toEqual([2, 4, 6, 8])
    expect([...equalWidthBins(3, 3, 5).edges]).toEqual([])
    expect([...equalWidthBins(-1.7e308, 1.7e308, 2).edges]).toEqual([0])
    expect(() => equalWidthBins(1, Number.POSITIVE_INFINITY)).toThrow(RangeError)
    expect(() => quantileBins(oneToTen, 0)).toThrow(RangeError)
  })

  it('take a value on an edge to the stated side, infinities to the ends, and count NaN apart', () => {
    const values = [1, 2, 3, Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
    const edges = Float64Array.of(2)
    expect(countIntoBins(values, { edges, closed: 'right' })).toEqual({ counts: Float64Array.of(3, 2), missing: 1 })
    expect(countIntoBins(values, { edges, closed: 'left' })).toEqual({ counts: Float64Array.of(2, 3), missing: 1 })
  })

  it('count sorted and unsorted samples alike', () => {
    const random = createRandom(31)
    const values = Float64Array.from({ length: 1000 }, () => randomInteger(random, 30))
    for (const closed of ['left', 'right'] as const) {
      const bins = quantileBins(sortSample(values), 10, closed)
      expect(countSortedIntoBins(sortSample(values), bins)).toEqual(countIntoBins(values, bins))
    }
  })

  it('count codes, with everything outside the dictionary missing', () => {
    expect(countCodes(Int32Array.of(0, 2, -1, 2, 3), 3)).toEqual({ counts: Float64Array.of(1, 0, 2), missing: 2 })
  })
})

describe('divergences', () => {
  it('follow their formulas on a small table', () => {
    const p = [5, 5]
    const q = [25, 75]
    expect(populationStabilityIndex(p, q)).toBeCloseTo(0.25 * Math.log(3), 14)
    expect(kullbackLeiblerDivergence(p, q)).toBeCloseTo(0.25 * Math.log(0.5) + 0.75 * Math.log(1.5), 14)
    expect(hellingerDistance(p, q)).toBeCloseTo(Math.sqrt(1 - Math.sqrt(0.125) - Math.sqrt(0.375)), 14)
    expect(totalVariationDistance(p, q)).toBe(0.25)
    expect(largestShareDifference(p, q)).toBe(0.25)
    const entropy = (x: number) => -x * Math.log2(x) - (1 - x) * Math.log2(1 - x)
    const divergence = entropy(0.375) - (1 + entropy(0.25)) / 2
    expect(jensenShannonDivergence(p, q)).toBeCloseTo(divergence, 14)
    expect(jensenShannonDistance(p, q)).toBeCloseTo(Math.sqrt(divergence), 14)
  })

  it('run from 0 for equal shares to their maximum for disjoint ones', () => {
    expect(jensenShannonDistance([1, 2], [10, 20])).toBe(0)
    expect(jensenShannonDistance([1, 0], [0, 1])).toBe(1)
    expect(hellingerDistance([1, 0], [0, 1])).toBe(1)
    expect(totalVariationDistance([1, 0], [0, 1])).toBe(1)
    expect(populationStabilityIndex([1, 0], [0, 1])).toBeCloseTo(2 * 0.9999 * Math.log(1e4), 12)
    expect(kullbackLeiblerDivergence([1, 0], [0, 1])).toBe(Number.POSITIVE_INFINITY)
    expect(kullbackLeiblerDivergence([1, 0], [0, 1], 1e-4)).toBeGreaterThan(0)
  })

  it('keep their digits where the shares almost agree', () => {
    // JS ≈ Σ (p − q)² / (8 m ln 2) to first order.
    const shares = [1e9 + 1, 1e9 - 1]
    expect((jensenShannonDivergence([1e9, 1e9], shares) ?? 0) / (0.25e-18 / (2 * Math.LN2))).toBeCloseTo(1, 6)
  })

  it('have no value for an empty sample and refuse unequal tables', () => {
    expect(populationStabilityIndex([0, 0], [1, 2])).toBeNull()
    expect(jensenShannonDistance([], [])).toBeNull()
    expect(largestShareDifference([1], [0])).toBeNull()
    expect(() => hellingerDistance([1], [1, 2])).toThrow(RangeError)
  })
})

describe('evidence behind a population stability index', () => {
  it('is a chi-square scaled by both sample sizes', () => {
    const n = { reference: 1000, current: 500 }
    const level = psiNoiseLevel(n, 10)
    expect(level).toBeCloseTo(0.003 * 16.918977604620448, 12)
    expect(psiPValue(level, n, 10)).toMatchObject({ status: 'ok', pValue: expect.closeTo(0.05, 12) })
  })

  it('says how many values a cut-off needs, or that no number will do', () => {
    const n = sampleSizeNeededForPsi(0.1, 10, 0.05, 1000)
    expect(n).toBe(204)
    expect(psiNoiseLevel({ reference: 1000, current: 204 }, 10)).toBeLessThanOrEqual(0.1)
    expect(psiNoiseLevel({ reference: 1000, current: 203 }, 10)).toBeGreaterThan(0.1)
    expect(sampleSizeNeededForPsi(0.1, 10, 0.05, 100)).toBeNull()
  })

  it('is not given for a handful of values or a single bin', () => {
    expect(psiPValue(0.1, { reference: 1000, current: 20 }, 10)).toMatchObject({ reason: 'too-few', needed: 50 })
    expect(psiPValue(0, { reference: 1000, current: 1000 }, 1)).toMatchObject({ reason: 'one-class' })
  })
})
