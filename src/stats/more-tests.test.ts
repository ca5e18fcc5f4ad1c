import { describe, expect, it } from 'vitest'
import { andersonDarling, andersonDarlingSf } from './anderson-darling.ts'
import { chiSquareTest } from './chi-square.ts'
import { energyDistance } from './energy-distance.ts'
import { mcnemar } from './mcnemar.ts'
import { ndcg, precisionAt } from './ndcg.ts'

const a = [1.2, 3.4, 2.2, 5.1, 0.3, 2.8, 4.4]
const b = [2.5, 6.1, 5.9, 3.3, 7.2, 4.8, 5.5, 8.0]
const NONE = Number.NaN

describe('andersonDarling', () => {
  it('gives Pettitt’s statistic and a p from the limit law', () => {
    expect(andersonDarling(a, b)).toMatchObject({ statistic: expect.closeTo(2.987619523333809, 12), method: 'limit' })
    expect(andersonDarling(a, b)).toMatchObject({ pValue: expect.closeTo(0.0206, 3) })
  })

  it.each([
    [1.933, 0.1],
    [2.492, 0.05],
    [3.878, 0.01],
    [5.967, 0.001],
  ])('has the tabulated percentage point %d', (x, p) => {
    expect(Math.abs(andersonDarlingSf(x) / p - 1)).toBeLessThan(0.003)
  })

  it('has the right far tail √3 · erfc(√x)', () => {
    // Leading term √3 e^(−x) / √(πx).
    const leading = (Math.sqrt(3) * Math.exp(-100)) / Math.sqrt(100 * Math.PI)
    expect(andersonDarlingSf(100) / leading).toBeCloseTo(1, 1)
    expect(andersonDarlingSf(0)).toBe(1)
  })

  it('is a chi-square for two values, and undefined for one', () => {
    const reference = [...Array(60).fill(0), ...Array(40).fill(1)]
    const current = [...Array(48).fill(0), ...Array(52).fill(1)]
    const table = chiSquareTest([60, 40], [48, 52])
    const result = andersonDarling(reference, current)
    if (table.status !== 'ok' || result.status !== 'ok') throw new Error('both must have a result')
    expect(Math.abs(result.pValue / table.pValue - 1)).toBeLessThan(0.02)
    expect(andersonDarling([1, 1], [1, 1])).toMatchObject({ reason: 'constant' })
    expect(andersonDarling([1], b)).toMatchObject({ reason: 'too-few', needed: 2 })
  })
})

describe('energyDistance', () => {
  it('equals its definition by pairs', () => {
    const mean = (x: number[], y: number[]) =>
      x.reduce((sum, p) => sum + y.reduce((inner, q) => inner + Math.abs(p - q), 0), 0) / (x.length * y.length)
    const gap = 2 * mean(a, b) - mean(a, a) - mean(b, b)
    expect(energyDistance(a, b)).toMatchObject({
      distance: expect.closeTo(Math.sqrt(gap), 13),
      coefficient: expect.closeTo(gap / (2 * mean(a, b)), 13),
    })
  })

  it('handles equal, constant and infinite samples', () => {
    expect(energyDistance([2, 2], [2])).toMatchObject({ distance: 0, coefficient: null })
    expect(energyDistance([0, 0], [1])).toMatchObject({ distance: expect.closeTo(Math.SQRT2, 14), coefficient: 1 })
    expect(energyDistance([0, Number.POSITIVE_INFINITY], [1])).toMatchObject({ infinite: { reference: 1, current: 0 } })
    expect(energyDistance([NONE], [1])).toMatchObject({ reason: 'too-few' })
  })
})

describe('mcnemar', () => {
  it('is the exact binomial test on the rows that differ', () => {
    expect(mcnemar(5, 15, 200)).toMatchObject({ pValue: expect.closeTo(0.04138946533203125, 14), difference: 0.05 })
    const result = mcnemar(5, 15, 200)
    if (result.status !== 'ok') throw new Error('a result was expected')
    expect(result.interval.low).toBeGreaterThan(0)
    expect(result.interval.high).toBeLessThan(0.11)
  })

  it('sees no difference where none is', () => {
    expect(mcnemar(0, 0, 10)).toMatchObject({ pValue: 1, difference: 0 })
    expect(mcnemar(0, 0, 0)).toMatchObject({ reason: 'too-few' })
    expect(() => mcnemar(6, 6, 10)).toThrow(RangeError)
    expect(() => mcnemar(0.5, 6, 10)).toThrow(RangeError)
  })
})

describe('rankings', () => {
  it('NDCG discounts by place', () => {
    const gain = (order: number[]) => order.reduce((sum, g, place) => sum + g / Math.log2(place + 2), 0)
    expect(ndcg([3, 2, 3, 0, 1, 2], [6, 5, 4, 3, 2, 1])).toBeCloseTo(
      gain([3, 2, 3, 0, 1, 2]) / gain([3, 3, 2, 2, 1, 0]),
      13,
    )
    expect(ndcg([3, 2, 1], [1, 2, 3], 1)).toBeCloseTo(1 / 3, 14)
    expect(ndcg([5, 1], [2, 1])).toBe(1)
  })

  it('does not depend on the order of equal scores', () => {
    expect(ndcg([1, 0, 0], [7, 7, 7])).toBeCloseTo(ndcg([0, 0, 1], [7, 7, 7]) ?? -1, 14)
    expect(precisionAt([1, 0, 0, 1], [7, 7, 7, 7], 2)).toBeCloseTo(0.5, 14)
  })

  it('counts the relevant among the first', () => {
    expect(precisionAt([1, 0, 1, 0], [4, 3, 2, 1], 3)).toBeCloseTo(2 / 3, 14)
    expect(precisionAt([1, 0], [1, 2], 10)).toBe(0.5)
  })

  it('has no value without relevance or items', () => {
    expect(ndcg([0, 0], [1, 2])).toBeNull()
    expect(ndcg([], [])).toBeNull()
    expect(ndcg([1, NONE], [NONE, 1])).toBeNull()
    expect(precisionAt([], [], 3)).toBeNull()
    expect(() => ndcg([-1], [1])).toThrow(RangeError)
    expect(() => ndcg([1], [1], 0)).toThrow(RangeError)
  })
})
