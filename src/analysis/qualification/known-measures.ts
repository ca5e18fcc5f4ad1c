import { averagePrecision } from '../../stats/average-precision.ts'
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts'
import { binaryMetrics } from '../../stats/binary-metrics.ts'
import { holm } from '../../stats/bonferroni.ts'
import { brierScore } from '../../stats/brier.ts'
import { scoreCalibration } from '../../stats/calibration-error.ts'
import { chiSquareTest } from '../../stats/chi-square.ts'
import { clopperPearsonInterval } from '../../stats/clopper-pearson.ts'
import {
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  populationStabilityIndex,
  totalVariationDistance,
} from '../../stats/divergences.ts'
import { energyDistance } from '../../stats/energy-distance.ts'
import { fisherExact } from '../../stats/fisher-exact.ts'
import { kolmogorovSmirnov } from '../../stats/kolmogorov-smirnov.ts'
import { linearTrend } from '../../stats/linear-trend.ts'
import { logLoss } from '../../stats/log-loss.ts'
import { mannWhitney } from '../../stats/mann-whitney.ts'
import { mcnemar } from '../../stats/mcnemar.ts'
import { meanInterval } from '../../stats/mean-interval.ts'
import { computeMoments, excessKurtosisOf, varianceOf } from '../../stats/moments.ts'
import { ndcg } from '../../stats/ndcg.ts'
import { newcombeInterval } from '../../stats/newcombe.ts'
import type { Insufficient, Outcome } from '../../stats/outcome.ts'
import { quantiles } from '../../stats/quantiles.ts'
import { regressionMetrics } from '../../stats/regression-metrics.ts'
import { rocAuc } from '../../stats/roc-auc.ts'
import { splitScores } from '../../stats/scored-classes.ts'
import { theilSen } from '../../stats/theil-sen.ts'
import { twoProportionZ } from '../../stats/two-proportion-z.ts'
import { wasserstein } from '../../stats/wasserstein.ts'
import { welchT } from '../../stats/welch-t.ts'
import { wilsonInterval } from '../../stats/wilson.ts'
import { type Check, knownAnswer } from './check.ts'

const closed = 'closed form'
const counted = 'counted by hand'

/** A field of a result, null when there is none. */
function pick<T extends object>(
  result: Outcome<T>,
  field: (found: Exclude<Outcome<T>, Insufficient>) => number | null,
): number | null {
  return result.status === 'ok' ? field(result as Exclude<Outcome<T>, Insufficient>) : null
}

const halves = [50, 50]
const quarters = [25, 75]

const divergences = (): Check[] => [
  knownAnswer('PSI', 'a half and a half against a quarter and three', closed, Math.log(3) / 4, () =>
    populationStabilityIndex(halves, quarters),
  ),
  knownAnswer('PSI', 'the same shares', closed, 0, () => populationStabilityIndex(halves, [500, 500])),
  knownAnswer('Jensen–Shannon distance', 'shares without overlap', closed, 1, () =>
    jensenShannonDistance([9, 0], [0, 4]),
  ),
  knownAnswer(
    'Jensen–Shannon distance',
    'one share against two halves',
    closed,
    Math.sqrt(1.5 - 0.75 * Math.log2(3)),
    () => jensenShannonDistance([10, 0], [5, 5]),
  ),
  knownAnswer('Kullback–Leibler divergence', 'one share from two halves', closed, Math.LN2, () =>
    kullbackLeiblerDivergence([5, 5], [10, 0]),
  ),
  knownAnswer('Hellinger distance', 'one share against two halves', closed, Math.sqrt(1 - Math.SQRT1_2), () =>
    hellingerDistance([10, 0], [5, 5]),
  ),
  knownAnswer('total variation distance', 'a half against a quarter', closed, 0.25, () =>
    totalVariationDistance(halves, quarters),
  ),
  knownAnswer('Wasserstein distance', 'values moved by five', closed, 5, () =>
    pick(wasserstein([0, 1, 2], [5, 6, 7]), ({ distance }) => distance),
  ),
  knownAnswer('Wasserstein distance', 'samples of different sizes', counted, 0.75, () =>
    pick(wasserstein([0, 1], [0, 0, 2, 3]), ({ distance }) => distance),
  ),
  knownAnswer('energy distance', 'two points one apart', closed, Math.SQRT2, () =>
    pick(energyDistance([0], [1]), ({ distance }) => distance),
  ),
]

