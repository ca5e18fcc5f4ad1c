import { describe, expect, it } from 'vitest'
import { andersonDarlingSorted } from '../../src/stats/anderson-darling.ts'
import { binomialProbability } from '../../src/stats/binomial-distribution.ts'
import { bootstrapCounts, bootstrapInterval } from '../../src/stats/bootstrap.ts'
import { chiSquareTest, gTest } from '../../src/stats/chi-square.ts'
import { clopperPearsonInterval } from '../../src/stats/clopper-pearson.ts'
import { createConfidenceSequence, updateConfidenceSequence } from '../../src/stats/confidence-sequence.ts'
import { cramerVonMisesSorted } from '../../src/stats/cramer-von-mises.ts'
import { createCusum, updateCusum } from '../../src/stats/cusum.ts'
import { growTree } from '../../src/stats/decision-tree.ts'
import { populationStabilityIndex } from '../../src/stats/divergences.ts'
import { createEProcess, updateEProcess } from '../../src/stats/e-process.ts'
import { createEwma, updateEwma } from '../../src/stats/ewma.ts'
import { binColumn } from '../../src/stats/feature-binning.ts'
import { fisherExact } from '../../src/stats/fisher-exact.ts'
import { countSortedIntoBins, quantileBins } from '../../src/stats/histogram.ts'
import { kolmogorovSmirnovSorted } from '../../src/stats/kolmogorov-smirnov.ts'
import { linearTrend } from '../../src/stats/linear-trend.ts'
import { mannWhitneySorted } from '../../src/stats/mann-whitney.ts'
import { mcnemar } from '../../src/stats/mcnemar.ts'
import { meanInterval } from '../../src/stats/mean-interval.ts'
import { newcombeInterval } from '../../src/stats/newcombe.ts'
import type { Outcome } from '../../src/stats/outcome.ts'
import { psiPValue } from '../../src/stats/psi-evidence.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { randomBinomial } from '../../src/stats/random-binomial.ts'
import { rocAuc } from '../../src/stats/roc-auc.ts'
import { splitScores } from '../../src/stats/scored-classes.ts'
import { createSequentialMeanTest, updateSequentialMeanTest } from '../../src/stats/sequential-mean.ts'
import { createAlphaSpending, eValueOfPValue, spendAlpha } from '../../src/stats/sequential-p-values.ts'
import { type SortedSample, sortSample } from '../../src/stats/sorted-sample.ts'
import { theilSen } from '../../src/stats/theil-sen.ts'
import { twoProportionZ } from '../../src/stats/two-proportion-z.ts'
import { welchT } from '../../src/stats/welch-t.ts'
import { wilsonInterval } from '../../src/stats/wilson.ts'

const ALPHA = 0.05

/** Share of repeats in which something happens, and its Monte-Carlo standard error at the nominal rate. */
function rateOf(repeats: number, nominal: number, happens: (i: number) => boolean): { rate: number; error: number } {
  let count = 0
  for (let i = 0; i < repeats; i++) if (happens(i)) count++
  return { rate: count / repeats, error: Math.sqrt((nominal * (1 - nominal)) / repeats) }
}

function isRejected(result: Outcome<{ readonly pValue: number }>): boolean {
  return result.status === 'ok' && result.pValue <= ALPHA
}

function normals(random: Random, n: number): Float64Array {
  return Float64Array.from({ length: n }, () => randomNormal(random))
}

const sizes = [
  [30, 30],
  [100, 100],
  [1000, 1000],
  [1000, 60],
  [30, 400],
] as const

type SortedTest = (a: SortedSample, b: SortedSample) => Outcome<{ readonly pValue: number }>

