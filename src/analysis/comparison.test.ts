import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal, randomUniform } from '../stats/random.ts'
import { rocAuc } from '../stats/roc-auc.ts'
import { rocInfluence } from '../stats/roc-influence.ts'
import { splitScores } from '../stats/scored-classes.ts'
import { uninterrupted } from './answer.ts'
import { analyzeComparison, type ComparisonInput } from './comparison.ts'
import { categories, numbers } from './testing/tables.ts'

const parameters = { confidence: 0.95, resamples: 400, seed: 1, minimumN: 30 }
const ask = (input: Partial<ComparisonInput> & Pick<ComparisonInput, 'label' | 'first' | 'second'>) =>
  analyzeComparison(
    { task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog', ...input },
    parameters,
    uninterrupted,
  )
const side = (prediction: readonly (string | null)[]) => ({ prediction: categories(prediction), scores: new Map() })
const repeat = (text: string, times: number) => Array.from({ length: times }, () => text)

describe('two sets of predictions on the same rows', () => {
  const label = [...repeat('dog', 50), ...repeat('cat', 50)]
  const first = [...repeat('dog', 40), ...repeat('cat', 60)]
  const second = [...repeat('dog', 48), ...repeat('cat', 51), 'dog']

  it('are compared by who alone is right', () => {
    const { metrics, headline, n } = ask({ label: categories(label), first: side(first), second: side(second) })
    const [accuracy] = metrics
    expect(n).toBe(100)
    expect(accuracy).toMatchObject({ first: 0.9, second: 0.97, onlyFirst: 1, onlySecond: 8, method: 'mcnemar' })
    expect(accuracy.pValue).toBeCloseTo(2 * (10 / 512), 12)
    expect(accuracy.difference.value).toBeCloseTo(0.07, 12)
    expect(headline.text).toMatch(
      /^Accuracy 0.9 against 0.97 on 100 rows: the second is better by 0.07 \(difference 0.0\d+ to 0.1\d+\), p = 0.039; only the first is right on 1, only the second on 8$/,
    )
    const recall = metrics.find(({ metric }) => metric === 'recall')
    expect(recall).toMatchObject({ first: 0.8, second: 0.96, method: 'mcnemar', difference: { n: 50 } })
    expect(metrics.find(({ metric }) => metric === 'f1')?.method).toBe('paired-bootstrap')
    expect(recall?.difference.interval?.[0]).toBeGreaterThan(0)
    expect(recall?.pValue).toBeLessThan(0.05)
  })

  it('warn when the second is worse, and say when neither is shown to be', () => {
    expect(ask({ label: categories(label), first: side(second), second: side(first) }).headline.status).toBe('warning')
    const same = ask({ label: categories(label), first: side(first), second: side(first) })
    expect(same.headline).toMatchObject({ status: 'ok' })
    expect(same.headline.text).toContain('no difference is shown')
    expect(same.metrics[0]).toMatchObject({ pValue: 1, difference: { value: 0 } })
  })

  it('cannot be compared on rows that only one of them answered', () => {
    const silent = side(repeat('x', 3).map(() => null))
    const found = ask({ label: categories(label.slice(0, 3)), first: side(first.slice(0, 3)), second: silent })
    expect(found).toMatchObject({ n: 0, headline: { status: 'insufficient' } })
    const few = ask({
      label: categories(label.slice(0, 9)),
      first: side(first.slice(0, 9)),
      second: side(second.slice(0, 9)),
    })
    expect(few.headline).toMatchObject({ status: 'insufficient' })
  })

  it('of scores are compared by area and loss', () => {
    const random = createRandom(8)
    const truth = Array.from({ length: 400 }, () => randomUniform(random) < 0.4)
    const scoreOf = (skill: number) =>
      Float64Array.from(truth, (isDog) => 1 / (1 + Math.exp(-(skill * (isDog ? 1 : -1) + randomNormal(random)))))
    const sideOf = (score: Float64Array) => ({
      prediction: categories([...score].map((p) => (p > 0.5 ? 'dog' : 'cat'))),
      scores: new Map([['dog', score]]),
    })
    const [weak, strong] = [scoreOf(0.7), scoreOf(1.6)]
    const labels = categories(truth.map((isDog) => (isDog ? 'dog' : 'cat')))
    const { metrics } = ask({ label: labels, first: sideOf(weak), second: sideOf(strong) })
    const of = (name: string) => metrics.find(({ metric }) => metric === name)
    expect(of('rocAuc')).toMatchObject({ method: 'paired-delong' })
    expect(of('rocAuc')?.pValue).toBeLessThan(1e-4)
    expect(of('logLoss')?.difference.interval?.[1]).toBeLessThan(0)
    expect(of('prAuc')?.difference.interval?.[0]).toBeGreaterThan(0)
    const ofArea = rocAuc(splitScores(strong, truth.map(Number)))
    expect(of('rocAuc')?.second).toBeCloseTo(ofArea.status === 'ok' ? ofArea.value : 0, 12)
  })

  it('have no interval of the difference of areas, and say why, when a label has one row', () => {
    const random = createRandom(11)
    const truth = Array.from({ length: 30 }, (_, row) => (row === 0 ? 'dog' : 'cat'))
    const sideOf = () => ({
      prediction: categories(truth),
      scores: new Map([['dog', Float64Array.from(truth, () => randomUniform(random))]]),
    })
    const { metrics } = ask({ label: categories(truth), first: sideOf(), second: sideOf() })
    expect(metrics.find(({ metric }) => metric === 'rocAuc')).toMatchObject({
      difference: { interval: null, note: 'neither interval nor test: at least 2 rows of either label are needed' },
      pValue: null,
    })
  })

  it('are not told apart by a few rows of three classes that resamples never doubt', () => {
    const label = [...repeat('a', 20), ...repeat('b', 6), ...repeat('c', 4)]
    const first = [...repeat('a', 22), ...repeat('b', 4), ...repeat('a', 4)]
    const second = [...repeat('a', 21), ...repeat('b', 5), ...repeat('c', 3), 'a']
    const { metrics } = ask({
      ...{ label: categories(label), first: side(first), second: side(second) },
      ...{ task: 'multiclass', classes: ['a', 'b', 'c'], positiveClass: null },
    })
    for (const { metric, pValue, difference } of metrics) {
      // Four rows that only the second gets right: each way of exchanging them is one of sixteen.
      expect(pValue, metric).toBeGreaterThan(1 / 16)
      if (metric !== 'accuracy') expect(difference.interval?.[0], metric).toBeLessThanOrEqual(0)
    }
  })

  it('of numbers are compared by their errors', () => {
    const random = createRandom(9)
    const actual = Array.from({ length: 300 }, () => 10 * randomNormal(random))
    const noisy = (spread: number) => ({
      prediction: numbers(actual.map((y) => y + spread * randomNormal(random))),
      scores: new Map(),
    })
    const { metrics, headline } = ask({ label: numbers(actual), first: noisy(1), second: noisy(2), task: 'regression' })
    expect(metrics.map(({ metric }) => metric)).toEqual(['mae', 'rmse', 'medianAbsoluteError', 'r2'])
    for (const { metric, difference } of metrics)
      expect(Math.sign(difference.interval?.[metric === 'r2' ? 1 : 0] ?? 0), metric).toBe(metric === 'r2' ? -1 : 1)
    expect(headline).toMatchObject({ status: 'warning' })
  })
})

describe('the influence of rows on an area', () => {
  it('gives DeLong’s error', () => {
    const random = createRandom(10)
    const labels = Uint8Array.from({ length: 200 }, () => (randomUniform(random) < 0.3 ? 1 : 0))
    const scores = Float64Array.from(labels, (label) => Math.round(3 * (randomNormal(random) + label)))
    const found = rocInfluence(scores, labels)
    const area = rocAuc(splitScores(scores, labels))
    if (found === null || area.status !== 'ok') throw new Error('both classes are there')
    expect(found.value).toBeCloseTo(area.value, 12)
    const mean = found.influence.reduce((sum, one) => sum + one, 0) / 200
    expect(mean).toBeCloseTo(0, 10)
    const error = Math.sqrt(found.influence.reduce((sum, one) => sum + one * one, 0) / 200 / 199)
    expect(error / area.standardError).toBeCloseTo(1, 1)
  })
})
