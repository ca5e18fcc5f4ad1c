import { andersonDarlingSorted } from '../../stats/anderson-darling.ts'
import { chiSquareTest, gTest } from '../../stats/chi-square.ts'
import { cramerVonMisesSorted } from '../../stats/cramer-von-mises.ts'
import { populationStabilityIndex } from '../../stats/divergences.ts'
import { fisherExact } from '../../stats/fisher-exact.ts'
import { fisherExactTable } from '../../stats/fisher-exact-table.ts'
import { goodnessOfFit } from '../../stats/goodness-of-fit.ts'
import { countSortedIntoBins, quantileBins } from '../../stats/histogram.ts'
import { kolmogorovSmirnovSorted } from '../../stats/kolmogorov-smirnov.ts'
import { linearTrend } from '../../stats/linear-trend.ts'
import { mannWhitneySorted } from '../../stats/mann-whitney.ts'
import { mcnemar } from '../../stats/mcnemar.ts'
import type { Outcome } from '../../stats/outcome.ts'
import { psiPValue } from '../../stats/psi-evidence.ts'
import { type Random, randomNormal, randomUniform } from '../../stats/random.ts'
import { randomBinomial } from '../../stats/random-binomial.ts'
import { createAlphaSpending, spendAlpha } from '../../stats/sequential-p-values.ts'
import { type SortedSample, sortSample } from '../../stats/sorted-sample.ts'
import { twoProportionZ } from '../../stats/two-proportion-z.ts'
import { welchT } from '../../stats/welch-t.ts'
import { type Check, simulated } from './check.ts'
import { normals } from './draws.ts'

const alpha = 0.05

/** Sizes of reference and current sample: small, usual, large, and unequal either way. */
export const twoSampleSizes = [
  [30, 30],
  [100, 100],
  [1000, 1000],
  [1000, 60],
  [30, 400],
] as const

const isRejected = (result: Outcome<{ readonly pValue: number | null }>) =>
  result.status === 'ok' && result.pValue !== null && result.pValue <= alpha

/** Draws by how much one costs. */
const drawsOf = (n: number, m: number) => (n + m > 1500 ? 1500 : 3000)

/** `below`: a test of few possible values cannot use its level up; `above`: a large-sample law is a little off in small ones. */
function rejects(
  subject: string,
  [n, m]: readonly [number, number],
  slack: { readonly below: number; readonly above: number },
  draw: (random: Random) => Outcome<{ readonly pValue: number | null }>,
): Check {
  const pledge = { nominal: alpha, ...slack, draws: drawsOf(n, m), seed: 1000 * n + m }
  return simulated('null-calibration', subject, `rejects at 0.05, n ${n} and ${m}`, pledge, (random) =>
    isRejected(draw(random)),
  )
}

const anyLevelBelow = { below: alpha, above: 0 }

function continuous(): Check[] {
  const tests: [string, (a: SortedSample, b: SortedSample) => Outcome<{ readonly pValue: number }>, number][] = [
    ['Kolmogorov–Smirnov test', kolmogorovSmirnovSorted, 0.02],
    ['Mann–Whitney test', mannWhitneySorted, 0.004],
    ['Cramér–von Mises test', cramerVonMisesSorted, 0.003],
    ['Anderson–Darling test', andersonDarlingSorted, 0.003],
    ['Welch t-test', (a, b) => welchT(a.values, b.values), 0.003],
  ]
  return tests.flatMap(([subject, test, below]) =>
    twoSampleSizes.map(([n, m]) =>
      rejects(subject, [n, m], { below, above: 0.002 }, (random) =>
        test(sortSample(normals(random, n)), sortSample(normals(random, m))),
      ),
    ),
  )
}

/** Rounded values are the ones that other tools go wrong on: their continuous p-values reject too seldom or too often. */
function tied(): Check[] {
  const draws: [string, (random: Random) => number][] = [
    ['whole numbers', (random) => Math.round(2 * randomNormal(random))],
    ['yes or no', (random) => (randomUniform(random) < 0.3 ? 1 : 0)],
    ['nine zeros in ten', (random) => (randomUniform(random) < 0.9 ? 0 : Math.exp(randomNormal(random)))],
  ]
  const tests: [string, (a: SortedSample, b: SortedSample) => Outcome<{ readonly pValue: number }>, boolean][] = [
    ['Kolmogorov–Smirnov test', kolmogorovSmirnovSorted, true],
    ['Mann–Whitney test', mannWhitneySorted, false],
    ['Cramér–von Mises test', cramerVonMisesSorted, false],
    ['Anderson–Darling test', andersonDarlingSorted, false],
  ]
  return draws.flatMap(([what, draw]) =>
    tests.map(([subject, test, isConservative]) => {
      const sample = (random: Random, n: number) => sortSample(Float64Array.from({ length: n }, () => draw(random)))
      const slack = isConservative ? anyLevelBelow : { below: 0.012, above: 0.006 }
      const pledge = { nominal: alpha, ...slack, draws: 2000, seed: 7 }
      return simulated('null-calibration', subject, `rejects at 0.05 on ${what}, n 300 and 200`, pledge, (random) =>
        isRejected(test(sample(random, 300), sample(random, 200))),
      )
    }),
  )
}

