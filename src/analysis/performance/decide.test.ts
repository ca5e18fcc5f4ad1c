import { describe, expect, it } from 'vitest'
import { performanceDetail } from '../../contract/report.ts'
import { createRandom, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { parametersOf } from '../parameters.ts'
import { analyzePerformance } from '../performance.ts'
import { categories, tableOf } from '../testing/tables.ts'

const random = createRandom(21)
const n = 2000
const truth = Array.from({ length: n }, () => randomUniform(random) < 0.2)
/** Calibrated where the model is logistic in a normal score two apart. */
const score = Float64Array.from(truth, (isDog) => {
  const x = randomNormal(random) + (isDog ? 1 : -1)
  return 1 / (1 + Math.exp(-(2 * x + Math.log(0.2 / 0.8))))
})
const current = tableOf(
  {},
  {
    label: categories(truth.map((isDog) => (isDog ? 'dog' : 'cat'))),
    prediction: categories([...score].map((p) => (p >= 0.5 ? 'dog' : 'cat'))),
    scores: new Map([['dog', score]]),
  },
)
const ask = (changes: object, table = current) =>
  analyzePerformance(
    { current: table, reference: null, task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog' },
    parametersOf.performance.parse(changes),
    uninterrupted,
  ).detail

describe('what a score can be used for', () => {
  it('moves the threshold with the costs that a person enters', () => {
    const { thresholds } = ask({ falsePositiveCost: 1, falseNegativeCost: 9 })
    // A calibrated score is best cut at the share of costs, 1 / (1 + 9).
    expect(thresholds?.best.interval?.[0]).toBeLessThan(0.1)
    expect(thresholds?.best.interval?.[1]).toBeGreaterThan(0.1)
    expect(thresholds?.costs).toEqual({ falsePositive: 1, falseNegative: 9 })
    expect(thresholds?.bestCost.value).toBeLessThan(thresholds?.currentCost.value ?? 0)
    const even = ask({}).thresholds
    expect(even?.best.interval?.[0]).toBeLessThan(0.5)
    expect(even?.best.interval?.[1]).toBeGreaterThan(0.5)
    expect(even?.best.value).toBeGreaterThan(thresholds?.best.value ?? 1)
  })

  it('counts every row at every threshold', () => {
    const detail = ask({})
    for (const point of detail.thresholds?.points ?? []) {
      const { truePositives, falsePositives, trueNegatives, falseNegatives, cost } = point
      expect(truePositives + falsePositives + trueNegatives + falseNegatives).toBe(n)
      expect(cost).toBeCloseTo((falsePositives + falseNegatives) / n, 12)
    }
    expect(detail.thresholds?.points[0]).toMatchObject({ trueNegatives: 0, falseNegatives: 0 })
    expect(performanceDetail.safeParse(detail).error).toBeUndefined()
  })

  it('says that calling nothing positive is cheapest where it is', () => {
    const inverted = tableOf(
      {},
      {
        label: categories(['dog', 'cat', 'cat', 'dog', 'cat']),
        prediction: categories(['dog', 'cat', 'cat', 'dog', 'cat']),
        scores: new Map([['dog', Float64Array.of(0.1, 0.5, 0.6, 0.2, 0.9)]]),
      },
    )
    const { thresholds } = ask({ falsePositiveCost: 5 }, inverted)
    expect(thresholds?.best).toMatchObject({ value: null, note: 'calling nothing positive costs least' })
  })

  it('gains rise to all positives at all rows, and lift falls to one', () => {
    const { gains = [] } = ask({})
    const captured = gains.map((point) => point.captured.value ?? Number.NaN)
    expect([...captured].sort((a, b) => a - b)).toEqual(captured)
    expect(gains[0].lift.value).toBeGreaterThan(4)
    expect(gains.at(-1)).toMatchObject({ share: 1, captured: { value: 1 }, lift: { value: 1, interval: [1, 1] } })
  })

  it('gives the curve of reliability intervals', () => {
    for (const { observed, interval } of ask({}).calibration) {
      expect(interval?.[0]).toBeLessThanOrEqual(observed)
      expect(interval?.[1]).toBeGreaterThanOrEqual(observed)
    }
  })
})
