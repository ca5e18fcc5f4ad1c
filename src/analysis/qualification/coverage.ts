import { binomialProbability } from '../../stats/binomial-distribution.ts'
import { bootstrapCounts, bootstrapInterval } from '../../stats/bootstrap.ts'
import { clopperPearsonInterval } from '../../stats/clopper-pearson.ts'
import { createConfidenceSequence, updateConfidenceSequence } from '../../stats/confidence-sequence.ts'
import { linearTrend } from '../../stats/linear-trend.ts'
import { mcnemar } from '../../stats/mcnemar.ts'
import { meanInterval } from '../../stats/mean-interval.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import { normalCdf } from '../../stats/normal-distribution.ts'
import type { Interval, Outcome } from '../../stats/outcome.ts'
import { type Random, randomNormal, randomUniform } from '../../stats/random.ts'
import { randomBinomial } from '../../stats/random-binomial.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { splitScores } from '../../stats/scored-classes.ts'
import { theilSen } from '../../stats/theil-sen.ts'
import { welchT } from '../../stats/welch-t.ts'
import { wilsonInterval } from '../../stats/wilson.ts'
import { type Check, simulated } from './check.ts'
import { normals } from './draws.ts'

const confidence = 0.95

const holds = (interval: Interval, truth: number) => interval.low <= truth && truth <= interval.high

/** `below` and `above`: by how much an interval of small samples may cover less or more than it says. */
function covers(
  subject: string,
  name: string,
  { below, above, draws }: { readonly below: number; readonly above: number; readonly draws: number },
  truth: number,
  draw: (random: Random) => Outcome<object>,
  intervalOf: (result: never) => Interval = ({ interval }: { readonly interval: Interval }) => interval,
): Check {
  const pledge = { nominal: confidence, below, above, draws, seed: seedOf(subject + name) }
  return simulated('coverage', subject, name, pledge, (random) => {
    const result = draw(random)
    return result.status === 'ok' && holds(intervalOf(result as never), truth)
  })
}

/** A number that differs from case to case and never changes. */
function seedOf(text: string): number {
  let seed = 0
  for (const letter of text) seed = (Math.imul(seed, 31) + (letter.codePointAt(0) ?? 0)) >>> 0
  return seed
}

/** Coverage of a share's interval, exact at each p and averaged over p = 0.01 … 0.99 (or the smallest): no simulation needed. */
function shareCoverage(
  subject: string,
  interval: typeof wilsonInterval,
  n: number,
  of: 'mean' | 'lowest',
  [low, high]: readonly [number, number],
): Check {
  const at = (p: number) => {
    let covered = 0
    for (let hits = 0; hits <= n; hits++) {
      const result = interval(hits, n)
      if (result.status === 'ok' && holds(result.interval, p)) covered += binomialProbability(hits, n, p)
    }
    return covered
  }
  return {
    ...{ group: 'coverage', subject, name: `${of} coverage over all shares, n ${n}` },
    run: () => {
      const coverages = Array.from({ length: 99 }, (_, i) => at((i + 1) / 100))
      const got = of === 'mean' ? coverages.reduce((sum, value) => sum + value, 0) / 99 : Math.min(...coverages)
      return { expected: confidence, got, low, high, source: 'exact sum over the binomial distribution' }
    },
  }
}

function shares(): Check[] {
  const pairs = [
    [30, 0.3, 30, 0.3],
    [100, 0.3, 100, 0.4],
    [1000, 0.9, 1000, 0.92],
    [1000, 0.9, 60, 0.85],
    [30, 0.2, 400, 0.2],
  ] as const
  return [
    ...[30, 100, 1000].map((n) => shareCoverage('Wilson interval', wilsonInterval, n, 'mean', [0.945, 0.96])),
    ...[30, 100].map((n) => shareCoverage('Clopper–Pearson interval', clopperPearsonInterval, n, 'lowest', [0.95, 1])),
    ...pairs.map(([n, p, m, q]) =>
      covers(
        'Newcombe interval',
        `difference of shares ${p} and ${q}, n ${n} and ${m}`,
        { below: 0.01, above: 0.02, draws: 4000 },
        q - p,
        (random) => newcombeInterval(randomBinomial(random, n, p), n, randomBinomial(random, m, q), m),
      ),
    ),
    ...[30, 100, 1000].map((n) =>
      covers(
        'interval of a paired difference',
        `versions right equally often, n ${n}`,
        { below: 0.012, above: n < 100 ? 0.03 : 0.012, draws: 4000 },
        0,
        (random) => {
          const first = randomBinomial(random, n, 0.1)
          return mcnemar(first, randomBinomial(random, n - first, 1 / 9), n)
        },
      ),
    ),
  ]
}