describe('rejection rate of two-sample tests on continuous data without drift', () => {
  // A discrete exact test stays below its level; slack says by how much it may.
  const tests: [string, SortedTest, number][] = [
    ['Kolmogorov–Smirnov', kolmogorovSmirnovSorted, 0.02],
    ['Mann–Whitney', mannWhitneySorted, 0.004],
    ['Cramér–von Mises', cramerVonMisesSorted, 0.003],
    ['Anderson–Darling', andersonDarlingSorted, 0.003],
    ['Welch t', (a, b) => welchT(a.values, b.values), 0.003],
  ]
  for (const [n, m] of sizes) {
    it.each(tests)(`%s at ${n} and ${m}`, (_, test, slack) => {
      const random = createRandom(n * 1000 + m)
      const { rate, error } = rateOf(n >= 1000 && m >= 1000 ? 2500 : 6000, ALPHA, () =>
        isRejected(test(sortSample(normals(random, n)), sortSample(normals(random, m)))),
      )
      expect(rate).toBeLessThan(ALPHA + 0.002 + 3.5 * error)
      expect(rate).toBeGreaterThan(ALPHA - slack - 3.5 * error)
    })
  }
})

describe('rejection rate on rounded and zero-heavy data without drift', () => {
  const draws: [string, (random: Random) => number][] = [
    ['whole numbers', (random) => Math.round(2 * randomNormal(random))],
    ['nine zeros in ten', (random) => (randomUniform(random) < 0.9 ? 0 : Math.exp(randomNormal(random)))],
    ['yes or no', (random) => (randomUniform(random) < 0.3 ? 1 : 0)],
  ]
  it.each(draws)('Cramér–von Mises, Anderson–Darling and Mann–Whitney keep their level on %s', (_, draw) => {
    for (const test of [cramerVonMisesSorted, andersonDarlingSorted, mannWhitneySorted] as SortedTest[]) {
      const random = createRandom(7)
      const sample = (n: number) => sortSample(Float64Array.from({ length: n }, () => draw(random)))
      const { rate, error } = rateOf(5000, ALPHA, () => isRejected(test(sample(300), sample(200))))
      expect(rate).toBeLessThan(ALPHA + 0.006 + 3.5 * error)
      expect(rate).toBeGreaterThan(ALPHA - 0.012 - 3.5 * error)
    }
  })

  it.each(draws)('Kolmogorov–Smirnov errs on the safe side on %s', (_, draw) => {
    const random = createRandom(8)
    const sample = (n: number) => sortSample(Float64Array.from({ length: n }, () => draw(random)))
    const { rate, error } = rateOf(3000, ALPHA, () => isRejected(kolmogorovSmirnovSorted(sample(300), sample(200))))
    expect(rate).toBeLessThan(ALPHA + 3.5 * error)
  })
})

