import { describe, expect, it } from 'vitest'
import { createCusum, updateCusum } from './cusum.ts'
import { createEwma, updateEwma } from './ewma.ts'
import { limitCrossing } from './limit-crossing.ts'
import { linearTrend, predictTrend } from './linear-trend.ts'
import { createRandom, randomNormal } from './random.ts'
import { hampelOutliers, MAD_TO_SIGMA, robustCentre } from './robust.ts'
import { findStuckRuns, repeatShare, stuckLengthNeeded, stuckRunPValue } from './runs.ts'
import { theilSen } from './theil-sen.ts'

const NONE = Number.NaN

function ok<T>(outcome: { status: string } & T): Extract<T, { status: 'ok' }> {
  if (outcome.status !== 'ok') throw new Error('a result was expected')
  return outcome as Extract<T, { status: 'ok' }>
}

describe('robustCentre', () => {
  it('is the median and the median distance from it', () => {
    expect(robustCentre([1, 1, 2, 2, 4, 6, 9])).toEqual({ median: 2, mad: 1, n: 7 })
    expect(robustCentre([1, 2, 3, NONE, 100])).toEqual({ median: 2.5, mad: 1, n: 4 })
    expect(robustCentre([5])).toEqual({ median: 5, mad: 0, n: 1 })
  })

  it('agrees with a plain computation on random samples', () => {
    const random = createRandom(51)
    for (let n = 1; n < 40; n++) {
      const values = Float64Array.from({ length: n }, () => Math.round(5 * randomNormal(random)))
      const middle = (sorted: Float64Array) => (sorted[(n - 1) >> 1] + sorted[n >> 1]) / 2 + 0
      const median = middle(values.slice().sort())
      expect(robustCentre(values)).toEqual({ median, mad: middle(values.map((x) => Math.abs(x - median)).sort()), n })
    }
  })

  it('has none for nothing', () => expect(robustCentre([NONE])).toBeNull())
})

describe('hampelOutliers', () => {
  it('marks a spike, by what came before it', () => {
    const values = [10, 11, 10, 12, 11, 10, 11, 50, 10, 11, 12, 10]
    const { scores, outliers } = hampelOutliers(values, { window: 7 })
    expect([...outliers]).toEqual([7])
    expect(scores[7]).toBeCloseTo(39 / MAD_TO_SIGMA, 10)
  })

  it('scores as the definition says, window by window', () => {
    const random = createRandom(52)
    const values = Float64Array.from({ length: 200 }, (_, i) => (i % 17 === 3 ? NONE : randomNormal(random)))
    for (const side of ['trailing', 'centred'] as const) {
      const { scores } = hampelOutliers(values, { window: 9, side })
      for (let i = 0; i < values.length; i++) {
        const from = side === 'trailing' ? i - 8 : i - 4
        const centre = robustCentre(values.subarray(Math.max(0, from), from + 9))
        const enough = !Number.isNaN(values[i]) && centre !== null && centre.n >= 3
        const want = enough ? Math.abs(values[i] - centre.median) / (MAD_TO_SIGMA * centre.mad) : 0
        expect(scores[i]).toBeCloseTo(want, 10)
      }
    }
  })

  it('handles flat stretches, missing and infinite values without NaN', () => {
    const values = [1, 1, 1, 1, 2, NONE, 1, Number.POSITIVE_INFINITY, 1, 1]
    const flat = hampelOutliers(values, { window: 5 })
    expect(flat.missing).toBe(1)
    expect([...flat.scores].some(Number.isNaN)).toBe(false)
    expect([...flat.outliers]).toEqual([4, 7])
    expect([...hampelOutliers(values, { window: 5, minDeviation: 1 }).outliers]).toEqual([7])
    expect(hampelOutliers([], {}).outliers.length).toBe(0)
    expect(() => hampelOutliers([1], { window: 2 })).toThrow(RangeError)
  })
})

