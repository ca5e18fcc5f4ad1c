import { describe, expect, it } from 'vitest'
import { benjaminiHochberg } from './benjamini-hochberg.ts'
import { bonferroni, holm } from './bonferroni.ts'
import { bootstrapCounts, bootstrapInterval } from './bootstrap.ts'
import { clopperPearsonInterval } from './clopper-pearson.ts'
import { meanInterval } from './mean-interval.ts'
import { newcombeInterval } from './newcombe.ts'
import { createRandom } from './random.ts'
import {
  sampleSizeNeededForDifference,
  sampleSizeNeededForKolmogorovSmirnov,
  sampleSizeNeededForProportion,
} from './sample-size.ts'
import { wilsonInterval } from './wilson.ts'

describe('intervals of a proportion', () => {
  it.each([
    [0, 10, 0, 0.27753279986288926],
    [3, 10, 0.10779126740630102, 0.6032218525388546],
    [10, 10, 0.7224672001371109, 1],
    [81, 263, 0.2552885198782742, 0.36620957698280004],
  ])('Wilson %d of %d', (hits, n, low, high) => {
    const result = wilsonInterval(hits, n)
    expect(result).toMatchObject({ status: 'ok', value: hits / n, n })
    expect(result).toMatchObject({ interval: { low: expect.closeTo(low, 13), high: expect.closeTo(high, 13) } })
  })

  it.each([
    [0, 10, 0, 0.30849710781876294],
    [3, 10, 0.06673951117773447, 0.652452850060008],
    [10, 10, 0.6915028921812371, 1],
    [81, 263, 0.25273674558527126, 0.36762192260135135],
  ])('Clopper–Pearson %d of %d', (hits, n, low, high) => {
    expect(clopperPearsonInterval(hits, n)).toMatchObject({
      interval: { low: expect.closeTo(low, 13), high: expect.closeTo(high, 13) },
    })
  })

  it('Newcombe difference, published example', () => {
    expect(newcombeInterval(48, 80, 56, 70)).toMatchObject({
      value: expect.closeTo(0.2, 14),
      interval: { low: expect.closeTo(0.0524, 4), high: expect.closeTo(0.3339, 4) },
    })
  })

  it('stay inside their range at the corners', () => {
    expect(newcombeInterval(0, 5, 5, 5)).toMatchObject({ value: 1, interval: { high: 1 } })
  })

  it('need a row, and hits among the rows', () => {
    for (const result of [wilsonInterval(0, 0), clopperPearsonInterval(0, 0), newcombeInterval(0, 0, 1, 2)]) {
      expect(result).toEqual({ status: 'insufficient', reason: 'too-few', n: 0, needed: 1 })
    }
    expect(() => wilsonInterval(3, 2)).toThrow(RangeError)
    expect(() => wilsonInterval(Number.NaN, 2)).toThrow(RangeError)
    expect(() => wilsonInterval(1, 2, 1.5)).toThrow(RangeError)
    expect(() => clopperPearsonInterval(0.5, 2)).toThrow(RangeError)
  })
})

describe('meanInterval', () => {
  it('is Student’s', () => {
    // s = 2, n = 4, t(3) = 3.1824463052837078.
    const margin = (3.1824463052837078 * Math.sqrt(20 / 3)) / 2
    expect(meanInterval([1, 3, 5, 7])).toMatchObject({
      value: 4,
      interval: { low: expect.closeTo(4 - margin, 12), high: expect.closeTo(4 + margin, 12) },
    })
  })

  it('needs two different finite values', () => {
    expect(meanInterval([1, Number.NaN])).toMatchObject({ reason: 'too-few', n: 1, needed: 2 })
    expect(meanInterval([3, 3, 3])).toMatchObject({ reason: 'constant', n: 3 })
  })
})

