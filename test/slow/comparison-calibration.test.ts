import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeComparison, type ComparedMetric } from '../../src/analysis/comparison.ts'
import { categories, numbers } from '../../src/analysis/testing/tables.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

const parameters = { confidence: 0.95, resamples: 100, seed: 1, minimumN: 1 }

/** Two models whose scores share half of their noise, the second with `skill` more or less. */
function compareBinary(random: Random, n: number, skill: number, share = 0.4): readonly ComparedMetric[] {
  const truth = Array.from({ length: n }, () => randomUniform(random) < share)
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

function compareClasses(random: Random, n: number): readonly ComparedMetric[] {
  const classes = ['a', 'b', 'c']
  const label = Array.from({ length: n }, () => classes[Math.floor(3 * randomUniform(random) ** 1.5)])
  const shared = label.map(() => classes.map(() => randomNormal(random)))
  const side = () => {
    const prediction = label.map((own, row) => {
      const weights = classes.map((name, i) => shared[row][i] + randomNormal(random) + (name === own ? 2 : 0))
      return classes[weights.indexOf(Math.max(...weights))]
    })
    return { prediction: categories(prediction), scores: new Map() }
  }
  const input = { label: categories(label), first: side(), second: side(), classes, positiveClass: null }
  return analyzeComparison({ ...input, task: 'multiclass' }, parameters, uninterrupted).metrics
}

function compareNumbers(random: Random, n: number, noise = randomNormal): readonly ComparedMetric[] {
  const actual = Array.from({ length: n }, () => 3 * randomNormal(random))
  const shared = actual.map(() => noise(random))
  const side = () => ({
    prediction: numbers(actual.map((y, row) => y + shared[row] + noise(random))),
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

/** Most of a rate of 0.05 in all but one of ten thousand series. */
const most = (repeats: number) => 0.05 + 3.7 * Math.sqrt((0.05 * 0.95) / repeats)

describe.each([
  { n: 30, repeats: 400 },
  { n: 100, repeats: 200 },
  { n: 1000, repeats: 20 },
])('comparing two equally good models on $n rows', ({ n, repeats }) => {
  it.each([
    { task: 'two classes', draw: (random: Random) => compareBinary(random, n, 0) },
    { task: 'two classes, one of them rare', draw: (random: Random) => compareBinary(random, n, 0, 0.1) },
    { task: 'three classes', draw: (random: Random) => compareClasses(random, n) },
    { task: 'numbers', draw: (random: Random) => compareNumbers(random, n) },
    {
      task: 'numbers with skewed errors',
      draw: (random: Random) => compareNumbers(random, n, () => Math.exp(randomNormal(random)) - Math.exp(0.5)),
    },
  ])('finds a difference in at most 5 % ($task)', ({ task, draw }) => {
    const random = createRandom(n)
    const found = tally(repeats, () => draw(random), null)
    console.info(
      `no difference, ${task}, n ${n}:`,
      found.map(({ metric, rejected, missed }) => `${metric} ${rejected.toFixed(3)}/${missed.toFixed(3)}`).join(', '),
    )
    for (const { metric, rejected, missed } of found) {
      expect(rejected, metric).toBeLessThanOrEqual(most(repeats))
      expect(missed, metric).toBeLessThanOrEqual(most(repeats))
    }
  })
})

describe('comparing two models of which one is better', () => {
  it('has intervals that hold the difference', () => {
    const truth = new Map(
      compareBinary(createRandom(3), 15_000, 0.5).map(({ metric, difference }) => [metric, difference.value ?? 0]),
    )
    truth.delete('prAuc')
    const random = createRandom(4)
    const found = tally(100, () => compareBinary(random, 200, 0.5), truth).filter(({ metric }) => truth.has(metric))
    console.info('a difference, n 200:', found.map(({ metric, missed }) => `${metric} ${missed.toFixed(3)}`).join(', '))
    for (const { metric, missed } of found) expect(missed, metric).toBeLessThanOrEqual(most(100))
  })
})