describe('linearTrend', () => {
  const x = [0, 1, 2, 3, 4, 5, 6, 7]
  const y = [1.1, 2.3, 2.9, 4.2, 4.8, 6.1, 6.9, 8.3]

  it('is the least-squares line with its intervals', () => {
    const trend = ok(linearTrend(x, y, { independent: true }))
    expect(trend.slope).toBeCloseTo(0.9952380952380954, 13)
    expect(predictTrend(trend, 0).value).toBeCloseTo(1.0916666666666663, 13)
    const t = 2.4469118511449786
    expect(trend.slopeInterval.high - trend.slope).toBeCloseTo(t * 0.03175099167602712, 12)
    expect(trend.slopePValue).toBeCloseTo(7.003971478902955e-8, 18)
    const { line, point } = predictTrend(trend, 0)
    expect((line.high - line.low) / 2).toBeCloseTo(t * 0.13282392769074033, 12)
    expect(((point.high - point.low) / 2) ** 2 - ((line.high - line.low) / 2) ** 2).toBeCloseTo(
      (t * trend.residualDeviation) ** 2,
      12,
    )
  })

  it('widens where successive points repeat each other', () => {
    const random = createRandom(53)
    const times = Float64Array.from({ length: 400 }, (_, i) => i)
    let state = 0
    const walk = times.map(() => {
      state = 0.8 * state + randomNormal(random)
      return state
    })
    const trend = ok(linearTrend(times, walk))
    expect(trend.autocorrelation).toBeGreaterThan(0.6)
    expect(trend.inflation).toBeGreaterThan(4)
    expect(ok(linearTrend(times, walk, { independent: true })).inflation).toBe(1)
  })

  it('leaves incomplete points out and needs three with different x', () => {
    expect(ok(linearTrend([...x, NONE, 9], [...y, 3, NONE]))).toMatchObject({ n: 8, missing: 2 })
    expect(linearTrend([1, 2], [1, 2])).toMatchObject({ reason: 'too-few', needed: 3 })
    expect(linearTrend([1, 1, 1], [1, 2, 3])).toMatchObject({ reason: 'constant' })
    expect(() => linearTrend([1], [1, 2])).toThrow(RangeError)
  })

  it('is certain about points on a line and about level ones', () => {
    expect(ok(linearTrend([0, 1, 2], [0, 2, 4]))).toMatchObject({ slope: 2, slopePValue: 0, residualDeviation: 0 })
    expect(ok(linearTrend([0, 1, 2], [3, 3, 3]))).toMatchObject({ slope: 0, slopePValue: 1 })
  })
})

describe('limitCrossing', () => {
  const trend = ok(
    linearTrend([0, 1, 2, 3, 4, 5, 6, 7], [1.1, 2.3, 2.9, 4.2, 4.8, 6.1, 6.9, 8.3], { independent: true }),
  )

  it('says when the line and its band meet the limit', () => {
    const crossing = limitCrossing(trend, 20, 7, 'above')
    if (crossing.kind !== 'approaching') throw new Error('the line rises')
    expect(predictTrend(trend, crossing.at).value).toBeCloseTo(20, 10)
    expect(predictTrend(trend, crossing.earliestAt).line.high).toBeCloseTo(20, 8)
    expect(predictTrend(trend, crossing.latestAt).line.low).toBeCloseTo(20, 8)
  })

  it('says when it is there, or not on its way', () => {
    expect(limitCrossing(trend, 5, 7, 'above').kind).toBe('beyond')
    expect(limitCrossing(trend, 0, 7, 'below').kind).toBe('not-approaching')
    const level = ok(linearTrend([0, 1, 2, 3], [1, 1.2, 0.9, 1.1]))
    expect(limitCrossing(level, 2, 3, 'above').kind).toBe('not-approaching')
  })

  it('works downwards', () => {
    const falling = ok(linearTrend([0, 1, 2, 3, 4], [10, 9.1, 7.9, 7, 6.05]))
    const crossing = limitCrossing(falling, 0, 4, 'below')
    if (crossing.kind !== 'approaching') throw new Error('the line falls')
    expect(crossing.at).toBeCloseTo(10, 0)
    expect(crossing.earliestAt).toBeLessThan(crossing.at)
    expect(crossing.latestAt).toBeGreaterThan(crossing.at)
  })
})