describe('rejection rate of tests on counts without drift', () => {
  const shares = [0.4, 0.3, 0.15, 0.1, 0.05]
  function counts(random: Random, n: number): Float64Array {
    const drawn = new Float64Array(shares.length)
    for (let i = 0; i < n; i++) {
      let u = randomUniform(random)
      let k = 0
      while (k < shares.length - 1 && u >= shares[k]) u -= shares[k++]
      drawn[k]++
    }
    return drawn
  }
  const tests: [string, typeof chiSquareTest, number][] = [
    ['chi-square', chiSquareTest, 0.005],
    ['G', gTest, 0.012],
  ]
  for (const [n, m] of sizes) {
    it.each(tests)(`%s at ${n} and ${m}`, (_, test, slack) => {
      const random = createRandom(n + 7 * m)
      const { rate, error } = rateOf(6000, ALPHA, () => isRejected(test(counts(random, n), counts(random, m))))
      // G is known to be liberal where expected counts are small.
      const excess = Math.min(n, m) < 100 ? slack * 2 : slack
      expect(rate).toBeLessThan(ALPHA + excess + 3.5 * error)
      expect(rate).toBeGreaterThan(ALPHA - 0.01 - 3.5 * error)
    })
  }

  it.each(sizes)('two-proportion z at %d and %d', (n, m) => {
    const random = createRandom(n + 11 * m)
    const draw = () => twoProportionZ(randomBinomial(random, n, 0.3), n, randomBinomial(random, m, 0.3), m)
    const { rate, error } = rateOf(10_000, ALPHA, () => isRejected(draw()))
    expect(rate).toBeLessThan(ALPHA + 0.006 + 3.5 * error)
    expect(rate).toBeGreaterThan(ALPHA - 0.012 - 3.5 * error)
  })

  it.each(sizes)('Fisher at %d and %d never exceeds its level', (n, m) => {
    const random = createRandom(n + 13 * m)
    const { rate, error } = rateOf(3000, ALPHA, () => {
      const a = randomBinomial(random, n, 0.3)
      const b = randomBinomial(random, m, 0.3)
      return isRejected(fisherExact(a, n - a, b, m - b))
    })
    expect(rate).toBeLessThan(ALPHA + 3.5 * error)
  })

  it('McNemar never exceeds its level, and its interval covers', () => {
    const random = createRandom(18)
    let covered = 0
    const repeats = 8000
    const { rate, error } = rateOf(repeats, ALPHA, () => {
      const first = randomBinomial(random, 200, 0.1)
      const result = mcnemar(first, randomBinomial(random, 200 - first, 1 / 9), 200)
      if (result.status === 'ok' && result.interval.low <= 0 && result.interval.high >= 0) covered++
      return isRejected(result)
    })
    expect(rate).toBeLessThan(ALPHA + 3.5 * error)
    expect(Math.abs(covered / repeats - 0.95)).toBeLessThan(0.01 + 3.5 * error)
  })

  it.each([
    [100, 100],
    [1000, 1000],
    [1000, 200],
  ])('PSI over ten quantile bins at %d and %d', (n, m) => {
    const random = createRandom(n + 17 * m)
    const { rate, error } = rateOf(4000, ALPHA, () => {
      const reference = sortSample(normals(random, n))
      const current = sortSample(normals(random, m))
      const bins = quantileBins(reference)
      const psi = populationStabilityIndex(
        countSortedIntoBins(reference, bins).counts,
        countSortedIntoBins(current, bins).counts,
      )
      return isRejected(psiPValue(psi ?? 0, { reference: n, current: m }, 10))
    })
    // The law is a large-sample one: a little off at a hundred values, where a bin holds ten.
    expect(rate).toBeLessThan(ALPHA + (n < 1000 ? 0.025 : 0.008) + 3.5 * error)
    expect(rate).toBeGreaterThan(ALPHA - 0.015 - 3.5 * error)
  })
})

