import { describe, expect, it } from 'vitest'
import { type AnswerFinding, uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeDrift } from '../../src/analysis/drift.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import { judge } from '../../src/rules/limits.ts'
import { levelOfLook } from '../../src/service/monitoring/evidence-budget.ts'
import { createRandom, type Random, randomInteger, randomNormal } from '../../src/stats/random.ts'
import { randomBinomial } from '../../src/stats/random-binomial.ts'
import { wilsonInterval } from '../../src/stats/wilson.ts'
import { alpha, confidence, judgeAt, limitOf, watchNumbers } from '../support/monitor-life.ts'

/** More than this of so many monitors with a false alarm would come by chance once in a thousand times at most. */
const mostOf = (monitors: number, share: number) => monitors * share + 3.1 * Math.sqrt(monitors * share * (1 - share))

function drawTable(random: Random, n: number, shift = 0): SampleTable {
  const numeric = (offset: number): Column => ({
    type: 'numeric',
    values: Float64Array.from({ length: n }, () => randomNormal(random) + offset),
  })
  const categories = ['a', 'b', 'c']
  const columns = new Map<string, Column>([
    ['x', numeric(shift)],
    ['y', numeric(0)],
    ['z', numeric(0)],
    [
      'site',
      { type: 'categorical', codes: Int32Array.from({ length: n }, () => randomInteger(random, 3)), categories },
    ],
  ])
  return { n, columns, ids: null, at: null, prediction: null, label: null, scores: new Map(), latencyMs: null }
}

/** One life of a daily monitor on drift: the same reference every day, the window's samples new. */
function liveDrift(random: Random, looks: number, options: { spends: boolean; driftFrom?: number }) {
  const reference = drawTable(random, 1000)
  const watch = watchNumbers()
  let alarmedAt: number | null = null
  for (let look = 1; look <= looks; look += 1) {
    const level = options.spends ? levelOfLook(alpha, look) : alpha
    const shift = options.driftFrom !== undefined && look >= options.driftFrom ? 1 : 0
    const current = drawTable(random, 100, shift)
    const parameters = { ...parametersOf.drift.parse({}), alpha: level }
    for (const finding of analyzeDrift({ reference, current, schema: null }, parameters, uninterrupted).findings)
      watch.take(JSON.stringify(finding.subject), judgeAt('drift', finding, level))
    if (alarmedAt === null && watch.alerts() > 0) alarmedAt = look
  }
  return { hasBreached: watch.hasBreached(), alarmedAt }
}

describe('false alarms over the life of a monitor', () => {
  it('on drift come to at most alpha of all monitors, where a fixed level raises them nearly everywhere', () => {
    const monitors = 100
    const looks = 100
    const count = (spends: boolean) => {
      const random = createRandom(20)
      let breached = 0
      for (let monitor = 0; monitor < monitors; monitor += 1)
        if (liveDrift(random, looks, { spends }).hasBreached) breached += 1
      return breached
    }
    const bounded = count(true)
    const fixed = count(false)
    console.log(
      `Of ${monitors} daily monitors without drift, ${bounded} called a breach in ${looks} days within the budget, ${fixed} at a fixed level of ${alpha}`,
    )
    expect(bounded).toBeLessThanOrEqual(mostOf(monitors, alpha))
    expect(fixed).toBeGreaterThan(monitors / 2)
  })

  it('leave real drift of one standard deviation to be found within days, late in life', () => {
    const random = createRandom(21)
    const delays = Array.from({ length: 40 }, () => {
      const { alarmedAt } = liveDrift(random, 110, { spends: true, driftFrom: 101 })
      return alarmedAt === null ? Number.POSITIVE_INFINITY : alarmedAt - 101
    })
    // Two of three must breach, so that the second day is the first on which there can be an alert.
    expect(delays.filter((delay) => delay <= 2).length).toBeGreaterThanOrEqual(38)
  })

  it('on performance come to at most alpha of all monitors, at every size of the window', () => {
    for (const n of [30, 100, 300]) {
      const monitors = 2000
      const looks = 365
      const random = createRandom(22 + n)
      let within = 0
      let fixed = 0
      for (let monitor = 0; monitor < monitors; monitor += 1) {
        const spending = watchNumbers()
        const plain = watchNumbers()
        for (let look = 1; look <= looks; look += 1) {
          const result = wilsonInterval(randomBinomial(random, n, 0.9), n, confidence)
          if (result.status !== 'ok') throw new Error('an interval was expected')
          const { value, interval } = result
          const finding: AnswerFinding = {
            ...{ subject: { metric: 'accuracy' }, value, unit: '', n, interval: [interval.low, interval.high] },
            ...{ status: 'ok', evidence: null, message: '' },
          }
          spending.take('accuracy', judgeAt('performance', finding, levelOfLook(alpha, look)))
          // What a look at the shown interval alone would say.
          const limit = limitOf('performance', finding)
          if (limit === null) throw new Error('accuracy has a limit')
          plain.take('accuracy', {
            status: judge({ ...finding, kind: 'performance' }, limit, { alpha, minimumN: 30 }),
            limit,
          })
        }
        if (spending.alerts() > 0) within += 1
        if (plain.alerts() > 0) fixed += 1
      }
      console.log(
        `Of ${monitors} daily monitors of accuracy on ${n} labels that holds, ${within} raised an alert within a year within the budget, ${fixed} by the shown interval`,
      )
      expect(within).toBeLessThanOrEqual(mostOf(monitors, alpha))
    }
  })
})
