import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeComparison, type ComparedMetric } from '../../src/analysis/comparison.ts'
import { categories, numbers } from '../../src/analysis/testing/tables.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

const parameters = { confidence: 0.95, resamples: 150, seed: 1, minimumN: 1 }

/** Two models whose scores share half of their noise, the second with `skill` more or less. */
function compareBinary(random: Random, n: number, skill: number): readonly ComparedMetric[] {
  const truth = Array.from({ length: n }, () => randomUniform(random) < 0.4)
  const shared = Float64Array.from({ length: n }, () => randomNormal(random))
  const sideOf = (more: number) => {
    const score = Float64Array.from(truth, (isDog, row) => {
      const x = (1 + more) * (isDog ? 1 : -1) + shared[row] + randomNormal(random)
      return 1 / (1 + Math.exp(-x))
    })
    return {
      prediction: categories([...score].map((p) => (p > 0.5 ? 'dog' : 'cat'))),
      scores: new Map([['dog', score]]),
    }
  }
  const label = categories(truth.map((isDog) => (isDog ? 'dog' : 'cat')))
  const input = { label, first: sideOf(0), second: sideOf(skill), classes: ['cat', 'dog'], positiveClass: 'dog' }
  return analyzeComparison({ ...input, task: 'binary' }, parameters, uninterrupted).metrics
}

function compareNumbers(random: Random, n: number): readonly ComparedMetric[] {
  const actual = Array.from({ length: n }, () => 3 * randomNormal(random))
  const shared = actual.map(() => randomNormal(random))
  const side = () => ({
    prediction: numbers(actual.map((y, row) => y + shared[row] + randomNormal(random))),
    scores: new Map(),
  })
  return analyzeComparison(
    { label: numbers(actual), first: side(), second: side(), task: 'regression', classes: [], positiveClass: null },
    parameters,
    uninterrupted,
  ).metrics
}

/** Shares of comparisons that reject at 0.05 and whose interval misses the truth. */
function tally(repeats: number, draw: () => readonly ComparedMetric[], truth: ReadonlyMap<string, number> | null) {
  const counts = new Map<string, { rejected: number; missed: number; of: number }>()
  for (let i = 0; i < repeats; i++)
    for (const { metric, pValue, difference } of draw()) {
      const of = counts.get(metric) ?? { rejected: 0, missed: 0, of: 0 }
      const at = truth?.get(metric) ?? 0
      const [low, high] = difference.interval ?? [at, at]
      counts.set(metric, {
        rejected: of.rejected + (pValue !== null && pValue <= 0.05 ? 1 : 0),
        missed: of.missed + (low <= at && at <= high ? 0 : 1),
        of: of.of + 1,
      })
    }
  return [...counts].map(([metric, { rejected, missed, of }]) => ({
    metric,
    rejected: rejected / of,
    missed: missed / of,
  }))
}

const most = (rate: number, repeats: number) => rate + 3.7 * Math.sqrt((rate * (1 - rate)) / repeats)

describe.each([
  { n: 30, repeats: 150, rate: 0.08 },
  { n: 100, repeats: 100, rate: 0.06 },
  { n: 1000, repeats: 30, rate: 0.055 },
])('comparing two equally good models on $n rows', ({ n, repeats, rate }) => {
  it.each([
    { task: 'classification', draw: (random: Random) => compareBinary(random, n, 0) },
    { task: 'regression', draw: (random: Random) => compareNumbers(random, n) },
  ])('finds a difference about as seldom as it says ($task)', ({ task, draw }) => {
    const random = createRandom(n)
    const found = tally(repeats, () => draw(random), null)
    console.info(
      `no difference, ${task}, n ${n}:`,
      found.map(({ metric, rejected, missed }) => `${metric} ${rejected.toFixed(3)}/${missed.toFixed(3)}`).join(', '),
    )
    for (const { metric, rejected, missed } of found) {
      expect(rejected, metric).toBeLessThanOrEqual(most(rate, repeats))
      expect(missed, metric).toBeLessThanOrEqual(most(rate, repeats))
    }
  })
})

describe('comparing two models of which one is better', () => {
  it('has intervals that hold the difference', () => {
    const truth = new Map(
      compareBinary(createRandom(3), 40_000, 0.5).map(({ metric, difference }) => [metric, difference.value ?? 0]),
    )
    truth.delete('prAuc')
    const random = createRandom(4)
    const found = tally(100, () => compareBinary(random, 200, 0.5), truth).filter(({ metric }) => truth.has(metric))
    console.info('a difference, n 200:', found.map(({ metric, missed }) => `${metric} ${missed.toFixed(3)}`).join(', '))
    for (const { metric, missed } of found) expect(missed, metric).toBeLessThanOrEqual(most(0.06, 100))
  })
})
