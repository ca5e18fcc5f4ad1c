import { describe, expect, it } from 'vitest'
import { chiSquareTest, gTest } from './chi-square.ts'
import { cramerVonMises } from './cramer-von-mises.ts'
import { cramerVonMisesCdf, cramerVonMisesSf } from './cramer-von-mises-distribution.ts'
import { fisherExact } from './fisher-exact.ts'
import { kolmogorovSf, smirnovSf } from './kolmogorov-distribution.ts'
import { kolmogorovSmirnov } from './kolmogorov-smirnov.ts'
import { mannWhitney } from './mann-whitney.ts'
import { createRandom, randomNormal } from './random.ts'
import { twoProportionZ } from './two-proportion-z.ts'
import { wasserstein } from './wasserstein.ts'
import { welchT } from './welch-t.ts'

const a = [1.2, 3.4, 2.2, 5.1, 0.3, 2.8, 4.4]
const b = [2.5, 6.1, 5.9, 3.3, 7.2, 4.8, 5.5, 8.0]
const tiedA = [1, 1, 1, 2, 2, 3, 3, 3, 3, 4]
const tiedB = [1, 2, 2, 3, 4, 4, 4, 5, 5, 5, 5]
const missing = Number.NaN
const infinite = Number.POSITIVE_INFINITY

describe('kolmogorovSmirnov', () => {
  it('gives statistic, place, direction and exact p', () => {
    const result = kolmogorovSmirnov(a, b)
    expect(result).toMatchObject({ status: 'ok', statistic: 0.625, method: 'exact', location: 5.1, sign: 1 })
    expect(result).toMatchObject({ pValue: expect.closeTo(0.055944055944055944, 14) })
  })

  it('counts missing values apart and takes infinities as values', () => {
    expect(kolmogorovSmirnov([missing, -infinite, 1], [2, infinite, missing, missing])).toMatchObject({
      statistic: 1,
      n: { reference: 2, current: 2 },
      missing: { reference: 1, current: 2 },
    })
  })

  it('is sure of equality for identical and for constant samples', () => {
    expect(kolmogorovSmirnov(a, a)).toMatchObject({ statistic: 0, pValue: 1 })
    expect(kolmogorovSmirnov([5, 5], [5])).toMatchObject({ statistic: 0, pValue: 1 })
  })

  it('gives exact and asymptotic p on either side of 10,000 values that agree', () => {
    const random = createRandom(21)
    const x = Float64Array.from({ length: 10_001 }, () => randomNormal(random))
    const y = Float64Array.from({ length: 5000 }, () => randomNormal(random) + 0.03)
    const asymptotic = kolmogorovSmirnov(x, y)
    const exact = kolmogorovSmirnov(x.subarray(1), y)
    expect([asymptotic, exact]).toMatchObject([{ method: 'asymptotic' }, { method: 'exact' }])
    if (asymptotic.status !== 'ok' || exact.status !== 'ok') throw new Error('both must have a result')
    expect(Math.abs(Math.log(asymptotic.pValue / exact.pValue))).toBeLessThan(0.05)
  })

  it('needs a value on both sides', () => {
    expect(kolmogorovSmirnov([missing], b)).toEqual({ status: 'insufficient', reason: 'too-few', n: 0, needed: 1 })
  })
})

describe('kolmogorovSf', () => {
  it.each([
    [0.2, 10, 0.7487190399999999],
    [0.6, 3, 0.144],
    [0.05, 100, 0.9532159710635725],
    [0.3, 100, 1.7719869892662917e-8],
    [0.1, 1000, 3.703687096817711e-9],
  ])('P(D >= %d) at n = %d', (d, n, want) => {
    expect(kolmogorovSf(d, n) / want).toBeCloseTo(1, 10)
  })

  it('meets the closed form for two values and joins its pieces smoothly', () => {
    // For n = 2 and 1/2 <= d <= 1: P(D >= d) = 2 (1 − d)².
    expect(kolmogorovSf(0.7, 2)).toBeCloseTo(2 * 0.09, 14)
    for (const [n, square] of [
      [140, 4],
      [141, 2.2],
      [5000, 2.2],
    ]) {
      const d = Math.sqrt(square / n)
      expect(kolmogorovSf(d * (1 - 1e-9), n) / kolmogorovSf(d * (1 + 1e-9), n)).toBeCloseTo(1, 4)
    }
  })

  it('sums the one-sided tail on a coarse grid as on the fine one', () => {
    // n = 16,383 uses every term, 16,384 every second.
    expect(smirnovSf(0.012, 16_384) / smirnovSf(0.012, 16_383)).toBeCloseTo(1, 3)
    expect(smirnovSf(0.012, 16_384)).toBeLessThan(smirnovSf(0.012, 16_383))
  })
})

