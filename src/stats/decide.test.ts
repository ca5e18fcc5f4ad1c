import { describe, expect, it } from 'vitest'
import { expectedCalibrationError, residualBins } from './calibration-interval.ts'
import { costThreshold } from './cost-threshold.ts'
import { cumulativeGains } from './gains.ts'
import { computeMoments } from './moments.ts'
import { createRandom, randomUniform } from './random.ts'
import { randomDirichlet, randomGamma } from './random-gamma.ts'
import { logitScaleInterval, logScaleInterval, rowsOfVariance } from './scale-interval.ts'
import { countScoreSteps } from './score-steps.ts'
import { splitScores } from './scored-classes.ts'
import { topKHits } from './top-k.ts'

describe('gamma and Dirichlet draws', () => {
  it.each([0.02, 0.5, 1, 3.7, 40])('have mean and variance of shape %s', (shape) => {
    const random = createRandom(3)
    const { mean, m2, n } = computeMoments(Float64Array.from({ length: 40_000 }, () => randomGamma(random, shape)))
    expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / n))
    expect(m2 / n / shape).toBeGreaterThan(0.8)
    expect(m2 / n / shape).toBeLessThan(1.2)
  })

  it('are shares, none for a weight of zero', () => {
    const random = createRandom(4)
    const sums = new Float64Array(3)
    for (let i = 0; i < 5000; i++) {
      const shares = randomDirichlet(random, [3, 0, 1], new Float64Array(3))
      expect(shares[0] + shares[2]).toBeCloseTo(1, 12)
      shares.forEach((share, cell) => {
        sums[cell] += share / 5000
      })
    }
    expect(sums[0]).toBeCloseTo(0.75, 1)
    expect(sums[1]).toBe(0)
    expect(() => randomGamma(random, 0)).toThrow(RangeError)
  })
})

describe('intervals on other scales', () => {
  it('stay on their side of the end of the scale', () => {
    const loss = logScaleInterval(0.2, 0.3, 10, 0.95)
    expect(loss.status === 'ok' && loss.interval.low > 0 && loss.interval.high > 0.2).toBe(true)
    const share = logitScaleInterval(0.98, 0.05, 10, 0.95)
    expect(share.status === 'ok' && share.interval.high < 1 && share.interval.low < 0.9).toBe(true)
    expect(logScaleInterval(0, 0.1, 10, 0.95)).toMatchObject({ status: 'insufficient', reason: 'constant' })
    expect(logitScaleInterval(1, 0.1, 10, 0.95).status).toBe('insufficient')
    expect(logScaleInterval(1, 1, 1, 0.95)).toMatchObject({ reason: 'too-few' })
  })
})

describe('rows that tell a variance', () => {
  it('are fewer where tails are heavy, and never more than there are', () => {
    const one = [...new Array<number>(99).fill(0), 1]
    // Kurtosis of 1 among 100: (1 − p)² / p + p² / (1 − p) = 98.01 + 1 / 9900.
    const excess = 98.01 + 1 / 9900 - 3
    expect(rowsOfVariance(computeMoments(one))).toBeCloseTo(Math.max(2, 1 + 2 / (excess / 100 + 2 / 99)), 10)
    expect(rowsOfVariance(computeMoments([0, 1, 0, 1]))).toBe(4)
    expect(rowsOfVariance(computeMoments([3, 3, 3]))).toBe(3)
    expect(rowsOfVariance(computeMoments([]))).toBe(0)
  })
})

describe('expected calibration error', () => {
  const ask = (rows: readonly [score: number, hit: number][]) =>
    expectedCalibrationError(
      residualBins(rows.length, 2, (row) => ({
        score: rows[row][0],
        hit: rows[row][1],
        bin: rows[row][0] < 0.5 ? 0 : 1,
      })),
      createRandom(1),
    )

  it('is what the bins say, with bounds about it', () => {
    const rows = [
      ...Array.from({ length: 80 }, (_, i): [number, number] => [0.2, i < 40 ? 1 : 0]),
      ...Array.from({ length: 20 }, (): [number, number] => [0.9, 1]),
    ]
    const found = ask(rows)
    if (found.status !== 'ok') throw new Error('there are rows')
    expect(found.value).toBeCloseTo(0.8 * 0.3 + 0.2 * 0.1, 12)
    expect(found.interval.low).toBeGreaterThan(0.1)
    expect(found.interval.high).toBeLessThan(0.4)
  })

  it('may be zero where noise explains it, and a bin without a miss is uncertain', () => {
    const random = createRandom(2)
    const found = ask(Array.from({ length: 60 }, () => [0.3, randomUniform(random) < 0.3 ? 1 : 0]))
    expect(found.status === 'ok' && found.interval.low).toBe(0)
    const sure = ask(Array.from({ length: 30 }, () => [0.02, 0]))
    expect(sure.status === 'ok' && sure.interval.high).toBeGreaterThan(0.04)
    expect(ask([])).toMatchObject({ status: 'insufficient', n: 0 })
  })
})

