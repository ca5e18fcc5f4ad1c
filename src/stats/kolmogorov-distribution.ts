import { devianceTerm, stirlingCorrection } from './log-gamma.ts'

const PI2 = Math.PI * Math.PI
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI)

/**
 * Upper tail P(D_n >= d) of Kolmogorov's two-sided one-sample statistic, for n >= 1.
 *
 * Closed forms at both ends; Durbin's matrix power for n <= 140; Pelz and Good's expansion for the body of larger n;
 * beyond n·d² = 2.2 (4 for n <= 140) twice the one-sided tail less the limit of both sides together. Relative error below
 * 3e-5 for n of a few hundred, below 1e-6 from a thousand on, about 1e-10 in the far tail and for n <= 140.
 * Source: Simard and L'Ecuyer, J. Statist. Softw. 39 (2011) issue 11.
 */
export function kolmogorovSf(d: number, n: number): number {
  if (d >= 1) return 0
  const t = n * d
  if (t <= 0.5) return 1
  if (t <= 1) return 1 - Math.exp(logFactorialOverPower(n) + n * Math.log(2 * t - 1))
  if (t >= n - 1) return 2 * (1 - d) ** n
  if (d >= 0.5) return 2 * smirnovSf(d, n)
  const square = t * d
  if (square > (n <= 140 ? 4 : 2.2)) return square > 400 ? 0 : 2 * smirnovSf(d, n) - 2 * Math.exp(-8 * square)
  // The distribution function is below 1e-13 there.
  if (square < 0.04) return 1
  return Math.min(1, Math.max(0, 1 - (n <= 140 ? durbinCdf(d, n) : pelzGoodCdf(d, n))))
}

/**
 * Upper tail P(D⁺_n >= d) of the one-sided statistic: d Σ_j C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j).
 *
 * All terms are positive. For large n the sum runs over a coarser grid of j: its terms form a smooth bump that
 * vanishes at both ends, for which the trapezoid rule is exact to the last digits. At most about 16,000 terms.
 */
export function smirnovSf(d: number, n: number): number {
  if (d <= 0) return 1
  if (d >= 1) return 0
  const last = Math.ceil(n * (1 - d)) - 1
  const step = n * d > 20 ? Math.max(1, Math.floor(n / 8192)) : 1
  let sum = 0
  for (let j = step === 1 ? 1 : step; j <= last; j += step) {
    const p = d + j / n
    // C(n, j) p^j (1 − p)^(n−j) by Loader's deviance, so that large n keeps its digits.
    const rest = n - j
    const exponent =
      stirlingCorrection(n) -
      stirlingCorrection(j) -
      stirlingCorrection(rest) -
      devianceTerm(j, n * p, -n * d) -
      devianceTerm(rest, n * (1 - p), n * d)
    sum += (Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * j * rest))) / p
  }
  const ends = step === 1 ? Math.exp(n * Math.log1p(-d)) : 0
  return Math.min(1, d * sum * step + ends)
}

/** ln(n! / nⁿ). */
function logFactorialOverPower(n: number): number {
  return 0.5 * Math.log(2 * Math.PI * n) - n + stirlingCorrection(n)
}

/** P(D_n < d) as an entry of Durbin's matrix to the power n (Marsaglia, Tsang and Wang's scaling against overflow). */
function durbinCdf(d: number, n: number): number {
  const k = Math.ceil(n * d)
  const m = 2 * k - 1
  const h = k - n * d
  const step = new Float64Array(m * m)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) step[i * m + j] = i - j + 1 < 0 ? 0 : 1
  }
  for (let i = 0; i < m; i++) {
    step[i * m] -= h ** (i + 1)
    step[(m - 1) * m + i] -= h ** (m - i)
  }
  step[(m - 1) * m] += 2 * h - 1 > 0 ? (2 * h - 1) ** m : 0
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) for (let g = 2; g <= i - j + 1; g++) step[i * m + j] /= g
  }
  // n multiplications of one row by the matrix, each scaled by i/n: never far from one.
  let row = new Float64Array(m)
  row[k - 1] = 1
  for (let i = 1; i <= n; i++) {
    const next = new Float64Array(m)
    for (let a = 0; a < m; a++) {
      const weight = (row[a] * i) / n
      if (weight !== 0) for (let b = 0; b < m; b++) next[b] += weight * step[a * m + b]
    }
    row = next
  }
  return row[k - 1]
}

/** P(D_n < d) to order n^(−3/2): Pelz and Good's K0 + K1/√n + K2/n + K3/n^1.5, summed in the form for small z. */
function pelzGoodCdf(d: number, n: number): number {
  const z2 = n * d * d
  const z = Math.sqrt(z2)
  const z4 = z2 * z2
  const z6 = z4 * z2
  let k0 = 0
  let k1 = 0
  let k2 = 0
  let k3 = 0
  const terms = Math.ceil((16 * z) / Math.PI)
  for (let k = terms; k >= 1; k--) {
    const m2 = (2 * k - 1) ** 2
    const weight = Math.exp((-PI2 * m2) / (8 * z2))
    k0 += weight
    k1 += weight * ((PI2 / 4) * m2 - z2)
    k2 += weight * (6 * z6 + 2 * z4 + (PI2 / 4) * (2 * z4 - 5 * z2) * m2 + (PI2 ** 2 / 16) * (1 - 2 * z2) * m2 * m2)
    k3 +=
      weight *
      (-30 * z6 -
        90 * z4 * z4 +
        (PI2 / 4) * (135 * z4 - 96 * z6) * m2 +
        (PI2 ** 2 / 16) * (212 * z4 - 60 * z2) * m2 * m2 +
        (PI2 ** 3 / 64) * (5 - 30 * z2) * m2 * m2 * m2)
  }
  let even2 = 0
  let even3 = 0
  for (let k = terms; k >= 1; k--) {
    const kk = k * k
    const weight = kk * Math.exp((-PI2 * kk) / (2 * z2))
    even2 += weight
    even3 += weight * (3 * z2 - PI2 * kk)
  }
  const order0 = (SQRT_TWO_PI / z) * k0
  const order1 = (SQRT_TWO_PI / (6 * z4)) * k1
  const order2 = (SQRT_TWO_PI / (72 * z6 * z)) * k2 - ((PI2 * SQRT_TWO_PI) / (36 * z2 * z)) * even2
  const order3 = (SQRT_TWO_PI / (6480 * z6 * z4)) * k3 + ((PI2 * SQRT_TWO_PI) / (216 * z6)) * even3
  return order0 + order1 / Math.sqrt(n) + order2 / n + order3 / (n * Math.sqrt(n))
}