const tests = (): Check[] => [
  knownAnswer('Kolmogorov–Smirnov test', 'distance', counted, 0.5, () =>
    pick(kolmogorovSmirnov([1, 2, 3, 4], [3, 4, 5, 6]), ({ statistic }) => statistic),
  ),
  knownAnswer('Kolmogorov–Smirnov test', 'p of five values wholly above five', closed, 2 / 252, () =>
    pick(kolmogorovSmirnov([1, 2, 3, 4, 5], [6, 7, 8, 9, 10]), ({ pValue }) => pValue),
  ),
  knownAnswer('Mann–Whitney test', 'p of four values wholly above four', closed, 2 / 70, () =>
    pick(mannWhitney([1, 2, 3, 4], [5, 6, 7, 8]), ({ pValue }) => pValue),
  ),
  knownAnswer('Welch t-test', 't of five values and the same moved by one', closed, 1, () =>
    pick(welchT([1, 2, 3, 4, 5], [2, 3, 4, 5, 6]), ({ statistic }) => statistic),
  ),
  knownAnswer('chi-square test', 'statistic', closed, 20 / 3, () =>
    pick(chiSquareTest([10, 20], [20, 10]), ({ statistic }) => statistic),
  ),
  knownAnswer('chi-square test', 'equals the square of z', closed, 20 / 3, () =>
    pick(twoProportionZ(10, 30, 20, 30), ({ statistic }) => statistic ** 2),
  ),
  knownAnswer('Fisher’s exact test', 'the lady tasting tea', 'Fisher (1935)', 34 / 70, () =>
    pick(fisherExact(3, 1, 1, 3), ({ pValue }) => pValue),
  ),
  knownAnswer('McNemar’s exact test', 'one against five', closed, 14 / 64, () =>
    pick(mcnemar(1, 5, 100), ({ pValue }) => pValue),
  ),
  knownAnswer(
    'Benjamini–Hochberg',
    'second of five p-values',
    'Benjamini and Hochberg (1995)',
    0.05,
    () => benjaminiHochberg([0.01, 0.02, 0.03, 0.04, 0.05])[1],
  ),
  knownAnswer('Holm', 'third of three p-values', 'Holm (1979)', 0.06, () => holm([0.01, 0.04, 0.03])[2]),
]

const intervals = (): Check[] => {
  const z2 = 1.959963984540054 ** 2
  return [
    knownAnswer('Wilson interval', 'upper end of none of ten', closed, z2 / (10 + z2), () =>
      pick(wilsonInterval(0, 10), ({ interval }) => interval.high),
    ),
    knownAnswer(
      'Wilson interval',
      'lower end of 81 of 263',
      'Newcombe (1998)',
      0.2553,
      () => pick(wilsonInterval(81, 263), ({ interval }) => interval.low),
      5e-5,
    ),
    knownAnswer('Clopper–Pearson interval', 'upper end of none of ten', closed, 1 - 0.025 ** 0.1, () =>
      pick(clopperPearsonInterval(0, 10), ({ interval }) => interval.high),
    ),
    knownAnswer(
      'Clopper–Pearson interval',
      'lower end of 81 of 263',
      'Newcombe (1998)',
      0.2527,
      () => pick(clopperPearsonInterval(81, 263), ({ interval }) => interval.low),
      5e-5,
    ),
    knownAnswer(
      'Newcombe interval',
      'lower end of 56 of 70 less 48 of 80',
      'Newcombe (1998)',
      0.0524,
      () => pick(newcombeInterval(48, 80, 56, 70), ({ interval }) => interval.low),
      5e-5,
    ),
    knownAnswer(
      'Newcombe interval',
      'upper end of 56 of 70 less 48 of 80',
      'Newcombe (1998)',
      0.3339,
      () => pick(newcombeInterval(48, 80, 56, 70), ({ interval }) => interval.high),
      5e-5,
    ),
    knownAnswer('t interval', 'upper end of the mean of two values', closed, 1.5 + Math.tan(0.475 * Math.PI) / 2, () =>
      pick(meanInterval([1, 2]), ({ interval }) => interval.high),
    ),
  ]
}

