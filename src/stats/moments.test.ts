import { describe, expect, it } from 'vitest'
import {
  computeMoments,
  EMPTY_MOMENTS,
  excessKurtosisOf,
  meanOf,
  mergeMoments,
  skewnessOf,
  standardDeviationOf,
  varianceOf,
} from './moments.ts'
import { createRandom, randomNormal } from './random.ts'

describe('computeMoments', () => {
  it('describes a small sample', () => {
    const m = computeMoments([2, 4, 4, 4, 5, 5, 7, 9])
    expect(meanOf(m)).toBe(5)
    expect(standardDeviationOf(m, 0)).toBe(2)
    expect(varianceOf(m)).toBeCloseTo(32 / 7, 14)
    expect(skewnessOf(m)).toBeCloseTo(0.65625, 14)
    expect(excessKurtosisOf(m)).toBeCloseTo(-0.21875, 14)
    expect([m.min, m.max]).toEqual([2, 9])
  })

  it('counts missing and infinite values apart and leaves them out', () => {
    const m = computeMoments([1, Number.NaN, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(m).toMatchObject({ n: 2, missing: 1, infinite: 2, mean: 2, m2: 2 })
  })

  it('has no value for nothing, one value or a constant', () => {
    expect(meanOf(computeMoments([]))).toBeNull()
    expect(varianceOf(computeMoments([3]))).toBeNull()
    expect(varianceOf(computeMoments([3]), 0)).toBe(0)
    const constant = computeMoments(new Float64Array(10_000).fill(0.1))
    expect(standardDeviationOf(constant)).toBe(0)
    expect(skewnessOf(constant)).toBeNull()
    expect(excessKurtosisOf(constant)).toBeNull()
  })

  it('keeps its digits under a large offset', () => {
    const m = computeMoments([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])
    expect(varianceOf(m)).toBe(30)
  })
})

describe('mergeMoments', () => {
  const random = createRandom(11)
  const values = Float64Array.from({ length: 20_000 }, () => 5 + 2 * randomNormal(random))

  it('of parts, in any order, equals the whole', () => {
    const whole = computeMoments(values)
    const parts = [0, 1, 137, 9000, 20_000]
      .slice(1)
      .map((to, i, cuts) => computeMoments(values.subarray(cuts[i - 1] ?? 0, to)))
    for (const order of [parts, [...parts].reverse()]) {
      const merged = order.reduce(mergeMoments, EMPTY_MOMENTS)
      expect(merged.n).toBe(whole.n)
      for (const key of ['mean', 'm2', 'm4'] as const)
        expect(Math.abs(merged[key] / whole[key] - 1)).toBeLessThan(1e-12)
      expect(Math.abs(merged.m3 - whole.m3)).toBeLessThan(1e-9 * whole.m4)
      expect([merged.min, merged.max]).toEqual([whole.min, whole.max])
    }
  })

  it('with nothing changes nothing but the counts of what was left out', () => {
    const m = computeMoments([1, 2])
    expect(mergeMoments(m, computeMoments([Number.NaN]))).toEqual({ ...m, missing: 1 })
  })
})
