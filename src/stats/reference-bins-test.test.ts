import { describe, expect, it } from 'vitest'
import { goodnessOfFit } from './goodness-of-fit.ts'
import { countSortedIntoBins, quantileBins } from './histogram.ts'
import { createRandom, randomNormal } from './random.ts'
import { referenceBinsTest } from './reference-bins-test.ts'
import { sortSample } from './sorted-sample.ts'

const ask = (reference: number[], current: number[]) => {
  const outcome = referenceBinsTest(reference, current)
  if (outcome.status !== 'ok') throw new Error(outcome.reason)
  return outcome
}

describe('the test of counts in bins of the reference', () => {
  it('is, of a reference that tells shares nearly for certain, the test against known shares', () => {
    const reference = [1e7, 2e7, 3e7, 4e7, 5e7]
    for (const current of [
      [1020, 2010, 2890, 4050, 5030],
      [100_900, 199_300, 300_100, 399_000, 500_700],
    ]) {
      const known = goodnessOfFit(current, reference)
      const { statistic, pValue, splits } = ask(reference, current)
      expect(splits).toBe(4)
      if (known.status !== 'ok') throw new Error(known.reason)
      expect(statistic / known.statistic).toBeCloseTo(1, 1)
      expect(pValue / known.pValue).toBeCloseTo(1, 0)
    }
  })

  it('rejects as often as it says where a small reference lays the bins', () => {
    const random = createRandom(4)
    const draw = (n: number) => sortSample(Float64Array.from({ length: n }, () => randomNormal(random)))
    let rejected = 0
    for (let i = 0; i < 2000; i++) {
      const reference = draw(100)
      const bins = quantileBins(reference)
      const counts = (sample: typeof reference) => [...countSortedIntoBins(sample, bins).counts]
      if (ask(counts(reference), counts(draw(300))).pValue <= 0.05) rejected++
    }
    expect(rejected).toBeGreaterThan(70)
    expect(rejected).toBeLessThan(131)
  })

  it('is sure of a difference that is plain, whatever the sizes', () => {
    expect(ask([10, 10, 10], [0, 0, 400]).pValue).toBeLessThan(1e-9)
    expect(ask([1e6, 1e6], [1e6, 2e6]).pValue).toBeLessThan(1e-200)
    // An empty outer bin is as half a value: what comes there is new.
    expect(ask([0, 500, 500], [90, 5, 5]).pValue).toBeLessThan(1e-9)
  })

  it('is at ease where nothing differs, and with values that a bin has none of', () => {
    expect(ask([50, 50, 50], [50, 50, 50]).pValue).toBeGreaterThan(0.9)
    expect(ask([0, 900, 100], [0, 9_000_000, 1_000_000]).pValue).toBeGreaterThan(1e-3)
    expect(ask([20, 20], [1, 0]).pValue).toBeGreaterThan(0.3)
  })

  it('says when there is nothing to compare', () => {
    expect(referenceBinsTest([0, 0], [1, 2])).toMatchObject({ status: 'insufficient', reason: 'too-few' })
    expect(referenceBinsTest([5], [5])).toMatchObject({ status: 'insufficient', reason: 'one-class' })
    expect(() => referenceBinsTest([1, 2], [1])).toThrow(RangeError)
  })
})
