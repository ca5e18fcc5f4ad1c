import { describe, expect, it } from 'vitest'
import { median, quantileSorted, quantiles } from './quantiles.ts'
import { createRandom, randomNormal } from './random.ts'
import { midRanks, sortedOrder } from './ranks.ts'
import { finitePart, lowerBound, sortSample, upperBound } from './sorted-sample.ts'

const NaNValue = Number.NaN
const Infinite = Number.POSITIVE_INFINITY

describe('sortSample', () => {
  it('sorts a copy and sets missing values apart', () => {
    const input = [3, NaNValue, -1, Infinite, 2, NaNValue]
    expect(sortSample(input)).toEqual({ values: Float64Array.of(-1, 2, 3, Infinite), missing: 2 })
    expect(input[0]).toBe(3)
  })

  it('sorts long samples like short ones', () => {
    const random = createRandom(1)
    for (const digits of [0, 3, 17]) {
      const scale = 10 ** digits
      const long = Float64Array.from({ length: 70_000 }, () => Math.round(randomNormal(random) * scale) / scale)
      long.set([Infinite, -Infinite, 0, -0, 5e-324, -5e-324, Number.MAX_VALUE])
      expect(sortSample(long).values).toEqual(long.slice().sort())
    }
  })

  it('bounds a value from both sides', () => {
    const sorted = [1, 2, 2, 2, 5]
    expect([lowerBound(sorted, 2), upperBound(sorted, 2)]).toEqual([1, 4])
    expect([lowerBound(sorted, 9), upperBound(sorted, 0)]).toEqual([5, 0])
  })

  it('cuts infinities off', () => {
    expect(finitePart(sortSample([-Infinite, 1, 2, Infinite]))).toEqual({ values: Float64Array.of(1, 2), infinite: 2 })
  })
})

describe('quantiles', () => {
  it('interpolates between order statistics', () => {
    expect(quantiles([4, 1, 3, 2], [0, 0.25, 0.5, 1])).toEqual([1, 1.75, 2.5, 4])
    expect(median([5, NaNValue, 1])).toBe(3)
  })

  it('has no value for an empty or all-missing sample', () => {
    expect(median([])).toBeNull()
    expect(quantiles([NaNValue], [0.1])).toEqual([null])
    expect(() => quantileSorted([1], 2)).toThrow(RangeError)
  })

  it('never makes NaN out of infinities', () => {
    expect(quantileSorted([-Infinite, -Infinite, 1], 0.25)).toBe(-Infinite)
    expect(quantileSorted([1, Infinite], 0.25)).toBe(1)
    expect(quantileSorted([-Infinite, Infinite], 0.75)).toBe(Infinite)
    expect(quantileSorted([-1.7e308, 1.7e308], 0.5)).toBe(0)
  })
})

describe('ranks', () => {
  it('shares the rank of equals and gives missing values rank 0', () => {
    expect([...midRanks([10, 20, NaNValue, 10, 30, 0, -0])]).toEqual([3.5, 5, 0, 3.5, 6, 1.5, 1.5])
  })

  it('orders stably with missing values last', () => {
    expect([...sortedOrder([3, NaNValue, -1, 3, -Infinite, 0, -0, Infinite])]).toEqual([4, 2, 5, 6, 0, 3, 7, 1])
  })

  it('orders like a comparison sort on random numbers of any size and sign', () => {
    const random = createRandom(9)
    const values = Float64Array.from({ length: 5000 }, () => randomNormal(random) * 10 ** (5 * randomNormal(random)))
    const order = sortedOrder(values)
    const expected = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b] || a - b)
    expect([...order]).toEqual(expected)
  })
})
