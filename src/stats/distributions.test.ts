import { describe, expect, it } from 'vitest'
import { binomialCdf, binomialProbability, binomialSf, binomialTestTwoSided } from './binomial-distribution.ts'
import { chiSquareCdf, chiSquareQuantile, chiSquareSf } from './chi-square-distribution.ts'
import { erf, erfc } from './error-function.ts'
import { fCdf, fSf } from './f-distribution.ts'
import { betaQuantile, regularisedBeta } from './incomplete-beta.ts'
import { regularisedGammaP, regularisedGammaQ } from './incomplete-gamma.ts'
import { logBeta, logChoose, logGamma } from './log-gamma.ts'
import { normalCdf, normalQuantile, normalSf, twoSidedZ } from './normal-distribution.ts'
import { studentTCdf, studentTQuantile, studentTSf, studentTTwoSided } from './student-t-distribution.ts'

function relativeError(got: number, want: number): number {
  return got === want ? 0 : Math.abs(got - want) / Math.abs(want)
}

describe('special functions against tabulated or closed values', () => {
  const e = Math.E
  it.each<[string, number, number]>([
    ['ln Γ(1/2) = ln √π', logGamma(0.5), Math.log(Math.sqrt(Math.PI))],
    ['ln Γ(5) = ln 24', logGamma(5), Math.log(24)],
    ['ln Γ(101)', logGamma(101), 363.73937555556347],
    ['ln B(2, 3) = ln 1/12', logBeta(2, 3), Math.log(1 / 12)],
    ['ln C(52, 5)', logChoose(52, 5), Math.log(2598960)],
    ['erf(1)', erf(1), 0.8427007929497149],
    ['erfc(5)', erfc(5), 1.5374597944280349e-12],
    ['erf is odd', erf(-0.3), -erf(0.3)],
    ['P(1, x) = 1 − e^−x', regularisedGammaP(1, 2), 1 - e ** -2],
    ['Q(2, x) = (1 + x) e^−x', regularisedGammaQ(2, 30), 31 * e ** -30],
    ['I_x(2, 2) = x²(3 − 2x)', regularisedBeta(0.3, 2, 2), 0.09 * 2.4],
    ['I_x(1, b) far out', regularisedBeta(1e-9, 1, 3), -Math.expm1(3 * Math.log1p(-1e-9))],
    ['median of beta(1, 1)', betaQuantile(0.5, 1, 1), 0.5],
    ['quantile of beta(2, 1) = √p', betaQuantile(0.01, 2, 1), 0.1],
    ['normal cdf at 1.96', normalCdf(1.959963984540054), 0.975],
    ['normal tail at 10', normalSf(10), 7.6198530241605255e-24],
    ['normal quantile at 1e-10', normalQuantile(1e-10), -6.361340902404057],
    ['z for 95 %', twoSidedZ(0.95), 1.959963984540054],
    ['chi-square 2 is exponential', chiSquareSf(7, 2), e ** -3.5],
    ['chi-square 5 % point, 1 degree', chiSquareQuantile(0.95, 1), 3.841458820694124],
    ['chi-square cdf and quantile invert', chiSquareCdf(chiSquareQuantile(0.3, 17), 17), 0.3],
    ['t with 1 degree is Cauchy', studentTSf(1, 1), 0.25],
    ['t with 2 degrees in closed form', studentTCdf(2, 2), 0.5 + 1 / Math.sqrt(6)],
    ['t 97.5 % point, 10 degrees', studentTQuantile(0.975, 10), 2.228138851986274],
    ['t is two-sided symmetric', studentTTwoSided(-2.5, 7), 2 * studentTSf(2.5, 7)],
    ['F(1, v) is t²', fSf(4, 1, 9), studentTTwoSided(2, 9)],
    ['F cdf and tail add up', fCdf(1.7, 4, 8) + fSf(1.7, 4, 8), 1],
    ['binomial density', binomialProbability(3, 10, 0.5), 120 / 1024],
    ['binomial cdf', binomialCdf(2, 4, 0.5), 11 / 16],
    ['binomial tail', binomialSf(2, 4, 0.5), 5 / 16],
    ['binomial test, symmetric', binomialTestTwoSided(2, 10, 0.5), 2 * binomialCdf(2, 10, 0.5)],
    ['binomial test, skew', binomialTestTwoSided(0, 10, 0.1), 1 - (binomialCdf(1, 10, 0.1) - 0.9 ** 10)],
  ])('%s', (_, got, want) => expect(relativeError(got, want)).toBeLessThan(1e-12))
})

describe('outside the domain', () => {
  it('refuses instead of returning NaN', () => {
    expect(() => logGamma(0)).toThrow(RangeError)
    expect(() => regularisedGammaP(-1, 2)).toThrow(RangeError)
    expect(() => regularisedBeta(1.2, 1, 1)).toThrow(RangeError)
    expect(() => normalQuantile(Number.NaN)).toThrow(RangeError)
    expect(() => chiSquareQuantile(1.1, 3)).toThrow(RangeError)
    expect(() => studentTQuantile(-0.1, 3)).toThrow(RangeError)
  })

  it('is exact at the ends', () => {
    expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(chiSquareSf(-1, 3)).toBe(1)
    expect(chiSquareSf(Number.POSITIVE_INFINITY, 3)).toBe(0)
    expect(studentTTwoSided(Number.POSITIVE_INFINITY, 3)).toBe(0)
    expect(binomialProbability(0, 5, 0)).toBe(1)
    expect(regularisedBeta(1, 2, 3)).toBe(1)
  })
})
