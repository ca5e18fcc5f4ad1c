import { describe, expect, it } from 'vitest'
import { recost } from './recost.ts'

const point = (threshold: number, falsePositives: number, falseNegatives: number) => ({
  threshold,
  truePositives: 10 - falseNegatives,
  falsePositives,
  trueNegatives: 30 - falsePositives,
  falseNegatives,
  cost: 0,
})
const none = { value: null, n: 40, interval: null }
const sweep = {
  costs: { falsePositive: 1, falseNegative: 1 },
  points: [point(0.1, 20, 0), point(0.5, 4, 3), point(0.9, 0, 8)],
  best: none,
  bestCost: none,
  currentCost: none,
}

describe('a threshold sweep under other costs', () => {
  it('moves the best threshold with what a miss costs', () => {
    expect(recost(sweep, { falsePositive: 1, falseNegative: 1 }).best).toMatchObject({ threshold: 0.5, cost: 7 / 40 })
    expect(recost(sweep, { falsePositive: 1, falseNegative: 20 }).best).toMatchObject({ threshold: 0.1, cost: 0.5 })
    expect(recost(sweep, { falsePositive: 9, falseNegative: 1 }).best).toMatchObject({ threshold: 0.9, cost: 0.2 })
  })
  it('has no best point where there are none', () => {
    expect(recost({ ...sweep, points: [] }, sweep.costs)).toEqual({ points: [], best: null })
  })
})