describe('bootstrap', () => {
  const values = [1.2, 3.4, 2.2, 5.1, 0.3, 2.8, 4.4]
  const meanOfRows = (rows: Uint32Array) => rows.reduce((sum, row) => sum + values[row], 0) / rows.length

  it('finds the percentile and BCa intervals of a mean', () => {
    const percentile = bootstrapInterval(7, meanOfRows, { random: createRandom(1), repeats: 50_000 })
    expect(percentile).toMatchObject({ status: 'ok', method: 'percentile', undefinedRepeats: 0 })
    expect(percentile).toMatchObject({ interval: { low: expect.closeTo(1.6, 1), high: expect.closeTo(3.93, 1) } })
    const bca = bootstrapInterval(7, meanOfRows, { random: createRandom(1), repeats: 50_000, method: 'bca' })
    expect(bca).toMatchObject({ method: 'bca' })
    expect(bca).toMatchObject({ interval: { low: expect.closeTo(1.586, 1), high: expect.closeTo(3.914, 1) } })
  })

  it('gives the same interval for the same seed', () => {
    const run = () => bootstrapInterval(7, meanOfRows, { random: createRandom(9), repeats: 200, method: 'bca' })
    expect(run()).toEqual(run())
  })

  it('of counts equals that of the rows they count', () => {
    const share = (counts: Float64Array) => counts[0] / (counts[0] + counts[1])
    const counts = bootstrapCounts([30, 70], share, { random: createRandom(2), repeats: 20_000, method: 'bca' })
    const rows = bootstrapInterval(100, (picked) => picked.reduce((sum, row) => sum + (row < 30 ? 1 : 0), 0) / 100, {
      random: createRandom(3),
      repeats: 20_000,
    })
    if (counts.status !== 'ok' || rows.status !== 'ok') throw new Error('both must have a result')
    expect(Math.abs(counts.interval.low - rows.interval.low)).toBeLessThan(0.011)
    expect(Math.abs(counts.interval.high - rows.interval.high)).toBeLessThan(0.011)
  })

  it('stops when asked, and says when the statistic has no value', () => {
    const random = createRandom(4)
    expect(bootstrapInterval(7, meanOfRows, { random, stop: { aborted: true } })).toMatchObject({ reason: 'aborted' })
    expect(bootstrapInterval(7, () => null, { random })).toMatchObject({ reason: 'undefined' })
    expect(bootstrapCounts([1, 9], (c) => (c[0] === 0 ? null : c[1] / c[0]), { random })).toMatchObject({
      reason: 'undefined',
    })
    expect(bootstrapInterval(1, meanOfRows, { random })).toMatchObject({ reason: 'too-few', needed: 2 })
    expect(bootstrapInterval(7, () => 3, { random, method: 'bca' })).toMatchObject({
      method: 'percentile',
      interval: { low: 3, high: 3 },
    })
  })
})

describe('many tests at once', () => {
  const p = [0.01, 0.04, null, 0.03, 0.005, 0.5]

  it('adjusts for the false discovery rate', () => {
    const adjusted = benjaminiHochberg(p)
    expect(adjusted[2]).toBeNull()
    ;[0.025, 0.05, null, 0.05, 0.025, 0.5].forEach((want, i) => {
      if (want !== null) expect(adjusted[i]).toBeCloseTo(want, 14)
    })
  })

  it('adjusts for any false rejection', () => {
    const close = (values: readonly (number | null)[]) =>
      values.map((value) => (value === null ? null : expect.closeTo(value, 14)))
    expect(bonferroni(p)).toEqual(close([0.05, 0.2, null, 0.15, 0.025, 1]))
    expect(holm(p)).toEqual(close([0.04, 0.09, null, 0.09, 0.025, 0.5]))
  })

  it('handles no tests and refuses what is no p-value', () => {
    expect(benjaminiHochberg([])).toEqual([])
    expect(benjaminiHochberg([null])).toEqual([null])
    expect(() => benjaminiHochberg([0.1, Number.NaN])).toThrow('index 1')
    expect(() => bonferroni([1.1])).toThrow(RangeError)
  })
})

describe('sample sizes', () => {
  it('bound the width of a proportion’s interval', () => {
    const n = sampleSizeNeededForProportion(0.05)
    expect(n).toBe(381)
    const halfWidth = (size: number) => {
      const result = wilsonInterval(size / 2, size)
      return result.status === 'ok' ? (result.interval.high - result.interval.low) / 2 : 1
    }
    expect(halfWidth(n)).toBeLessThanOrEqual(0.05)
    expect(halfWidth(n - 1)).toBeGreaterThan(0.05)
    expect(() => sampleSizeNeededForProportion(0)).toThrow(RangeError)
  })

  it('find a difference of proportions: 0.5 against 0.6 takes 388 each', () => {
    expect(sampleSizeNeededForDifference(0.5, 0.6)).toBe(388)
    expect(sampleSizeNeededForDifference(0.5, 0.5)).toBeNull()
  })

  it('make a Kolmogorov–Smirnov distance significant', () => {
    expect(sampleSizeNeededForKolmogorovSmirnov(0.1)).toBe(181)
    expect(sampleSizeNeededForKolmogorovSmirnov(0.1, 0.05, 1000)).toBe(222)
    expect(sampleSizeNeededForKolmogorovSmirnov(0.1, 0.05, 100)).toBeNull()
  })
})
