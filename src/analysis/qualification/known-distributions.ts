import { andersonDarlingSf } from '../../stats/anderson-darling.ts'
import { binomialCdf, binomialProbability } from '../../stats/binomial-distribution.ts'
import { chiSquareQuantile, chiSquareSf } from '../../stats/chi-square-distribution.ts'
import { cramerVonMisesSf } from '../../stats/cramer-von-mises-distribution.ts'
import { erf, erfc } from '../../stats/error-function.ts'
import { fSf } from '../../stats/f-distribution.ts'
import { betaQuantile, regularisedBeta } from '../../stats/incomplete-beta.ts'
import { regularisedGammaQ } from '../../stats/incomplete-gamma.ts'
import { kolmogorovSf, smirnovSf } from '../../stats/kolmogorov-distribution.ts'
import { logChoose, logGamma } from '../../stats/log-gamma.ts'
import { normalCdf, normalQuantile, normalSf } from '../../stats/normal-distribution.ts'
import { studentTCdf, studentTQuantile, studentTTwoSided } from '../../stats/student-t-distribution.ts'
import { type Check, knownAnswer } from './check.ts'

const closed = 'closed form'
const table = 'published table'

/** Distributions behind every p-value and interval, where they have closed forms or stand in printed tables. */
export const knownDistributionChecks = (): Check[] => [
  knownAnswer('error function', 'at 1', 'Abramowitz and Stegun, table 7.1', 0.8427007929, () => erf(1), 5e-11),
  knownAnswer('error function', 'complement at 3', 'Abramowitz and Stegun, table 7.3', 2.209049699858544e-5, () =>
    erfc(3),
  ),
  knownAnswer('gamma function', 'ln Γ(1/2) = ln √π', closed, Math.log(Math.PI) / 2, () => logGamma(0.5)),
  knownAnswer('gamma function', 'ln Γ(11) = ln 10!', closed, Math.log(3628800), () => logGamma(11)),
  knownAnswer('binomial coefficient', '52 over 5', closed, 2598960, () => Math.exp(logChoose(52, 5)), 1e-4),
  knownAnswer('incomplete gamma function', 'Q(1, 2) = e⁻²', closed, Math.exp(-2), () => regularisedGammaQ(1, 2)),
  knownAnswer('incomplete beta function', 'I(0.3; 1, 5) = 1 − 0.7⁵', closed, 1 - 0.7 ** 5, () =>
    regularisedBeta(0.3, 1, 5),
  ),
  knownAnswer('incomplete beta function', 'quantile of Beta(1, 10)', closed, 1 - 0.025 ** 0.1, () =>
    betaQuantile(0.975, 1, 10),
  ),
  knownAnswer('normal distribution', 'at 0', closed, 0.5, () => normalCdf(0)),
  knownAnswer('normal distribution', '97.5 % quantile', table, 1.959963984540054, () => normalQuantile(0.975)),
  knownAnswer('normal distribution', '99.5 % quantile', table, 2.5758293035489, () => normalQuantile(0.995)),
  knownAnswer('normal distribution', 'tail beyond 6', table, 9.865876450377e-10, () => normalSf(6)),
  knownAnswer('t distribution', '97.5 % quantile, 1 degree', closed, Math.tan(0.475 * Math.PI), () =>
    studentTQuantile(0.975, 1),
  ),
  knownAnswer('t distribution', '97.5 % quantile, 2 degrees', closed, 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2)), () =>
    studentTQuantile(0.975, 2),
  ),
  knownAnswer('t distribution', '97.5 % quantile, 10 degrees', table, 2.228, () => studentTQuantile(0.975, 10), 5e-4),
  knownAnswer('t distribution', '97.5 % quantile, 30 degrees', table, 2.042, () => studentTQuantile(0.975, 30), 5e-4),
  knownAnswer('t distribution', 'at 1, 1 degree', closed, 0.75, () => studentTCdf(1, 1)),
  knownAnswer(
    't distribution',
    'two-sided at 1, 8 degrees',
    closed,
    1 - (1 + (1 / 2) * (8 / 9) + (3 / 8) * (8 / 9) ** 2 + (5 / 16) * (8 / 9) ** 3) / 3,
    () => studentTTwoSided(1, 8),
  ),
  knownAnswer('chi-square distribution', 'tail at 5, 2 degrees = e⁻²·⁵', closed, Math.exp(-2.5), () =>
    chiSquareSf(5, 2),
  ),
  knownAnswer('chi-square distribution', 'tail at 6, 4 degrees = 4 e⁻³', closed, 4 * Math.exp(-3), () =>
    chiSquareSf(6, 4),
  ),
  knownAnswer(
    'chi-square distribution',
    '95 % quantile, 1 degree',
    table,
    3.841,
    () => chiSquareQuantile(0.95, 1),
    5e-4,
  ),
  knownAnswer(
    'chi-square distribution',
    '95 % quantile, 10 degrees',
    table,
    18.307,
    () => chiSquareQuantile(0.95, 10),
    5e-4,
  ),
  knownAnswer(
    'chi-square distribution',
    '99 % quantile, 30 degrees',
    table,
    50.892,
    () => chiSquareQuantile(0.99, 30),
    5e-4,
  ),
  knownAnswer('F distribution', 'tail at 3, 2 and 4 degrees', closed, 1 / (1 + 6 / 4) ** 2, () => fSf(3, 2, 4)),
  knownAnswer('F distribution', 'tail at the 5 % point, 5 and 10 degrees', table, 0.05, () => fSf(3.3258, 5, 10), 5e-6),
  knownAnswer('binomial distribution', '3 of 10 at a half', closed, 120 / 1024, () => binomialProbability(3, 10, 0.5)),
  knownAnswer('binomial distribution', 'at most 3 of 10 at a half', closed, 176 / 1024, () => binomialCdf(3, 10, 0.5)),
  knownAnswer('Kolmogorov’s distribution', 'D of one value is uniform on [1/2, 1]', closed, 0.4, () =>
    kolmogorovSf(0.8, 1),
  ),
  knownAnswer(
    'Kolmogorov’s distribution',
    '5 % point of 10 values',
    'Miller (1956)',
    0.05,
    () => kolmogorovSf(0.40925, 10),
    5e-5,
  ),
  knownAnswer(
    'Kolmogorov’s distribution',
    '5 % point of 100 values',
    'Miller (1956)',
    0.05,
    () => kolmogorovSf(0.13403, 100),
    5e-5,
  ),
  knownAnswer(
    'Kolmogorov’s distribution',
    '5 % point of many values',
    'Smirnov (1948)',
    0.05,
    () => kolmogorovSf(1.3581015 / 1000, 1e6),
    5e-5,
  ),
  knownAnswer('Smirnov’s one-sided distribution', 'one value', closed, 0.3, () => smirnovSf(0.7, 1)),
  knownAnswer(
    'Cramér–von Mises distribution',
    '5 % point',
    'Anderson and Darling (1952)',
    0.05,
    () => cramerVonMisesSf(0.46136),
    5e-6,
  ),
  knownAnswer(
    'Cramér–von Mises distribution',
    '1 % point',
    'Anderson and Darling (1952)',
    0.01,
    () => cramerVonMisesSf(0.74346),
    5e-6,
  ),
  knownAnswer(
    'Anderson–Darling distribution',
    '5 % point',
    'Anderson and Darling (1954)',
    0.05,
    () => andersonDarlingSf(2.492),
    5e-5,
  ),
  knownAnswer(
    'Anderson–Darling distribution',
    '1 % point',
    'Marsaglia and Marsaglia (2004)',
    0.01,
    () => andersonDarlingSf(3.878125),
    5e-7,
  ),
]