const shares = [0.4, 0.3, 0.15, 0.1, 0.05]

function categoryCounts(random: Random, n: number): Float64Array {
  const drawn = new Float64Array(shares.length)
  for (let i = 0; i < n; i++) {
    let u = randomUniform(random)
    let k = 0
    while (k < shares.length - 1 && u >= shares[k]) u -= shares[k++]
    drawn[k]++
  }
  return drawn
}

function counted(): Check[] {
  return twoSampleSizes.flatMap(([n, m]) => {
    const isSmall = Math.min(n, m) < 100
    return [
      rejects('chi-square test', [n, m], { below: 0.01, above: isSmall ? 0.01 : 0.005 }, (random) =>
        chiSquareTest(categoryCounts(random, n), categoryCounts(random, m)),
      ),
      // G is known to be liberal where expected counts are small.
      rejects('G test', [n, m], { below: 0.01, above: isSmall ? 0.024 : 0.012 }, (random) =>
        gTest(categoryCounts(random, n), categoryCounts(random, m)),
      ),
      rejects('two-proportion z-test', [n, m], { below: 0.012, above: 0.006 }, (random) =>
        twoProportionZ(randomBinomial(random, n, 0.3), n, randomBinomial(random, m, 0.3), m),
      ),
      rejects('Fisher’s exact test', [n, m], anyLevelBelow, (random) => {
        const [a, b] = [randomBinomial(random, n, 0.3), randomBinomial(random, m, 0.3)]
        return fisherExact(a, n - a, b, m - b)
      }),
    ]
  })
}

function others(): Check[] {
  const sizes = [30, 100, 1000] as const
  return [
    ...sizes.map((n) =>
      rejects('McNemar’s exact test', [n, n], anyLevelBelow, (random) => {
        const first = randomBinomial(random, n, 0.1)
        return mcnemar(first, randomBinomial(random, n - first, 1 / 9), n)
      }),
    ),
    ...sizes.map((n) =>
      rejects('chi-square test of known shares', [n, n], { below: 0.012, above: n < 100 ? 0.02 : 0.008 }, (random) =>
        goodnessOfFit(categoryCounts(random, n), shares),
      ),
    ),
    ...(
      [
        [12, 12],
        [20, 10],
      ] as const
    ).map(([n, m]) =>
      rejects('Fisher–Freeman–Halton test', [n, m], anyLevelBelow, (random) =>
        fisherExactTable(categoryCounts(random, n), categoryCounts(random, m)),
      ),
    ),
    ...(
      [
        [100, 100],
        [1000, 1000],
        [1000, 200],
      ] as const
    ).map(([n, m]) =>
      // The law is a large-sample one: a little off at a hundred values, where a bin holds ten.
      rejects('PSI over ten bins, as a test', [n, m], { below: 0.015, above: n < 1000 ? 0.025 : 0.008 }, (random) => {
        const [reference, current] = [sortSample(normals(random, n)), sortSample(normals(random, m))]
        const bins = quantileBins(reference)
        const psi = populationStabilityIndex(
          countSortedIntoBins(reference, bins).counts,
          countSortedIntoBins(current, bins).counts,
        )
        return psiPValue(psi ?? 0, { reference: n, current: m }, 10)
      }),
    ),
    ...sizes.map((n) => {
      const x = Float64Array.from({ length: n }, (_, i) => i)
      return rejects('slope of a trend', [n, n], { below: 0.006, above: 0.004 }, (random) => {
        const trend = linearTrend(x, normals(random, n), { independent: true })
        return trend.status === 'ok' ? { status: 'ok', pValue: trend.slopePValue } : trend
      })
    }),
    simulated(
      'null-calibration',
      'alpha spending',
      'alarms within a year of daily Kolmogorov–Smirnov tests against one reference of 200',
      { nominal: alpha, ...anyLevelBelow, draws: 100, seed: 94 },
      (random) => {
        const reference = sortSample(normals(random, 200))
        const spending = createAlphaSpending(alpha)
        for (let day = 0; day < 365; day++) {
          const test = kolmogorovSmirnovSorted(reference, sortSample(normals(random, 60)))
          if (spendAlpha(spending, test.status === 'ok' ? test.pValue : null).alarm) return true
        }
        return false
      },
    ),
  ]
}

/** How often each test calls a difference where there is none: at most at its level, and not much less. */
export const nullCalibrationChecks = (): Check[] => [...continuous(), ...tied(), ...counted(), ...others()]
