import { describe, expect, it } from 'vitest'
import { performanceDetail } from '../../contract/report.ts'
import type { SampleTable } from '../../contract/table.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { parametersOf } from '../parameters.ts'
import { analyzePerformance, type PerformanceInput } from '../performance.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'
import { type PastEstimate, scoreEstimates } from './trust.ts'

const parameters = parametersOf.performance.parse({})
const ask = (input: Pick<PerformanceInput, 'current' | 'reference'> & Partial<PerformanceInput>) =>
  analyzePerformance(
    { task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog', ...input },
    parameters,
    uninterrupted,
  )

/** Rows whose chance of a dog is logistic in x; the score is that chance squared, so that it has to be calibrated. */
function drawDogs(random: Random, n: number, shift = 0, labelled = 1): SampleTable {
  const x = Float64Array.from({ length: n }, () => randomNormal(random) * 1.5 + shift)
  const chance = x.map((value) => 1 / (1 + Math.exp(-2 * value)))
  const truth = [...chance].map((p) => (randomUniform(random) < p ? 'dog' : 'cat'))
  return tableOf(
    {},
    {
      label: categories(truth.map((name) => (randomUniform(random) < labelled ? name : null))),
      prediction: categories([...chance].map((p) => (p > 0.5 ? 'dog' : 'cat'))),
      scores: new Map([['dog', chance.map((p) => p * p)]]),
    },
  )
}

describe('performance without labels', () => {
  const random = createRandom(31)
  const reference = drawDogs(random, 4000)
  const without = (table: SampleTable): SampleTable => ({ ...table, label: null })

  it('of a classifier follows inputs that move to where it is surer', () => {
    for (const shift of [0, 1.5]) {
      const now = drawDogs(random, 3000, shift)
      const { estimated } = ask({ current: without(now), reference }).detail
      const realised = ask({ current: now, reference: null }).detail.metrics
      expect(estimated).toMatchObject({ method: 'cbpe', leading: 'accuracy', isSuspended: false })
      for (const name of ['accuracy', 'precision', 'recall', 'f1', 'rocAuc'])
        expect(Math.abs((estimated?.metrics[name].value ?? 0) - (realised[name].value ?? 1)), name).toBeLessThan(0.03)
      const { value, interval, n } = estimated?.metrics.accuracy ?? { value: null, interval: null, n: 0 }
      expect(n).toBe(3000)
      expect(interval?.[0]).toBeLessThan(value ?? 0)
      expect(interval?.[1]).toBeGreaterThan(value ?? 1)
    }
  })

  it('is a number of its own, said where there are no labels, and part of the report', () => {
    const { findings, headline, detail } = ask({ current: without(drawDogs(random, 500)), reference })
    expect(findings.find(({ subject }) => subject.metric === 'estimatedAccuracy')).toMatchObject({
      status: 'ok',
      n: 500,
    })
    expect(headline.text).toMatch(
      /^Performance cannot be judged: there are no labels; estimated without labels: accuracy 0\.\d+ \(/,
    )
    expect(performanceDetail.safeParse(detail).error).toBeUndefined()
  })

  it('needs a labelled reference with scores, and enough of it', () => {
    const current = without(drawDogs(random, 100))
    expect(ask({ current, reference: null }).detail.estimated).toBeUndefined()
    expect(ask({ current, reference: without(reference) }).detail.estimated).toBeUndefined()
    expect(ask({ current: { ...current, scores: new Map() }, reference }).detail.estimated).toBeUndefined()
    const { estimated } = ask({ current, reference: drawDogs(random, 60) }).detail
    expect(estimated?.metrics.accuracy).toMatchObject({
      value: null,
      note: 'fewer than 100 labelled rows to calibrate scores on',
    })
  })

  it('of several classes estimates accuracy', () => {
    const draw = (n: number) => {
      const names = ['a', 'b', 'c']
      const label = Array.from({ length: n }, () => names[Math.floor(3 * randomUniform(random))])
      const weights = names.map((name) =>
        Float64Array.from(label, (own) => Math.exp(1.5 * randomNormal(random) + (own === name ? 2 : 0))),
      )
      const totals = label.map((_, row) => weights.reduce((sum, column) => sum + column[row], 0))
      const scores = weights.map((column) => column.map((weight, row) => weight / totals[row]))
      const prediction = label.map((_, row) => {
        const best = Math.max(...scores.map((column) => column[row]))
        return names[scores.findIndex((column) => column[row] === best)]
      })
      const rest = { prediction: categories(prediction), scores: new Map(names.map((name, i) => [name, scores[i]])) }
      return tableOf({}, { label: categories(label), ...rest })
    }
    const now = draw(3000)
    const several = { task: 'multiclass', classes: ['a', 'b', 'c'], positiveClass: null } as const
    const { estimated } = ask({ current: without(now), reference: draw(4000), ...several }).detail
    const realised = ask({ current: now, reference: null, ...several }).detail.metrics.accuracy.value ?? 0
    expect(Object.keys(estimated?.metrics ?? {})).toEqual(['accuracy'])
    expect(Math.abs((estimated?.metrics.accuracy.value ?? 0) - realised)).toBeLessThan(0.03)
  })

  it('of a regression follows inputs that move to where errors are large', () => {
    const draw = (n: number, centre: number) => {
      const x = Float64Array.from({ length: n }, () => centre + randomNormal(random))
      const noise = x.map((value) => (value > 1 ? 3 : 1) * randomNormal(random))
      return tableOf(
        { x: numbers(x) },
        {
          prediction: numbers(x.map((value) => 10 * value)),
          label: numbers(x.map((value, row) => 10 * value + noise[row])),
        },
      )
    }
    const before = draw(6000, 0)
    const numeric = { task: 'regression', classes: [], positiveClass: null } as const
    for (const centre of [0, 1]) {
      const now = draw(2000, centre)
      const { estimated } = ask({ current: without(now), reference: before, ...numeric }).detail
      const realised = ask({ current: now, reference: null, ...numeric }).detail.metrics
      expect(estimated).toMatchObject({ method: 'direct-loss', leading: 'mae' })
      for (const name of ['mae', 'rmse'])
        expect((estimated?.metrics[name].value ?? 0) / (realised[name].value ?? 1), name).toBeCloseTo(1, 0.7)
      const [low, high] = estimated?.metrics.mae.interval ?? [1, 0]
      expect(low).toBeLessThan(realised.mae.value ?? 0)
      expect(high).toBeGreaterThan(realised.mae.value ?? 9)
    }
  })

  it('agrees with few labels that were drawn at random, and narrows their interval', () => {
    const few = drawDogs(random, 5000, 0, 0.03)
    const { fewLabels, metrics } = ask({ current: few, reference: null }).detail
    expect(fewLabels).toMatchObject({ metric: 'accuracy', isNarrower: true })
    expect(fewLabels?.classical).toEqual(metrics.accuracy)
    expect((fewLabels?.unlabelled ?? 0) + metrics.accuracy.n).toBe(5000)
    expect(ask({ current: drawDogs(random, 200), reference: null }).detail.fewLabels).toBeUndefined()
  })
})

describe('the ledger of estimates', () => {
  const day = 86_400_000
  const options = { confidence: 0.95, tolerance: 0.02, isShare: true }
  const past = (misses: readonly boolean[]): PastEstimate[] =>
    misses.map((isMiss, i) => ({
      window: { from: i * day, to: (i + 1) * day },
      estimated: { value: 0.93, n: 800, interval: [0.91, 0.95] },
      realised: { value: isMiss ? 0.8 : 0.94, n: 300, interval: isMiss ? [0.75, 0.84] : [0.91, 0.96] },
    }))
  const times = (count: number, missed: number) => Array.from({ length: count }, (_, i) => i < missed)

  it('counts how often estimates agreed, and by how much they are off', () => {
    const { ledger, isSuspended } = scoreEstimates(past(times(16, 2)), options)
    expect(ledger).toMatchObject({ scored: 16, agreed: 14 })
    expect(ledger.bias.value).toBeCloseTo((14 * -0.01 + 2 * 0.13) / 16, 12)
    expect(ledger.entries[0].window.to).toBe(16 * day)
    expect(isSuspended).toBe(false)
  })

  it('suspends the method where it fails more often than chance would', () => {
    expect(scoreEstimates(past(times(1, 1)), options).isSuspended).toBe(false)
    expect(scoreEstimates(past(times(2, 2)), options)).toMatchObject({
      isSuspended: true,
      reason: '2 of 2 estimates did not agree with the labels that came since: more than chance would make',
    })
    expect(scoreEstimates(past(times(16, 4)), options).isSuspended).toBe(true)
  })

  it('scores no window twice, and none with few labels', () => {
    const [first] = past([false])
    const later = { ...first, window: { from: day / 2, to: day * 1.5 } }
    const scarce = { ...first, window: { from: 5 * day, to: 6 * day }, realised: { ...first.realised, n: 29 } }
    expect(scoreEstimates([first, later, scarce], options).ledger).toMatchObject({ scored: 1, agreed: 1 })
    expect(scoreEstimates([], options).ledger.bias).toMatchObject({ value: null, n: 0 })
  })

  it('keeps a suspended estimate, without a verdict', () => {
    const random = createRandom(5)
    const { detail, findings, headline } = ask({
      current: { ...drawDogs(random, 400), label: null },
      reference: drawDogs(random, 1000),
      past: past([true, true]),
    })
    expect(detail.estimated).toMatchObject({ isSuspended: true })
    expect(findings.find(({ subject }) => subject.metric === 'estimatedAccuracy')?.status).toBe('insufficient')
    expect(headline.text).toContain('estimates without labels are suspended')
  })
})
