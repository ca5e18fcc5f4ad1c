import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../src/analysis/performance.ts'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { predictionPoweredShare } from '../../src/stats/prediction-powered.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

const parameters = parametersOf.performance.parse({ resamples: 200 })
const least = (rate: number, repeats: number) => rate - 3.7 * Math.sqrt((rate * (1 - rate)) / repeats)

function drawDogs(random: Random, n: number, shift: number): SampleTable {
  const chance = Float64Array.from({ length: n }, () => 1 / (1 + Math.exp(-2 * (1.5 * randomNormal(random) + shift))))
  return tableOf(
    {},
    {
      label: categories([...chance].map((p) => (randomUniform(random) < p ? 'dog' : 'cat'))),
      prediction: categories([...chance].map((p) => (p > 0.5 ? 'dog' : 'cat'))),
      scores: new Map([['dog', chance.map((p) => p ** 1.5)]]),
    },
  )
}

function drawNumbers(random: Random, n: number, shift: number): SampleTable {
  const x = Float64Array.from({ length: n }, () => shift + randomNormal(random))
  return tableOf(
    { x: numbers(x) },
    {
      prediction: numbers(x.map((value) => 5 * value)),
      label: numbers(x.map((value) => 5 * value + (value > 0 ? 2 : 1) * randomNormal(random))),
    },
  )
}

describe('intervals of estimates without labels', () => {
  it.each([
    { n: 30, repeats: 200 },
    { n: 100, repeats: 150 },
    { n: 1000, repeats: 80 },
  ])('hold what labels of the same $n rows show, with and without a shift of inputs', ({ n, repeats }) => {
    const random = createRandom(n)
    const covered: Record<string, number> = {}
    for (let i = 0; i < repeats; i++) {
      const shift = i % 2 === 0 ? 0 : 0.5
      const asks = [
        { task: 'binary', draw: drawDogs, classes: ['cat', 'dog'], positiveClass: 'dog' },
        { task: 'regression', draw: drawNumbers, classes: [], positiveClass: null },
      ] as const
      for (const { draw, ...rest } of asks) {
        const [reference, current] = [draw(random, 1500, 0), draw(random, n, shift)]
        const { metrics, estimated } = analyzePerformance(
          { current, reference, ...rest },
          parameters,
          uninterrupted,
        ).detail
        for (const [name, { interval }] of Object.entries(estimated?.metrics ?? {})) {
          const { value } = metrics[name]
          const key = `${rest.task} ${name}`
          if (value === null || interval === null) covered[key] = (covered[key] ?? 0) + 1
          else if (interval[0] <= value + 1e-12 && value - 1e-12 <= interval[1]) covered[key] = (covered[key] ?? 0) + 1
        }
      }
    }
    console.info(`estimates without labels, n ${n}:`, JSON.stringify(covered), `of ${repeats}`)
    for (const [name, count] of Object.entries(covered))
      expect(count / repeats, name).toBeGreaterThan(least(0.91, repeats))
  })
})

describe('prediction-powered intervals', () => {
  it.each([30, 100, 1000])(
    'hold the truth about as often as they say and are narrower with good guesses, n %i',
    (n) => {
      const random = createRandom(n)
      const repeats = 600
      let [covered, given, narrower] = [0, 0, 0]
      for (let i = 0; i < repeats; i++) {
        const chance = Array.from({ length: n + 5000 }, () => (randomUniform(random) < 0.75 ? 0.98 : 0.5))
        const outcomes = chance.slice(0, n).map((p) => (randomUniform(random) < p ? 1 : 0))
        const found = predictionPoweredShare(Uint8Array.from(outcomes), chance.slice(0, n), chance.slice(n))
        if (found.status !== 'ok') continue
        given++
        const truth = 0.75 * 0.98 + 0.25 * 0.5
        if (found.interval.low <= truth && truth <= found.interval.high) covered++
        const p = outcomes.reduce<number>((sum, one) => sum + one, 0) / n
        if (found.interval.high - found.interval.low < 3.92 * Math.sqrt((p * (1 - p)) / n)) narrower++
      }
      console.info(`prediction-powered, n ${n}: ${covered} of ${given} hold the truth, ${narrower} are narrower`)
      expect(covered / given).toBeGreaterThan(least(n === 30 ? 0.92 : 0.94, given))
      if (n > 30) expect(narrower / given).toBeGreaterThan(0.9)
    },
  )
})