describe('coverage of intervals', () => {
  /** Exact coverage of an interval of a proportion at p: no simulation needed. */
  function coverage(interval: typeof wilsonInterval, n: number, p: number): number {
    let covered = 0
    for (let hits = 0; hits <= n; hits++) {
      const result = interval(hits, n)
      if (result.status === 'ok' && result.interval.low <= p && p <= result.interval.high) {
        covered += binomialProbability(hits, n, p)
      }
    }
    return covered
  }

  it.each([30, 100, 1000])('Wilson at n = %d covers 95 % on average over p', (n) => {
    let sum = 0
    let lowest = 1
    for (let i = 1; i < 100; i++) {
      const covered = coverage(wilsonInterval, n, i / 100)
      sum += covered
      lowest = Math.min(lowest, covered)
    }
    expect(sum / 99).toBeGreaterThan(0.945)
    expect(sum / 99).toBeLessThan(0.96)
    expect(lowest).toBeGreaterThan(0.83)
  })

  it.each([30, 100])('Clopper–Pearson at n = %d never covers less than 95 %', (n) => {
    for (let i = 1; i < 100; i++) expect(coverage(clopperPearsonInterval, n, i / 100)).toBeGreaterThanOrEqual(0.95)
  })

  it.each([
    [30, 0.3, 30, 0.3],
    [100, 0.05, 40, 0.2],
    [1000, 0.9, 100, 0.85],
  ])('Newcombe at %d × %d and %d × %d', (n, p, m, q) => {
    const random = createRandom(n + m)
    const { rate, error } = rateOf(8000, 0.95, () => {
      const result = newcombeInterval(randomBinomial(random, n, p), n, randomBinomial(random, m, q), m)
      return result.status === 'ok' && result.interval.low <= q - p && q - p <= result.interval.high
    })
    expect(Math.abs(rate - 0.955)).toBeLessThan(0.012 + 3.5 * error)
  })

  it.each([5, 30, 1000])('mean of %d normal values', (n) => {
    const random = createRandom(n)
    const { rate, error } = rateOf(6000, 0.95, () => {
      const result = meanInterval(normals(random, n))
      return result.status === 'ok' && result.interval.low <= 0 && result.interval.high >= 0
    })
    expect(Math.abs(rate - 0.95)).toBeLessThan(3.5 * error)
  })

  it.each([
    [30, 30, 1],
    [100, 20, 1.5],
    [300, 300, 0.3],
  ])('area under the ROC curve with %d and %d rows, classes %d apart', (n, m, shift) => {
    const random = createRandom(n + m)
    // Φ(shift / √2).
    const truth = { 1: 0.7602499389065233, 1.5: 0.8555778168267576, 0.3: 0.5840018101709203 }[shift] ?? 0
    const labels = Uint8Array.from({ length: n + m }, (_, i) => (i < n ? 0 : 1))
    const { rate, error } = rateOf(3000, 0.95, () => {
      const scores = Float64Array.from(labels, (label) => randomNormal(random) + shift * label)
      const result = rocAuc(splitScores(scores, labels))
      return result.status === 'ok' && result.interval.low <= truth && truth <= result.interval.high
    })
    expect(Math.abs(rate - 0.95)).toBeLessThan(0.015 + 3.5 * error)
  })

  it.each(['percentile', 'bca'] as const)('bootstrap (%s) of the mean of 60 skewed values', (method) => {
    const random = createRandom(71)
    const { rate } = rateOf(500, 0.95, () => {
      const values = Float64Array.from({ length: 60 }, () => Math.exp(0.5 * randomNormal(random)))
      const mean = (rows: Uint32Array) => rows.reduce((sum, row) => sum + values[row], 0) / rows.length
      const result = bootstrapInterval(60, mean, { random, repeats: 400, method })
      return result.status === 'ok' && result.interval.low <= Math.exp(0.125) && Math.exp(0.125) <= result.interval.high
    })
    expect(rate).toBeGreaterThan(0.89)
    expect(rate).toBeLessThan(0.98)
  })

  it('bootstrap of F1 from counts of 300 rows', () => {
    const random = createRandom(72)
    const shares = [0.25, 0.08, 0.57, 0.1]
    const f1 = ([tp, fp, , fn]: ArrayLike<number> & Iterable<number>) => (2 * tp) / (2 * tp + fp + fn)
    const { rate } = rateOf(1500, 0.95, () => {
      const counts = [0, 0, 0, 0]
      for (let i = 0; i < 300; i++) {
        const u = randomUniform(random)
        counts[u < 0.25 ? 0 : u < 0.33 ? 1 : u < 0.9 ? 2 : 3]++
      }
      const result = bootstrapCounts(counts, f1, { random, repeats: 500, method: 'bca' })
      return result.status === 'ok' && result.interval.low <= f1(shares) && f1(shares) <= result.interval.high
    })
    expect(Math.abs(rate - 0.95)).toBeLessThan(0.03)
  })

  it.each([0, 0.5])('slope of 200 points with neighbours correlated by %d', (correlation) => {
    const random = createRandom(73)
    const x = Float64Array.from({ length: 200 }, (_, i) => i)
    const { rate } = rateOf(3000, 0.95, () => {
      let state = randomNormal(random) / Math.sqrt(1 - correlation ** 2)
      const y = x.map((t) => {
        state = correlation * state + randomNormal(random)
        return 0.1 * t + state
      })
      const result = linearTrend(x, y)
      return result.status === 'ok' && result.slopeInterval.low <= 0.1 && 0.1 <= result.slopeInterval.high
    })
    expect(rate).toBeGreaterThan(0.93)
    expect(rate).toBeLessThan(0.98)
  })

  it('Theil–Sen slope of 40 points with heavy tails', () => {
    const random = createRandom(74)
    const x = Float64Array.from({ length: 40 }, (_, i) => i)
    const { rate, error } = rateOf(2000, 0.95, () => {
      const y = x.map((t) => 2 * t + randomNormal(random) / Math.max(1e-3, Math.abs(randomNormal(random))))
      const result = theilSen(x, y)
      return result.status === 'ok' && result.slopeInterval.low <= 2 && 2 <= result.slopeInterval.high
    })
    expect(Math.abs(rate - 0.95)).toBeLessThan(0.015 + 3.5 * error)
  })
})

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
