import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { analyzePerformance } from '../../src/analysis/performance.ts'
import { categories, numbers, tableOf } from '../../src/analysis/testing/tables.ts'
import type { Task } from '../../src/contract/model.ts'
import type { Estimate } from '../../src/contract/primitives.ts'
import type { DetailOf } from '../../src/contract/report.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

/* How often the 95 % intervals of a performance report hold the truth, at 30, 100 and 1,000 rows. */

const parameters = parametersOf.performance.parse({ resamples: 200, falseNegativeCost: 3 })
const covers = ({ interval }: Estimate, truth: number) =>
  interval !== null && interval[0] <= truth && truth <= interval[1]

/** Labels with share 0.3; logistic scores that are calibrated, so that probabilities mean what they say. */
function drawBinary(random: Random, n: number): SampleTable {
  const isPositive = Array.from({ length: n }, () => randomUniform(random) < 0.3)
  const score = Float64Array.from(isPositive, (positive) => {
    const x = randomNormal(random) + (positive ? 1 : -1)
    return 1 / (1 + Math.exp(-(2 * x + Math.log(0.3 / 0.7))))
  })
  return tableOf(
    {},
    {
      label: categories(isPositive.map((positive) => (positive ? '1' : '0'))),
      prediction: categories([...score].map((x) => (x > 0.5 ? '1' : '0'))),
      scores: new Map([['1', score]]),
    },
  )
}

function drawMulticlass(random: Random, n: number): SampleTable {
  const names = ['a', 'b', 'c']
  const label = Array.from({ length: n }, () => names[Math.floor(3 * randomUniform(random) ** 1.5)])
  const weights = names.map((name) =>
    Float64Array.from(label, (own) => Math.exp(randomNormal(random) + (own === name ? 1.5 : 0))),
  )
  const shares = weights.map((column) =>
    column.map((weight, row) => weight / weights.reduce((sum, other) => sum + other[row], 0)),
  )
  const best = label.map((_, row) => Math.max(...shares.map((column) => column[row])))
  const prediction = best.map((top, row) => names[shares.findIndex((column) => column[row] === top)])
  return tableOf(
    {},
    {
      label: categories(label),
      prediction: categories(prediction),
      scores: new Map(names.map((name, i) => [name, shares[i]])),
    },
  )
}

/** R² = 1 − 1/5, rmse 1, mae √(2/π), bias 0. */
function drawRegression(random: Random, n: number): SampleTable {
  const prediction = Array.from({ length: n }, () => 10 + 2 * randomNormal(random))
  const label = prediction.map((x) => x + randomNormal(random))
  return tableOf({}, { prediction: numbers(prediction), label: numbers(label) })
}

const ask = (task: Task, current: SampleTable): DetailOf<'performance'> =>
  analyzePerformance(
    {
      current,
      reference: null,
      task,
      classes: { binary: ['0', '1'], multiclass: ['a', 'b', 'c'], regression: [] }[task],
      positiveClass: task === 'binary' ? '1' : null,
    },
    parameters,
    uninterrupted,
  ).detail

/** Every number of a report that has an interval. */
function numbersOf({ metrics, gains = [], thresholds }: DetailOf<'performance'>): Map<string, Estimate> {
  const found = new Map(Object.entries(metrics))
  for (const { share, captured } of gains) if ([0.1, 0.5].includes(share)) found.set(`captured ${share}`, captured)
  if (thresholds) {
    found.set('best threshold', thresholds.best)
    found.set('cost at the best', thresholds.bestCost)
    found.set('cost now', thresholds.currentCost)
  }
  return found
}

/** What a true coverage of 0.95 stays above in all but one of ten thousand series. */
const least = (repeats: number) => 0.95 - 3.7 * Math.sqrt((0.95 * 0.05) / repeats)

describe.each([
  { task: 'binary' as const, draw: drawBinary, times: 1 },
  { task: 'multiclass' as const, draw: drawMulticlass, times: 1 },
  { task: 'regression' as const, draw: drawRegression, times: 2 },
])('intervals of a $task report', ({ task, draw, times }) => {
  const truth = numbersOf(ask(task, draw(createRandom(1), 400_000)))
  if (task === 'binary') {
    // The score is calibrated by construction; one million rows would still show noise.
    truth.set('calibrationError', { value: 0, n: 1, interval: null })
    truth.set('best threshold', { value: 1 / 4, n: 1, interval: null })
  }

  it.each([
    { n: 30, repeats: 500 },
    { n: 100, repeats: 400 },
    { n: 1000, repeats: 100 },
  ])('hold the truth about as often as they say, n $n', ({ n, repeats }) => {
    const random = createRandom(n)
    const covered = new Map<string, { hits: number; of: number }>()
    for (let i = 0; i < times * repeats; i++) {
      for (const [name, found] of numbersOf(ask(task, draw(random, n)))) {
        const value = truth.get(name)?.value
        if (found.interval === null || value === undefined || value === null) continue
        const tally = covered.get(name) ?? { hits: 0, of: 0 }
        covered.set(name, { hits: tally.hits + (covers(found, value) ? 1 : 0), of: tally.of + 1 })
      }
    }
    const shares = [...covered].map(([name, { hits, of }]) => [name, Number((hits / of).toFixed(3)), of] as const)
    console.info(
      `coverage of 95 % intervals, ${task}, n ${n}:`,
      shares.map(([name, share]) => `${name} ${share}`).join(', '),
    )
    for (const [name, share, of] of shares) {
      if (of < (times * repeats) / 2) continue
      expect(share, name).toBeGreaterThan(least(of))
    }
  })
})
