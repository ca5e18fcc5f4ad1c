import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { compareAttributions } from '../../src/analysis/explanation/attribution-drift.ts'
import { judgeEnvelope } from '../../src/analysis/explanation/envelope.ts'
import { tableOf } from '../../src/analysis/explanation/mix-rows.ts'
import { createRandom, type Random, randomNormal } from '../../src/stats/random.ts'
import { seriesCorrelation } from '../../src/stats/rank-correlation.ts'

/* What trust in predictions rests on must not cry wolf: rejection rates and coverage when nothing is the matter. */

/** Monte-Carlo bounds around a rate: four standard errors. */
const within = (rate: number, wanted: number, repeats: number) =>
  Math.abs(rate - wanted) <= 4 * Math.sqrt((wanted * (1 - wanted)) / repeats)
const atMost = (rate: number, wanted: number, repeats: number) =>
  rate <= wanted + 4 * Math.sqrt((wanted * (1 - wanted)) / repeats)

const draw = (random: Random, n: number) =>
  tableOf(
    n,
    new Map(
      ['a', 'b', 'c'].map((name) => [
        name,
        { type: 'numeric', values: Float64Array.from({ length: n }, () => randomNormal(random)) },
      ]),
    ),
  )

describe('the envelope', () => {
  it.each([
    [400, 100],
    [600, 30],
    [600, 300],
  ])('keeps its level for a reference of %i and %i samples', (reference, n) => {
    const repeats = 400
    const options = { envelopeLevel: 0.05, envelopeThreshold: 0, envelopeRows: 400, confidence: 0.95, seed: 1 }
    let rejected = 0
    let outside = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = createRandom(repeat + 1000 * n)
      const found = judgeEnvelope(
        draw(random, reference),
        draw(random, n),
        ['a', 'b', 'c'],
        { ...options, alpha: 0.05 },
        uninterrupted,
      )
      if (typeof found === 'string') throw new Error(found)
      if (found.pValue < 0.05) rejected++
      outside += (found.share.value ?? 0) / repeats
    }
    // A p-value of counts has steps, and stays below its level between them.
    expect(atMost(rejected / repeats, 0.05, repeats)).toBe(true)
    expect(rejected / repeats).toBeGreaterThan(0.005)
    expect(outside).toBeGreaterThan(0.04)
    expect(outside).toBeLessThan(0.06)
  })
})

describe('attribution drift', () => {
  it.each([
    [30, 30],
    [200, 50],
  ])('keeps its level for %i and %i samples', (n, k) => {
    const repeats = 150
    let rejected = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = createRandom(repeat + n)
      const sizes = (rows: number) =>
        new Map(
          [1, 0.9, 0.8, 0.2].map((scale, j) => [
            `x${j}`,
            Float64Array.from({ length: rows }, () => Math.abs(scale * randomNormal(random))),
          ]),
        )
      const found = compareAttributions(sizes(n), sizes(k), {
        threshold: 1,
        alpha: 0.05,
        confidence: 0.95,
        seed: repeat,
      })
      if ((found?.pValue ?? 1) < 0.05) rejected++
    }
    expect(within(rejected / repeats, 0.05, repeats)).toBe(true)
  })
})

describe('correlation of series', () => {
  /** Autoregressive of order one. */
  const series = (random: Random, n: number, memory: number): Float64Array => {
    const values = new Float64Array(n)
    let last = randomNormal(random) / Math.sqrt(1 - memory ** 2)
    for (let i = 0; i < n; i++) {
      values[i] = last
      last = memory * last + randomNormal(random)
    }
    return values
  }

  it.each([
    [30, 0],
    [100, 0],
    [100, 0.5],
    [300, 0.8],
    [1000, 0.8],
  ])('keeps level and coverage for %i spans with memory %f', (n, memory) => {
    const repeats = 1000
    let rejected = 0
    let covered = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = createRandom(repeat + 7 * n)
      const found = seriesCorrelation(series(random, n, memory), series(random, n, memory), 0.95)
      if (found === null) throw new Error('a correlation was expected')
      if (found.pValue < 0.05) rejected++
      if (found.interval.low <= 0 && found.interval.high >= 0) covered++
    }
    // Lag one is estimated, and the longer memory of the series follows from it only roughly: a percent and a half is allowed for that.
    expect(rejected / repeats).toBeLessThan(0.05 + 0.015 + 3 * Math.sqrt(0.0475 / repeats))
    expect(rejected / repeats).toBeGreaterThan(0.02)
    expect(covered / repeats).toBeGreaterThan(0.95 - 0.015 - 3 * Math.sqrt(0.0475 / repeats))
  })

  it('covers a true correlation', () => {
    const repeats = 1000
    let covered = 0
    for (let repeat = 0; repeat < repeats; repeat++) {
      const random = createRandom(repeat + 5)
      const left = Float64Array.from({ length: 60 }, () => randomNormal(random))
      const right = left.map((value) => 0.6 * value + 0.8 * randomNormal(random))
      const found = seriesCorrelation(left, right, 0.95)
      // Spearman's of a normal pair with correlation 0.6.
      const truth = (6 / Math.PI) * Math.asin(0.3)
      if (found !== null && found.interval.low <= truth && found.interval.high >= truth) covered++
    }
    expect(within(covered / repeats, 0.95, repeats)).toBe(true)
  })
})
