import { describe, expect, it } from 'vitest'
import { createConfidenceSequence, updateConfidenceSequence } from '../../src/stats/confidence-sequence.ts'
import { createCusum, updateCusum } from '../../src/stats/cusum.ts'
import { growTree } from '../../src/stats/decision-tree.ts'
import { createEProcess, updateEProcess } from '../../src/stats/e-process.ts'
import { createEwma, updateEwma } from '../../src/stats/ewma.ts'
import { binColumn } from '../../src/stats/feature-binning.ts'
import { kolmogorovSmirnovSorted } from '../../src/stats/kolmogorov-smirnov.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { createSequentialMeanTest, updateSequentialMeanTest } from '../../src/stats/sequential-mean.ts'
import { createAlphaSpending, eValueOfPValue, spendAlpha } from '../../src/stats/sequential-p-values.ts'
import { sortSample } from '../../src/stats/sorted-sample.ts'

const ALPHA = 0.05

/** Share of repeats in which something happens, and its Monte-Carlo standard error at the nominal rate. */
function rateOf(repeats: number, nominal: number, happens: (i: number) => boolean): { rate: number; error: number } {
  let count = 0
  for (let i = 0; i < repeats; i++) if (happens(i)) count++
  return { rate: count / repeats, error: Math.sqrt((nominal * (1 - nominal)) / repeats) }
}

function normals(random: Random, n: number): Float64Array {
  return Float64Array.from({ length: n }, () => randomNormal(random))
}

describe('a tree grown on errors that depend on nothing', () => {
  it('splits at most as often as alpha says', () => {
    const random = createRandom(81)
    const n = 2000
    const columns = [
      ...Array.from({ length: 6 }, () => binColumn({ kind: 'numeric', values: normals(random, n) })),
      ...Array.from({ length: 3 }, () =>
        binColumn({
          kind: 'categorical',
          codes: Int32Array.from({ length: n }, () => randomInteger(random, 30)),
          categories: 30,
        }),
      ),
    ]
    const { rate, error } = rateOf(1000, ALPHA, () => {
      const target = Uint8Array.from({ length: n }, () => (randomUniform(random) < 0.1 ? 1 : 0))
      const tree = growTree(columns, target, { maxDepth: 1, alpha: ALPHA })
      return tree.status === 'ok' && tree.nodes.length > 1
    })
    expect(rate).toBeLessThan(ALPHA + 3.5 * error)
  })
})

describe('false alarms over a long life', () => {
  const LIVES = 1500

  it.each([0.02, 0.1, 0.5])('sequential mean test at its limit %d over 4,000 values', (limit) => {
    const random = createRandom(91)
    const { rate, error } = rateOf(LIVES, ALPHA, () => {
      const test = createSequentialMeanTest(limit, { alpha: ALPHA })
      for (let i = 0; i < 4000; i++) updateSequentialMeanTest(test, randomUniform(random) < limit ? 1 : 0)
      return test.peak >= 1 / ALPHA
    })
    expect(rate).toBeLessThan(ALPHA + 3 * error)
  })

  it('confidence sequence ever missing the mean in 4,000 values', () => {
    const random = createRandom(92)
    const { rate, error } = rateOf(LIVES, ALPHA, () => {
      const sequence = createConfidenceSequence()
      for (let i = 0; i < 4000; i++) updateConfidenceSequence(sequence, randomUniform(random) < 0.2 ? 1 : 0)
      return sequence.lower > 0.2 || sequence.upper < 0.2
    })
    expect(rate).toBeLessThan(ALPHA + 3 * error)
  })

  it('e-process of independent daily p-values over ten years', () => {
    const random = createRandom(93)
    const { rate, error } = rateOf(LIVES, ALPHA, () => {
      const process = createEProcess()
      for (let day = 0; day < 3650; day++) updateEProcess(process, eValueOfPValue(randomUniform(random)))
      return process.peak >= 1 / ALPHA
    })
    expect(rate).toBeLessThan(ALPHA + 3 * error)
  })

  it('alpha spending on daily Kolmogorov–Smirnov tests against one reference over a year, and the fixed rule beside it', () => {
    const random = createRandom(94)
    let fixedRule = 0
    const lives = 300
    const { rate, error } = rateOf(lives, ALPHA, () => {
      const reference = sortSample(normals(random, 400))
      const spending = createAlphaSpending(ALPHA)
      let alarmed = false
      let fixed = false
      for (let day = 0; day < 365; day++) {
        const result = kolmogorovSmirnovSorted(reference, sortSample(normals(random, 100)))
        const p = result.status === 'ok' ? result.pValue : null
        alarmed = spendAlpha(spending, p).alarm || alarmed
        fixed = (p !== null && p < ALPHA) || fixed
      }
      if (fixed) fixedRule++
      return alarmed
    })
    expect(rate).toBeLessThan(ALPHA + 3 * error)
    // Looking every day at p < 0.05 alarms in all but every life.
    expect(fixedRule / lives).toBeGreaterThan(0.99)
  })

  it('finds a lasting change within days all the same', () => {
    const random = createRandom(95)
    let delay = 0
    for (let life = 0; life < 50; life++) {
      const reference = sortSample(normals(random, 2000))
      const spending = createAlphaSpending(ALPHA)
      for (let day = 0; day < 200; day++) spendAlpha(spending, randomUniform(random))
      for (let day = 1; day <= 365; day++) {
        const result = kolmogorovSmirnovSorted(reference, sortSample(normals(random, 300).map((x) => x + 0.4)))
        delay++
        if (result.status === 'ok' && spendAlpha(spending, result.pValue).alarm) break
      }
    }
    expect(delay / 50).toBeLessThan(3)
  })
})

describe('run length of control charts without change', () => {
  it('CUSUM about 370 and EWMA about 500 values', () => {
    const random = createRandom(96)
    const lives = 1500
    let cusumTotal = 0
    let ewmaTotal = 0
    for (let life = 0; life < lives; life++) {
      const cusum = createCusum(0, 1)
      while (updateCusum(cusum, randomNormal(random)).alarm === null) cusumTotal++
      const ewma = createEwma(0, 1)
      while (!updateEwma(ewma, randomNormal(random)).isOut) ewmaTotal++
    }
    expect(cusumTotal / lives / 370).toBeGreaterThan(0.88)
    expect(cusumTotal / lives / 370).toBeLessThan(1.12)
    expect(ewmaTotal / lives / 500).toBeGreaterThan(0.88)
    expect(ewmaTotal / lives / 500).toBeLessThan(1.12)
  })
})