describe('top k', () => {
  it('counts the rows whose class is among the first, ties in proportion', () => {
    const scores = [0.5, 0.3, 0.2, 0.4, 0.4, 0.2, 0.1, 0.2, 0.7, 0.1, 0.2, Number.NaN]
    const labels = [1, 1, 0, 0]
    expect(topKHits(scores, labels, 3, 1)).toEqual({ hits: 0.5, n: 3, missing: 1 })
    expect(topKHits(scores, labels, 3, 2)).toEqual({ hits: 2, n: 3, missing: 1 })
    expect(topKHits(scores, [1, -1, 7, 0], 3, 3)).toEqual({ hits: 1, n: 1, missing: 3 })
    expect(() => topKHits(scores, labels, 2, 1)).toThrow(RangeError)
  })
})

describe('gains', () => {
  it('counts positives from the highest score down, equal scores in proportion', () => {
    const scored = splitScores([0.9, 0.8, 0.8, 0.3, 0.1], [1, 1, 0, 0, 1])
    const caught = cumulativeGains(scored, [0.2, 0.4, 0.6, 1]).map((point) => point.caught)
    expect(caught).toEqual([1, 1.5, 2, 3])
    expect(cumulativeGains(splitScores([0.1], [1]), [0.5])).toEqual([])
  })
})

describe('the threshold where errors cost least', () => {
  const scored = splitScores([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], [0, 0, 1, 0, 1, 0, 1, 1])
  const steps = countScoreSteps(scored)
  const ask = (falsePositive: number, falseNegative: number) => {
    const found = costThreshold(steps, { falsePositive, falseNegative }, createRandom(1))
    if (found.status !== 'ok') throw new Error('there are two classes')
    return found
  }

  it('is found among all of them', () => {
    expect([...steps.thresholds]).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    // From 0.5 up: one false alarm, one miss.
    expect(ask(1, 1).costs[4]).toBeCloseTo(2 / 8, 12)
    expect(ask(1, 10).best).toBe(2)
    expect(ask(10, 1).best).toBe(6)
    const inverted = countScoreSteps(splitScores([0.1, 0.2, 0.3], [1, 1, 0]))
    const never = costThreshold(inverted, { falsePositive: 1, falseNegative: 1 }, createRandom(1))
    expect(never).toMatchObject({ best: 0 })
    expect(costThreshold(inverted, { falsePositive: 9, falseNegative: 1 }, createRandom(1))).toMatchObject({ best: 3 })
    const { range, best, cost, costs } = ask(1, 1)
    expect(range[0]).toBeLessThanOrEqual(best)
    expect(range[1]).toBeGreaterThan(best)
    expect(cost.value).toBeGreaterThanOrEqual(costs[best])
  })

  it('is not there for one class', () => {
    const one = countScoreSteps(splitScores([0.1, 0.2], [1, 1]))
    expect(costThreshold(one, { falsePositive: 1, falseNegative: 1 }, createRandom(1))).toMatchObject({
      reason: 'one-class',
    })
  })

  it('keeps thresholds few, and the rare class among them', () => {
    const random = createRandom(5)
    const n = 20_000
    const scores = Float64Array.from({ length: n }, () => randomUniform(random))
    const labels = Uint8Array.from({ length: n }, (_, i) => (i % 2000 === 0 ? 1 : 0))
    const { thresholds, counts } = countScoreSteps(splitScores(scores, labels), 100)
    expect(thresholds.length).toBeLessThanOrEqual(100)
    expect(counts.subarray(0, thresholds.length).reduce((sum, count) => sum + count, 0)).toBe(10)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(n)
  })
})
