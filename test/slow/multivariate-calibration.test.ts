import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import type { ColumnPair } from '../../src/analysis/drift/pairs.ts'
import { domainAuc } from '../../src/analysis/multivariate/domain-auc.ts'
import { poolColumns } from '../../src/analysis/multivariate/pooled-columns.ts'
import { reconstructionShift } from '../../src/analysis/multivariate/reconstruction-shift.ts'
import { categories, numbers } from '../../src/analysis/testing/tables.ts'
import type { Column } from '../../src/contract/table.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'

/** Correlated, skewed and rounded numbers and a category, of one population. */
function draw(random: Random, n: number): Record<string, Column> {
  const rows = Array.from({ length: n }, () => {
    const common = randomNormal(random)
    return {
      a: common,
      b: 0.8 * common + 0.6 * randomNormal(random),
      skewed: Math.exp(randomNormal(random)),
      rounded: Math.round(2 * randomNormal(random)),
      kind: randomUniform(random) < 0.7 ? 'x' : 'y',
    }
  })
  return {
    a: numbers(rows.map(({ a }) => a)),
    b: numbers(rows.map(({ b }) => b)),
    skewed: numbers(rows.map(({ skewed }) => skewed)),
    rounded: numbers(rows.map(({ rounded }) => rounded)),
    kind: categories(rows.map(({ kind }) => kind)),
  }
}

function pool(seed: number, n: number, m: number) {
  const random = createRandom(seed)
  const [reference, current] = [draw(random, n), draw(random, m)]
  const pairs = Object.keys(reference).map(
    (name): ColumnPair => ({ name, role: 'feature', reference: reference[name], current: current[name] }),
  )
  return poolColumns(pairs, 4000, seed)
}

const sizes = [
  { n: 100, m: 100, repeats: 300 },
  { n: 1000, m: 1000, repeats: 80 },
  { n: 800, m: 100, repeats: 150 },
]
/** Most events that a rate gives in all but one of a thousand series. */
const most = (repeats: number, rate: number) => repeats * rate + 3.1 * Math.sqrt(repeats * rate * (1 - rate))

describe('all columns together, without drift', () => {
  it.each(sizes)(
    'the classifier rejects in at most 5 % and covers 0.5 in 95 % ($n against $m)',
    ({ n, m, repeats }) => {
      let [rejected, missed] = [0, 0]
      for (let seed = 1; seed <= repeats; seed++) {
        const auc = domainAuc(pool(seed, n, m), { folds: 5, seed, confidence: 0.95 }, uninterrupted)
        if (auc.status !== 'ok') throw new Error('enough rows')
        if (auc.pValue <= 0.05) rejected++
        if (auc.interval.low > 0.5 || auc.interval.high < 0.5) missed++
      }
      console.info(`classifier, ${n} against ${m}: rejects ${rejected}, misses 0.5 in ${missed} of ${repeats}`)
      expect(rejected).toBeLessThanOrEqual(most(repeats, 0.05))
      expect(missed).toBeLessThanOrEqual(most(repeats, 0.05))
    },
  )

  it.each(sizes)('the reconstruction error rejects in 5 % ($n against $m)', ({ n, m, repeats }) => {
    const times = 4 * repeats
    let rejected = 0
    for (let seed = 1; seed <= times; seed++) {
      const shift = reconstructionShift(pool(seed, n, m), { seed, confidence: 0.95 })
      if (shift.status !== 'ok') throw new Error('enough rows')
      if (shift.pValue <= 0.05) rejected++
    }
    console.info(`reconstruction, ${n} against ${m}: rejects ${rejected} of ${times}`)
    expect(rejected).toBeLessThanOrEqual(most(times, 0.05))
  })
})
