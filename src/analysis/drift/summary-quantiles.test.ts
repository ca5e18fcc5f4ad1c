import { describe, expect, it } from 'vitest'
import type { NumericSummary } from '../../contract/profile.ts'
import { countSortedIntoBins } from '../../stats/histogram.ts'
import { sketchOf } from '../../stats/quantile-sketch.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { createRandom, randomInteger, randomNormal } from '../../stats/random.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import { referenceBins } from '../profile/binning.ts'
import { sketchFrame } from '../profile/sketch-frame.ts'
import { quantileOfSummary, quantileOfValues, toldQuantiles } from './summary-quantiles.ts'

/** The summary of values over the bins of a reference, as older profiles are, or with a sketch. */
function summaryOf(values: number[], reference: number[], hasSketch = false): NumericSummary {
  const sample = sortSample(values)
  const bins = referenceBins(sortSample(reference).values)
  const frame = sketchFrame(0, [...bins.edges])
  return {
    type: 'numeric',
    n: values.length,
    missing: 0,
    infinite: 0,
    outOfRange: 0,
    shift: 0,
    sum: 0,
    sumOfSquares: 0,
    min: values.length === 0 ? null : sample.values[0],
    max: values.length === 0 ? null : sample.values[values.length - 1],
    edges: [...bins.edges],
    counts: [...countSortedIntoBins(sample, bins).counts],
    ...(hasSketch && { sketch: sketchOf(values, frame.origin, frame.scale) }),
  }
}

describe('a quantile of a profile', () => {
  it.each([false, true])('lies within its bounds, and so does that of the values (with a sketch: %s)', (hasSketch) => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = createRandom(seed)
      const draw = [
        () => randomNormal(random) + (seed % 3),
        () => Math.exp(randomNormal(random)),
        () => randomInteger(random, 4),
        () => (randomInteger(random, 10) < 9 ? 0 : randomNormal(random)),
      ][seed % 4]
      const many = (n: number) => Array.from({ length: n }, draw)
      const values = many(1 + randomInteger(random, 300))
      const summary = summaryOf(values, many(200), hasSketch)
      for (const q of toldQuantiles) {
        const bounded = quantileOfSummary(summary, q)
        if (bounded === null) {
          expect(summary.edges).toHaveLength(0)
          continue
        }
        const exact = quantileSorted(sortSample(values).values, q) ?? Number.NaN
        const slack = 1e-12 * Math.max(1, Math.abs(exact))
        expect(exact, `seed ${seed}, ${q}`).toBeGreaterThanOrEqual(bounded.low - slack)
        expect(exact, `seed ${seed}, ${q}`).toBeLessThanOrEqual(bounded.high + slack)
        expect(bounded.value).toBeGreaterThanOrEqual(bounded.low)
        expect(bounded.value).toBeLessThanOrEqual(bounded.high)
      }
    }
  })

  it('is told to a hundredth of the spread, about a large offset and in long tails too', () => {
    const random = createRandom(5)
    const pressure = Array.from({ length: 5000 }, () => 101_325 + 300 * randomNormal(random))
    const skewed = Array.from({ length: 5000 }, () => Math.exp(2 * randomNormal(random)))
    const boundOf = (values: number[], q: number) => {
      const { low, high } = quantileOfSummary(summaryOf(values, values, true), q) ?? { low: 0, high: 1 }
      return (high - low) / 2
    }
    for (const q of toldQuantiles) expect(boundOf(pressure, q)).toBeLessThan(10)
    // At 27, of a largest value of about a thousand.
    expect(boundOf(skewed, 0.95)).toBeLessThan(0.6)
    expect(boundOf(skewed, 0.05)).toBeLessThan(0.025)
  })

  it('is told of columns that no reference bins', () => {
    const { low, high } = quantileOfSummary(summaryOf([3, 1, 2, 400], [], true), 0.5) ?? { low: 0, high: 0 }
    expect(low).toBeLessThanOrEqual(2.5)
    expect(high).toBeGreaterThanOrEqual(2.5)
    expect(high - low).toBeLessThan(0.2)
  })

  it('is null without values, and exact of the values themselves', () => {
    expect(quantileOfSummary(summaryOf([], [1, 2, 3]), 0.5)).toBeNull()
    expect(quantileOfValues(Float64Array.of(1, 2, 3), 0.5)).toEqual({ value: 2, low: 2, high: 2 })
  })
})