const scores = [0.1, 0.4, 0.35, 0.8]
const labels = [0, 0, 1, 1]
/** 6 true positives, 1 false positive, 2 false negatives, 3 true negatives. */
const binary = () => binaryMetrics({ truePositives: 6, falsePositives: 1, falseNegatives: 2, trueNegatives: 3 })

const performance = (): Check[] => [
  knownAnswer('accuracy', '9 of 12', counted, 0.75, () => binary().accuracy),
  knownAnswer('precision', '6 of 7', counted, 6 / 7, () => binary().precision),
  knownAnswer('recall', '6 of 8', counted, 0.75, () => binary().recall),
  knownAnswer('F1', 'from 6, 1 and 2', counted, 0.8, () => binary().f1),
  knownAnswer(
    'Matthews correlation',
    'from 6, 1, 2 and 3',
    closed,
    16 / Math.sqrt(1120),
    () => binary().matthewsCorrelation,
  ),
  knownAnswer('area under the ROC curve', 'three of four pairs in order', counted, 0.75, () =>
    pick(rocAuc(splitScores(scores, labels)), ({ value }) => value),
  ),
  knownAnswer('average precision', 'first and third of four', counted, (1 + 2 / 3) / 2, () =>
    averagePrecision(splitScores(scores, labels)),
  ),
  knownAnswer('Brier score', 'a half on either class', closed, 0.25, () => brierScore([0.5, 0.5], [0, 1]).value),
  knownAnswer('log loss', 'a half on either class', closed, Math.LN2, () => logLoss([0.5, 0.5], [0, 1]).value),
  knownAnswer(
    'calibration error',
    'scores of 0.8 that come true half the time',
    closed,
    0.3,
    () => scoreCalibration([0.8, 0.8], [0, 1]).expectedError,
  ),
  knownAnswer(
    'mean absolute error',
    'errors 1, 1 and 4',
    counted,
    2,
    () => regressionMetrics([1, 2, 3], [2, 1, 7]).meanAbsoluteError,
  ),
  knownAnswer(
    'R²',
    'errors 1, 1 and 1 about a spread of 8',
    counted,
    1 - 3 / 8,
    () => regressionMetrics([1, 3, 5], [2, 2, 6]).r2,
  ),
  knownAnswer(
    'NDCG',
    'relevance 3, 2, 3, 0, 1, 2 in this order',
    closed,
    (3 + 2 / Math.log2(3) + 3 / 2 + 1 / Math.log2(6) + 2 / Math.log2(7)) /
      (3 + 3 / Math.log2(3) + 2 / 2 + 2 / Math.log2(5) + 1 / Math.log2(6)),
    () => ndcg([3, 2, 3, 0, 1, 2], [6, 5, 4, 3, 2, 1]),
  ),
]

const summaries = (): Check[] => [
  knownAnswer('median', 'of four values', counted, 2.5, () => quantiles([4, 1, 3, 2], [0.5])[0]),
  knownAnswer('variance', 'of a million and one to a million and five', closed, 2.5, () =>
    varianceOf(computeMoments([1_000_001, 1_000_002, 1_000_003, 1_000_004, 1_000_005])),
  ),
  knownAnswer('excess kurtosis', 'of two values that alternate', closed, -2, () =>
    excessKurtosisOf(computeMoments([-1, 1, -1, 1])),
  ),
  knownAnswer('least-squares line', 'slope of points on one', closed, 2, () =>
    pick(linearTrend([0, 1, 2, 3, 4, 5], [1, 3, 5, 7, 9, 11]), ({ slope }) => slope),
  ),
  knownAnswer('Theil–Sen line', 'slope of points on one but for an outlier', closed, 2, () =>
    pick(theilSen([0, 1, 2, 3, 4, 5, 6], [1, 3, 5, 100, 9, 11, 13]), ({ slope }) => slope),
  ),
]

/** Measures, tests and intervals on numbers small enough for pencil and paper, or that papers print. */
export const knownMeasureChecks = (): Check[] => [
  ...divergences(),
  ...tests(),
  ...intervals(),
  ...performance(),
  ...summaries(),
]