function means(): Check[] {
  const sizes = [
    [30, 30],
    [100, 100],
    [1000, 60],
    [30, 400],
  ] as const
  return [
    ...[30, 100, 1000].map((n) =>
      covers('t interval', `mean of ${n} normal values`, { below: 0, above: 0, draws: 3000 }, 0, (random) =>
        meanInterval(normals(random, n)),
      ),
    ),
    ...sizes.map(([n, m]) =>
      covers(
        'Welch interval',
        `difference of means, deviations 1 and 2, n ${n} and ${m}`,
        { below: 0.004, above: 0.004, draws: 3000 },
        0,
        (random) =>
          welchT(
            normals(random, n),
            normals(random, m).map((x) => 2 * x),
          ),
      ),
    ),
    ...[30, 100].flatMap((n) =>
      (['percentile', 'bca'] as const).map((method) =>
        // Resampling cannot know tails that a small skewed sample has not shown.
        covers(
          `bootstrap (${method})`,
          `mean of ${n} skewed values`,
          { below: n < 100 ? 0.04 : 0.025, above: 0.01, draws: 300 },
          Math.exp(0.125),
          (random) => {
            const values = normals(random, n).map((x) => Math.exp(0.5 * x))
            const mean = (rows: Uint32Array) => {
              let sum = 0
              for (let i = 0; i < rows.length; i++) sum += values[rows[i]]
              return sum / rows.length
            }
            return bootstrapInterval(n, mean, { random, repeats: 400, method })
          },
        ),
      ),
    ),
    covers(
      'bootstrap of counts',
      'F1 of 300 rows',
      { below: 0.02, above: 0.02, draws: 500 },
      (2 * 0.25) / (2 * 0.25 + 0.08 + 0.1),
      (random) => {
        const counts = [0, 0, 0, 0]
        for (let i = 0; i < 300; i++) {
          const u = randomUniform(random)
          counts[u < 0.25 ? 0 : u < 0.33 ? 1 : u < 0.9 ? 2 : 3]++
        }
        return bootstrapCounts(counts, ([tp, fp, , fn]) => (2 * tp) / (2 * tp + fp + fn), {
          ...{ random, repeats: 500, method: 'bca' },
        })
      },
    ),
  ]
}

function curvesAndTrends(): Check[] {
  const curves = [
    [30, 30, 1],
    [100, 100, 1],
    [100, 20, 1.5],
    [1000, 1000, 0.3],
  ] as const
  return [
    ...curves.map(([n, m, shift]) => {
      const labels = Uint8Array.from({ length: n + m }, (_, i) => (i < n ? 0 : 1))
      return covers(
        'interval of the area under the ROC curve',
        `${n} and ${m} rows, classes ${shift} deviations apart`,
        { below: 0.015, above: 0.015, draws: n + m > 1000 ? 600 : 1500 },
        normalCdf(shift / Math.SQRT2),
        (random) =>
          rocAuc(
            splitScores(
              Float64Array.from(labels, (label) => randomNormal(random) + shift * label),
              labels,
            ),
          ),
      )
    }),
    ...[30, 100, 1000].map((n) => {
      const x = Float64Array.from({ length: n }, (_, i) => i)
      return covers(
        'slope of a trend',
        `${n} points about a line`,
        { below: 0.004, above: 0.004, draws: 2000 },
        0.1,
        (random) =>
          linearTrend(
            x,
            normals(random, n).map((e, i) => 0.1 * i + e),
            { independent: true },
          ),
        ({ slopeInterval }: { readonly slopeInterval: Interval }) => slopeInterval,
      )
    }),
    covers(
      'slope of a trend',
      '200 points whose neighbours are correlated by a half',
      { below: 0.02, above: 0.02, draws: 1500 },
      0.1,
      (random) => {
        let state = randomNormal(random) / Math.sqrt(0.75)
        const y = normals(random, 200).map((e, i) => {
          state = 0.5 * state + e
          return 0.1 * i + state
        })
        return linearTrend(
          Float64Array.from({ length: 200 }, (_, i) => i),
          y,
        )
      },
      ({ slopeInterval }: { readonly slopeInterval: Interval }) => slopeInterval,
    ),
    ...[30, 100].map((n) => {
      const x = Float64Array.from({ length: n }, (_, i) => i)
      return covers(
        'Theil–Sen slope',
        `${n} points with heavy tails`,
        { below: 0.015, above: 0.015, draws: n > 50 ? 400 : 1200 },
        2,
        (random) =>
          theilSen(
            x,
            x.map((t) => 2 * t + randomNormal(random) / Math.max(1e-3, Math.abs(randomNormal(random)))),
          ),
        ({ slopeInterval }: { readonly slopeInterval: Interval }) => slopeInterval,
      )
    }),
    simulated(
      'coverage',
      'confidence sequence',
      'never misses the mean in 2,000 values',
      { nominal: confidence, below: 0, above: 1 - confidence, draws: 400, seed: 92 },
      (random) => {
        const sequence = createConfidenceSequence()
        for (let i = 0; i < 2000; i++) updateConfidenceSequence(sequence, randomUniform(random) < 0.2 ? 1 : 0)
        return sequence.lower <= 0.2 && sequence.upper >= 0.2
      },
    ),
  ]
}

/** How often each 95 % interval holds the truth. */
export const coverageChecks = (): Check[] => [...shares(), ...means(), ...curvesAndTrends()]