describe('mannWhitney', () => {
  it('is exact without ties for small samples', () => {
    expect(mannWhitney(a, b)).toMatchObject({ statistic: 8, method: 'exact', superiority: 1 - 8 / 56 })
    expect(mannWhitney(a, b)).toMatchObject({ pValue: expect.closeTo(0.020512820512820513, 14) })
  })

  it('corrects for ties', () => {
    const result = mannWhitney(tiedA, tiedB)
    expect(result).toMatchObject({ statistic: 25, method: 'asymptotic' })
    expect(result).toMatchObject({ pValue: expect.closeTo(0.034089022929964366, 13) })
  })

  it('has nothing to rank in constants and nothing at all', () => {
    expect(mannWhitney([2, 2], [2, 2, 2])).toMatchObject({ status: 'insufficient', reason: 'constant' })
    expect(mannWhitney([], [1])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
  })
})

describe('welchT', () => {
  it('gives t, p, degrees of freedom and the interval of current − reference', () => {
    expect(welchT(a, b)).toMatchObject({
      statistic: expect.closeTo(2.879978396303139, 12),
      pValue: expect.closeTo(0.012935085590372016, 12),
      degreesOfFreedom: expect.closeTo(12.951961603890213, 10),
      interval: { low: expect.closeTo(0.6591677134771956, 10), high: expect.closeTo(4.622975143665661, 10) },
    })
  })

  it('needs two values and some spread', () => {
    expect(welchT([1], b)).toMatchObject({ status: 'insufficient', reason: 'too-few', needed: 2 })
    expect(welchT([1, 1], [2, 2])).toMatchObject({ status: 'insufficient', reason: 'constant' })
    expect(welchT([1, infinite], b)).toMatchObject({ status: 'insufficient', reason: 'too-few' })
  })
})

describe('cramerVonMises', () => {
  it('agrees with the limit law without ties', () => {
    const result = cramerVonMises(a, b)
    expect(result).toMatchObject({ method: 'limit', statistic: expect.closeTo(0.5865079365079366, 13) })
    expect(result).toMatchObject({ pValue: expect.closeTo(0.02342746293200393, 6) })
  })

  it('equals the permutation law with many ties', () => {
    // Two values only: T is a function of one hypergeometric count, and p that of a chi-square with one degree.
    const reference = [...Array(60).fill(0), ...Array(40).fill(1)]
    const current = [...Array(48).fill(0), ...Array(52).fill(1)]
    const table = chiSquareTest([60, 40], [48, 52])
    const result = cramerVonMises(reference, current)
    if (table.status !== 'ok' || result.status !== 'ok') throw new Error('both must have a result')
    expect(result.method).toBe('tied')
    expect(Math.abs(result.pValue / table.pValue - 1)).toBeLessThan(0.02)
  })

  it('finds no drift in zero-heavy columns without drift', () => {
    const column = Float64Array.from({ length: 1000 }, (_, i) => (i % 20 === 0 ? i : 0))
    expect(cramerVonMises(column, column.slice().reverse())).toMatchObject({
      statistic: 0,
      pValue: expect.closeTo(1, 1),
    })
    expect(cramerVonMises([0, 0], [0, 0])).toMatchObject({ status: 'insufficient', reason: 'constant' })
  })

  it('has one law from both its series, and a tail that does not stop at rounding', () => {
    for (const x of [0.1, 0.249, 0.26, 0.46136, 1])
      expect(cramerVonMisesSf(x)).toBeCloseTo(1 - cramerVonMisesCdf(x), 10)
    expect(cramerVonMisesSf(0.46136)).toBeCloseTo(0.05, 5)
    expect(cramerVonMisesSf(24.7)).toBeLessThan(1e-50)
    expect(cramerVonMisesSf(24.7)).toBeGreaterThan(0)
  })
})

describe('chiSquareTest and gTest', () => {
  it('test a 2 × k table', () => {
    expect(chiSquareTest([10, 20, 30], [25, 15, 20])).toMatchObject({
      statistic: expect.closeTo(9.142857142857142, 12),
      pValue: expect.closeTo(0.010343173196618252, 14),
      degreesOfFreedom: 2,
      minExpected: 17.5,
    })
    expect(gTest([10, 20, 30], [25, 15, 20])).toMatchObject({
      statistic: expect.closeTo(9.371718103460204, 12),
      pValue: expect.closeTo(0.0092248066213541, 14),
    })
  })

  it('leave out categories that neither sample has, and survive one that only one has', () => {
    expect(chiSquareTest([10, 0, 30], [25, 0, 20])).toEqual(chiSquareTest([10, 30], [25, 20]))
    expect(gTest([10, 0], [8, 3])).toMatchObject({ status: 'ok', degreesOfFreedom: 1 })
  })

  it('need two categories and two samples', () => {
    expect(chiSquareTest([5], [7])).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(chiSquareTest([0, 0], [7, 1])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
    expect(() => chiSquareTest([1, 2], [1])).toThrow(RangeError)
  })
})

describe('fisherExact', () => {
  it('sums the tables at most as likely', () => {
    expect(fisherExact(8, 2, 1, 5)).toMatchObject({ oddsRatio: 20, pValue: expect.closeTo(0.034965034965034975, 14) })
    expect(fisherExact(3, 1, 1, 3)).toMatchObject({ pValue: expect.closeTo(34 / 70, 14) })
    expect(fisherExact(0, 5, 5, 0)).toMatchObject({ oddsRatio: 0, pValue: expect.closeTo(2 / 252, 14) })
  })

  it('has no test for an empty margin and no sense for fractions', () => {
    expect(fisherExact(0, 0, 3, 4)).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(fisherExact(0, 0, 0, 0)).toMatchObject({ status: 'insufficient', reason: 'too-few' })
    expect(() => fisherExact(1.5, 1, 1, 1)).toThrow(RangeError)
  })
})

describe('twoProportionZ', () => {
  it('is the root of chi-square', () => {
    const z = twoProportionZ(30, 100, 45, 120)
    const table = chiSquareTest([30, 70], [45, 75])
    if (z.status !== 'ok' || table.status !== 'ok') throw new Error('both must have a result')
    expect(z.statistic ** 2).toBeCloseTo(table.statistic, 12)
    expect(z.pValue).toBeCloseTo(table.pValue, 12)
  })

  it('has nothing to compare when all or none hit', () => {
    expect(twoProportionZ(0, 10, 0, 20)).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(twoProportionZ(0, 0, 0, 20)).toMatchObject({ status: 'insufficient', reason: 'too-few' })
    expect(() => twoProportionZ(3, 2, 0, 1)).toThrow(RangeError)
  })
})

describe('wasserstein', () => {
  it('is the area between the distribution functions', () => {
    expect(wasserstein(a, b)).toMatchObject({
      distance: expect.closeTo(2.6410714285714287, 13),
      normed: expect.closeTo(2.6410714285714287 / 1.5754494013856906, 13),
    })
    expect(wasserstein([0, 1], [5, 6, 5, 6])).toMatchObject({ distance: 5 })
  })

  it('has no scale from a constant reference, and leaves infinities out', () => {
    expect(wasserstein([0.1, 0.1, 0.1], [1, 2])).toMatchObject({ distance: expect.closeTo(1.4, 13), normed: null })
    expect(wasserstein([0, infinite, missing], [1])).toMatchObject({
      distance: 1,
      infinite: { reference: 1, current: 0 },
      missing: { reference: 1, current: 0 },
    })
    expect(wasserstein([infinite], [1])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
  })
})
