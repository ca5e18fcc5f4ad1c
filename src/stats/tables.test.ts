import { describe, expect, it } from 'vitest'
import { countBetweenEdges, doaneEdges, evenEdges } from './bounded-histogram.ts'
import { controlLimits } from './control-limits.ts'
import { fisherExact } from './fisher-exact.ts'
import { fisherExactTable } from './fisher-exact-table.ts'
import { goodnessOfFit } from './goodness-of-fit.ts'
import { logChoose } from './log-gamma.ts'
import { createRandom, randomInteger } from './random.ts'
import { sortSample } from './sorted-sample.ts'
import { yatesChiSquare } from './yates-chi-square.ts'

/** Adds up every table with the same margins, one by one. */
function bruteForce(reference: readonly number[], current: readonly number[]): number {
  const totals = reference.map((count, i) => count + current[i])
  const n = reference.reduce((sum, count) => sum + count, 0)
  const weight = (counts: readonly number[]) => counts.reduce((sum, count, i) => sum + logChoose(totals[i], count), 0)
  const all = logChoose(
    totals.reduce((sum, total) => sum + total, 0),
    n,
  )
  const limit = weight(reference) + 1e-7
  const place = (column: number, rest: number, counts: readonly number[]): number => {
    if (column === totals.length) return rest === 0 && weight(counts) <= limit ? Math.exp(weight(counts) - all) : 0
    let sum = 0
    for (let count = 0; count <= Math.min(rest, totals[column]); count++)
      sum += place(column + 1, rest - count, [...counts, count])
    return sum
  }
  return place(0, n, [])
}

describe('fisherExactTable', () => {
  it('is the 2 × 2 test for two categories', () => {
    const four = fisherExact(8, 2, 1, 5)
    const table = fisherExactTable([8, 1], [2, 5])
    expect(four.status === 'ok' && table.status === 'ok' && table.pValue).toBeCloseTo(
      four.status === 'ok' ? four.pValue : Number.NaN,
      12,
    )
  })

  it('adds up what a count of all tables adds up', () => {
    const random = createRandom(1)
    for (let round = 0; round < 40; round++) {
      const k = 2 + randomInteger(random, 3)
      const draw = () => Array.from({ length: k }, () => randomInteger(random, 7))
      const [reference, current] = [draw(), draw()]
      const outcome = fisherExactTable(reference, current)
      if (outcome.status !== 'ok') continue
      expect(outcome.pValue).toBeCloseTo(bruteForce(reference, current), 9)
    }
  })

  it('says when it cannot tell, and gives up on tables that are not small', () => {
    expect(fisherExactTable([0, 0], [1, 2])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
    expect(fisherExactTable([4, 0], [1, 0])).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(fisherExactTable([9e5, 8e5, 7e5], [8e5, 9e5, 7e5])).toMatchObject({ status: 'ok', pValue: null })
    expect(() => fisherExactTable([1.5, 2], [1, 2])).toThrow(RangeError)
  })
})

describe('goodnessOfFit', () => {
  it('is Pearson’s test against even shares', () => {
    expect(goodnessOfFit([16, 18, 16, 14, 12, 12], [1, 1, 1, 1, 1, 1])).toMatchObject({
      statistic: expect.closeTo(2, 12),
      pValue: expect.closeTo(0.8491450360846096, 12),
      degreesOfFreedom: 5,
    })
  })

  it('rejects for certain what is expected never, and needs two cells', () => {
    expect(goodnessOfFit([3, 1], [5, 0])).toMatchObject({ statistic: Number.POSITIVE_INFINITY, pValue: 0 })
    expect(goodnessOfFit([3, 0], [5, 0])).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(goodnessOfFit([0, 0], [5, 1])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
  })
})

describe('yatesChiSquare', () => {
  it('is N (|ad − bc| − N/2)² over the product of the margins', () => {
    const outcome = yatesChiSquare(8, 2, 1, 5)
    expect(outcome).toMatchObject({ statistic: expect.closeTo((16 * (38 - 8) ** 2) / (10 * 6 * 9 * 7), 12) })
  })

  it('is 0 where the counts are nearly as expected, and needs both margins', () => {
    expect(yatesChiSquare(10, 10, 10, 11)).toMatchObject({ statistic: 0, pValue: 1 })
    expect(yatesChiSquare(3, 0, 4, 0)).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(() => yatesChiSquare(-1, 0, 4, 0)).toThrow(RangeError)
  })
})

describe('bounded histogram', () => {
  it('has 1 + log2 n bins by Doane’s rule where nothing is skewed, more where it is', () => {
    expect(doaneEdges(sortSample([0, 1, 2, 3, 4, 5, 6, 7])).length).toBe(5)
    expect(doaneEdges(sortSample([0, 0, 0, 0, 0, 0, 0, 7])).length).toBeGreaterThan(5)
  })

  it('has one bin for a constant, none for nothing or infinity', () => {
    expect([...doaneEdges(sortSample([3, 3, 3]))]).toEqual([2.5, 3.5])
    expect(doaneEdges(sortSample([])).length).toBe(0)
    expect(doaneEdges(sortSample([1, Number.POSITIVE_INFINITY])).length).toBe(0)
  })

  it('closes the last bin on both sides and counts what lies outside', () => {
    const { counts, outside, missing } = countBetweenEdges(
      sortSample([-1, 0, 0.5, 1, 2, 3, Number.NaN]),
      evenEdges(0, 2, 2),
    )
    expect([...counts]).toEqual([2, 2])
    expect([outside, missing]).toEqual([2, 1])
    expect(() => countBetweenEdges(sortSample([1]), [1])).toThrow(RangeError)
    expect(() => evenEdges(0, 1, 0)).toThrow(RangeError)
  })
})

describe('controlLimits', () => {
  it('are mean ± 3 deviations, cut to the range of the measure', () => {
    expect(controlLimits([1, 3, Number.NaN])).toMatchObject({ low: -1, high: 5, centre: 2, n: 2 })
    expect(controlLimits([0.1, 0.9], { lowest: 0, highest: 1 })).toMatchObject({ low: 0, high: 1 })
    expect(controlLimits([0.5])).toMatchObject({ status: 'insufficient', needed: 2 })
  })
})
