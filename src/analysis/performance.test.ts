import { describe, expect, it } from 'vitest'
import { reportDetail } from '../contract/report.ts'
import type { SampleTable } from '../contract/table.ts'
import { createRandom, randomInteger, randomNormal, randomUniform } from '../stats/random.ts'
import { AnalysisCancelled, uninterrupted } from './answer.ts'
import { parametersOf } from './parameters.ts'
import { analyzePerformance, type PerformanceInput } from './performance.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

function ask(input: Partial<PerformanceInput> & Pick<PerformanceInput, 'current'>, changes: object = {}) {
  const full = { reference: null, task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog', ...input } as const
  return analyzePerformance(full, parametersOf.performance.parse(changes), uninterrupted)
}

/** Rows by actual and predicted class, so many times. */
function outcomes(rows: readonly (readonly [actual: string | null, predicted: string | null, times: number])[]) {
  const all = rows.flatMap(([actual, predicted, times]) => Array.from({ length: times }, () => [actual, predicted]))
  return tableOf(
    {},
    { label: categories(all.map(([actual]) => actual)), prediction: categories(all.map(([, guess]) => guess)) },
  )
}

/** 30 true and 10 false dogs, 50 true and 10 false cats. */
const known = outcomes([
  ['dog', 'dog', 30],
  ['cat', 'dog', 10],
  ['cat', 'cat', 50],
  ['dog', 'cat', 10],
  [null, 'cat', 25],
])

describe('binary performance', () => {
  it('is what the four counts say', () => {
    const { detail, headline } = ask({ current: known })
    const value = (name: string) => detail.metrics[name].value
    expect(value('accuracy')).toBe(0.8)
    expect(value('precision')).toBe(0.75)
    expect(value('recall')).toBe(0.75)
    expect(value('specificity')).toBeCloseTo(50 / 60, 12)
    expect(value('f1')).toBe(0.75)
    expect(value('balancedAccuracy')).toBeCloseTo((0.75 + 50 / 60) / 2, 12)
    expect(value('matthews')).toBeCloseTo((30 * 50 - 10 * 10) / Math.sqrt(40 * 40 * 60 * 60), 12)
    expect(detail).toMatchObject({ labelled: 100, total: 125, positiveClass: 'dog', referenceMetrics: null })
    expect(detail.confusion).toEqual({
      classes: ['cat', 'dog'],
      counts: [
        [50, 10],
        [10, 30],
      ],
    })
    expect(detail.metrics.precision.n).toBe(40)
    expect(detail.metrics.accuracy.interval?.map((end) => end.toFixed(4))).toEqual(['0.7112', '0.8666'])
    expect(headline).toEqual({ status: 'ok', text: 'Accuracy 0.8 (0.7112 to 0.8666), 100 of 125 samples labelled' })
    expect(detail.perClass.map(({ className, n, recall }) => [className, n, recall.value?.toFixed(3)])).toEqual([
      ['cat', 60, '0.833'],
      ['dog', 40, '0.750'],
    ])
    for (const { value: point, interval } of Object.values(detail.metrics)) {
      expect(interval?.[0]).toBeLessThan(point ?? 0)
      expect(interval?.[1]).toBeGreaterThan(point ?? 1)
    }
    expect(reportDetail.safeParse(detail).error).toBeUndefined()
  })

  it('is measured on the reference too, and a fall beyond both intervals is a warning', () => {
    const before = outcomes([
      ['dog', 'dog', 480],
      ['cat', 'cat', 500],
      ['cat', 'dog', 20],
    ])
    const { detail, findings, headline } = ask({ current: known, reference: before })
    expect(detail.referenceMetrics?.accuracy.value).toBe(0.98)
    expect(findings.find(({ subject }) => subject.metric === 'accuracy')).toMatchObject({
      status: 'warning',
      n: 100,
      message: 'Accuracy 0.8 (0.7112 to 0.8666) on 100 labelled samples; 0.98 in the reference',
    })
    expect(headline.status).toBe('warning')
    expect(ask({ current: before, reference: known }).headline.status).toBe('ok')
  })

  it('keeps measures of one class apart from those of all', () => {
    const metrics = ask({ current: known }).findings.filter(({ subject }) => subject.className !== undefined)
    expect(metrics.map(({ subject }) => `${subject.metric} ${subject.className}`)).toEqual([
      'classPrecision cat',
      'classRecall cat',
      'classPrecision dog',
      'classRecall dog',
    ])
  })

  it('has no value where its denominator is empty, and says why', () => {
    const { detail } = ask({ current: outcomes([['cat', 'cat', 40]]) })
    expect(detail.metrics.precision).toEqual({
      value: null,
      n: 0,
      interval: null,
      note: 'nothing was predicted positive',
    })
    expect(detail.metrics.recall.value).toBeNull()
    expect(detail.metrics.matthews.value).toBeNull()
    expect(detail.metrics.accuracy.value).toBe(1)
  })

  it('is insufficient without labels, without predictions, and with few', () => {
    const unlabelled = ask({ current: outcomes([[null, 'cat', 40]]) })
    expect(unlabelled.headline).toEqual({
      status: 'insufficient',
      text: 'Performance cannot be judged: no labelled sample',
    })
    expect(ask({ current: tableOf({}, { n: 5 }) }).headline.text).toBe(
      'Performance cannot be judged: there are no predictions',
    )
    const few = ask({ current: outcomes([['cat', 'cat', 12]]) })
    expect(few.headline.status).toBe('insufficient')
    expect(few.findings[0]).toMatchObject({ status: 'insufficient', value: 1, n: 12 })
  })

  it('reads numbers as classes of their name, and counts classes nobody declared', () => {
    const current = tableOf({}, { prediction: numbers([0, 1, 1, 2]), label: numbers([0, 1, 0, null]) })
    const { detail } = ask({ current, classes: [], positiveClass: null })
    expect(detail.confusion?.classes).toEqual(['0', '1', '2'])
    expect(detail).toMatchObject({ positiveClass: '1', labelled: 3 })
    expect(detail.metrics.precision.value).toBe(0.5)
  })
})

describe('measures of scores', () => {
  const random = createRandom(4)
  const n = 600
  const truth = Array.from({ length: n }, () => randomUniform(random) < 0.4)
  const score = Float64Array.from(truth, (isDog) => 1 / (1 + Math.exp(-(randomNormal(random) + (isDog ? 1 : -1)))))
  const scored = (scores: SampleTable['scores']) =>
    tableOf(
      {},
      {
        label: categories(truth.map((isDog) => (isDog ? 'dog' : 'cat'))),
        prediction: categories([...score].map((p) => (p >= 0.5 ? 'dog' : 'cat'))),
        scores,
      },
    )

  it('carry intervals and a calibration curve', () => {
    const { detail } = ask({ current: scored(new Map([['dog', score]])) })
    for (const name of ['rocAuc', 'prAuc', 'logLoss', 'brier']) {
      const { value, interval, n: rows } = detail.metrics[name]
      expect(rows).toBe(n)
      expect(interval?.[0]).toBeLessThan(value ?? 0)
      expect(interval?.[1]).toBeGreaterThan(value ?? 1)
    }
    expect(detail.calibration.reduce((sum, bin) => sum + bin.n, 0)).toBe(n)
    expect(detail.metrics.rocAuc.value).toBeGreaterThan(0.85)
  })

  it('may be those of the other class', () => {
    const other = ask({ current: scored(new Map([['cat', score.map((p) => 1 - p)]])) }).detail.metrics
    const own = ask({ current: scored(new Map([['dog', score]])) }).detail.metrics
    expect(other.rocAuc.value).toBeCloseTo(own.rocAuc.value ?? 0, 12)
    expect(other.brier.value).toBeCloseTo(own.brier.value ?? 0, 12)
  })

  it('that are no probabilities are ranked alone', () => {
    const { metrics, calibration } = ask({ current: scored(new Map([['dog', score.map((p) => 10 * p - 5)]])) }).detail
    expect(metrics.rocAuc.value).toBeGreaterThan(0.85)
    expect(metrics.logLoss).toMatchObject({ value: null, note: 'the scores are not probabilities' })
    expect(calibration).toEqual([])
  })

  it('skip rows without a score, and cost little for many rows', () => {
    const many = 200_000
    const p = Float64Array.from({ length: many }, (_, i) => (i % 10 === 0 ? Number.NaN : randomUniform(random)))
    const label = categories([...p].map((x) => (randomUniform(random) < (Number.isNaN(x) ? 0.5 : x) ? 'dog' : 'cat')))
    const { metrics } = ask({
      current: tableOf({}, { label, prediction: label, scores: new Map([['dog', p]]) }),
    }).detail
    expect(metrics.brier.n).toBe(180_000)
    expect(metrics.brier.value).toBeCloseTo(1 / 6, 2)
    const width = (metrics.prAuc.interval?.[1] ?? 1) - (metrics.prAuc.interval?.[0] ?? 0)
    expect(width).toBeLessThan(0.01)
  })
})

describe('multiclass performance', () => {
  const table = outcomes([
    ['a', 'a', 40],
    ['a', 'b', 10],
    ['b', 'b', 20],
    ['b', 'c', 5],
    ['c', 'c', 15],
    ['c', 'a', 10],
  ])

  it('averages over classes', () => {
    const { metrics, perClass, positiveClass } = ask({
      current: table,
      task: 'multiclass',
      classes: ['a', 'b', 'c'],
      positiveClass: null,
    }).detail
    const f1 = [80 / (80 + 10 + 10), 40 / (40 + 10 + 5), 30 / (30 + 5 + 10)]
    expect(positiveClass).toBeNull()
    expect(metrics.accuracy.value).toBe(0.75)
    expect(metrics.macroF1.value).toBeCloseTo((f1[0] + f1[1] + f1[2]) / 3, 12)
    expect(metrics.weightedF1.value).toBeCloseTo((50 * f1[0] + 25 * f1[1] + 25 * f1[2]) / 100, 12)
    expect(metrics.balancedAccuracy.value).toBeCloseTo((0.8 + 0.8 + 0.6) / 3, 12)
    expect(metrics.macroF1.interval?.[0]).toBeGreaterThan(0.6)
    expect(metrics.macroF1.interval?.[1]).toBeLessThan(0.85)
    expect(perClass).toHaveLength(3)
  })

  it('uses the scores of every class, if there are all', () => {
    const label = categories(Array.from({ length: 90 }, (_, i) => 'abc'[i % 3]))
    const score = (own: string) => Float64Array.from({ length: 90 }, (_, i) => ('abc'[i % 3] === own ? 0.8 : 0.1))
    const scores = new Map(['a', 'b', 'c'].map((name) => [name, score(name)]))
    const input = { current: tableOf({}, { label, prediction: label, scores }), task: 'multiclass' as const }
    const { metrics } = ask({ ...input, classes: ['a', 'b', 'c'] }).detail
    expect(metrics.rocAuc.value).toBe(1)
    expect(metrics.logLoss.value).toBeCloseTo(-Math.log(0.8), 12)
  })

  it('takes a thousand classes', () => {
    const random = createRandom(8)
    const name = () => `c${randomInteger(random, 1000)}`
    const label = Array.from({ length: 20_000 }, name)
    const current = tableOf(
      {},
      {
        label: categories(label),
        prediction: categories(label.map((x) => (randomUniform(random) < 0.9 ? x : name()))),
      },
    )
    const { metrics, perClass } = ask({ current, task: 'multiclass', classes: [] }, { resamples: 50 }).detail
    expect(metrics.accuracy.value).toBeCloseTo(0.9, 1)
    expect(perClass).toHaveLength(200)
  })
})

describe('performance of a regression', () => {
  const random = createRandom(12)
  const actual = Float64Array.from({ length: 500 }, () => 100 + 10 * randomNormal(random))
  const predicted = actual.map((y) => y + 2 + 3 * randomNormal(random))
  const input = (label: Float64Array, prediction: Float64Array) =>
    ask({ current: tableOf({}, { label: numbers(label), prediction: numbers(prediction) }), task: 'regression' })

  it('is what the errors say', () => {
    const { metrics, labelled, confusion } = input(actual, predicted).detail
    const errors = predicted.map((p, i) => p - actual[i])
    const mean = (of: (e: number) => number) => errors.reduce((sum, e) => sum + of(e), 0) / 500
    const centre = actual.reduce((sum, y) => sum + y, 0) / 500
    const total = actual.reduce((sum, y) => sum + (y - centre) ** 2, 0)
    expect(metrics.mae.value).toBeCloseTo(mean(Math.abs), 10)
    expect(metrics.rmse.value).toBeCloseTo(Math.sqrt(mean((e) => e * e)), 10)
    expect(metrics.bias.value).toBeCloseTo(
      mean((e) => e),
      10,
    )
    expect(metrics.r2.value).toBeCloseTo(1 - (500 * mean((e) => e * e)) / total, 10)
    expect([labelled, confusion]).toEqual([500, null])
    for (const name of ['mae', 'rmse', 'bias', 'r2', 'medianAbsoluteError', 'explainedVariance', 'mape']) {
      const { value, interval } = metrics[name]
      expect(interval?.[0], name).toBeLessThan(value ?? 0)
      expect(interval?.[1], name).toBeGreaterThan(value ?? 1)
    }
    // The bias is 2, the noise 3.
    expect(metrics.bias.interval?.[0]).toBeGreaterThan(1.5)
    expect(metrics.bias.interval?.[1]).toBeLessThan(2.5)
  })

  it('says that the largest error has no interval, and which share of errors it bounds', () => {
    const { detail, findings } = input(actual, predicted)
    // 0.05 to the power of 1 / 500 is 0.99403.
    const note =
      'the largest error seen has no interval; with 95 % confidence at least 99.4 % of errors do not exceed it'
    expect(detail.metrics.maxError).toMatchObject({ interval: null, note })
    expect(findings.find(({ subject }) => subject.metric === 'maxError')?.message).toContain(note)
  })

  it('leaves out rows without a number, and has no R² where labels do not vary', () => {
    const { metrics } = input(
      Float64Array.of(5, 5, 5, Number.NaN),
      Float64Array.of(4, 5, Number.POSITIVE_INFINITY, 1),
    ).detail
    expect(metrics.mae).toMatchObject({ value: 0.5, n: 2 })
    expect(metrics.r2).toMatchObject({ value: null, note: 'the labels do not vary' })
  })

  it('refuses classes', () => {
    const { headline } = ask({ current: known, task: 'regression' })
    expect(headline).toEqual({
      status: 'insufficient',
      text: 'Performance cannot be judged: predictions are not numbers',
    })
  })
})

describe('performance', () => {
  it('is the same bit for bit, and stops when asked to', () => {
    expect(ask({ current: known })).toEqual(ask({ current: known }))
    expect(ask({ current: known }, { seed: 2 })).not.toEqual(ask({ current: known }))
    const stopped = { cancellation: { aborted: true }, onProgress: () => {} }
    const input = { current: known, reference: null, task: 'binary', classes: [], positiveClass: null } as const
    expect(() => analyzePerformance(input, parametersOf.performance.parse({}), stopped)).toThrow(AnalysisCancelled)
  })
})