describe('theilSen', () => {
  it('is the median of pairwise slopes with Sen’s interval', () => {
    const result = ok(theilSen([0, 1, 2, 3, 4, 5, 6, 7], [1.1, 2.3, 2.9, 4.2, 4.8, 6.1, 6.9, 8.3]))
    expect(result.slope).toBeCloseTo(1, 12)
    expect(result.slopeInterval.low).toBeCloseTo(0.9, 12)
    expect(result.slopeInterval.high).toBeCloseTo(1.1, 12)
  })

  it('is not moved by a fifth of wild points, and thins long series', () => {
    const random = createRandom(54)
    const x = Float64Array.from({ length: 5000 }, (_, i) => i)
    const y = x.map((i) => (i % 5 === 0 ? 1e6 : 3 + 0.01 * i + randomNormal(random)))
    const result = ok(theilSen(x, y))
    expect(result).toMatchObject({ n: 5000, pointsUsed: 600 })
    expect(result.slope).toBeCloseTo(0.01, 3)
    expect(result.intercept).toBeCloseTo(3, 0)
  })

  it('needs three points with different x', () => {
    expect(theilSen([1, NONE], [1, 2])).toMatchObject({ reason: 'too-few', n: 1 })
    expect(theilSen([1, 1, 1], [1, 2, 3])).toMatchObject({ reason: 'constant' })
  })
})

describe('stuck runs', () => {
  it('are found with their place and value; a missing value ends one', () => {
    const values = [1, 2, 2, 2, 3, 5, 5, NONE, 5, 5, 5, 5]
    expect(findStuckRuns(values, 3)).toEqual([
      { from: 1, to: 4, length: 3, value: 2 },
      { from: 8, to: 12, length: 4, value: 5 },
    ])
    expect(findStuckRuns([1, 1.05, 0.95, 3], 3, 0.1)).toEqual([{ from: 0, to: 3, length: 3, value: 1 }])
    expect(findStuckRuns([], 2)).toEqual([])
    expect(() => findStuckRuns([1], 1)).toThrow(RangeError)
  })

  it('are judged by how often healthy values repeat', () => {
    expect(repeatShare([1, 1, 2, NONE, 2, 2])).toBeCloseTo(2 / 3, 14)
    expect(repeatShare([1])).toBeNull()
    expect(stuckRunPValue(10, 5, 0.5)).toBe(0)
    expect(stuckRunPValue(1, 5, 0.5)).toBe(1)
    // Among 10 fair coin tosses a run of 10 needs all nine successors to repeat.
    expect(stuckRunPValue(10, 10, 0.5)).toBeCloseTo(0.5 ** 9, 5)
    const needed = stuckLengthNeeded(1000, 0.5) ?? 0
    expect(stuckRunPValue(needed, 1000, 0.5)).toBeLessThanOrEqual(0.001)
    expect(stuckRunPValue(needed - 1, 1000, 0.5)).toBeGreaterThan(0.001)
    expect(stuckLengthNeeded(10, 1)).toBeNull()
  })
})

describe('control charts', () => {
  it('EWMA leaves its limits after a shift, not before', () => {
    const chart = createEwma(10, 1)
    const signals = [10, 10.5, 9.5, 10, 14, 14, 14].map((value) => updateEwma(chart, value).isOut)
    expect(signals).toEqual([false, false, false, false, false, true, true])
    expect(updateEwma(createEwma(0, 1), 2)).toMatchObject({
      average: 0.4,
      high: expect.closeTo(0.5924, 12),
      isOut: false,
    })
    expect(updateEwma(createEwma(0, 1), NONE)).toMatchObject({ average: 0, isOut: false })
    expect(() => createEwma(0, 0)).toThrow(RangeError)
  })

  it('CUSUM adds up a small shift, says which way, and starts again', () => {
    const chart = createCusum(0, 1)
    const alarms = Array.from({ length: 12 }, () => updateCusum(chart, 1).alarm)
    expect(alarms.indexOf('up')).toBe(9)
    expect(chart.up).toBe(1)
    const down = createCusum(0, 1)
    expect(updateCusum(down, -6).alarm).toBe('down')
    expect(updateCusum(down, NONE).alarm).toBeNull()
    expect(() => createCusum(0, Number.NaN)).toThrow(RangeError)
  })
})
