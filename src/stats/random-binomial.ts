import { logGamma } from './log-gamma.ts'
import { type Random, randomUniform } from './random.ts'

/**
 * A draw from the binomial distribution with n trials and success probability p.
 *
 * Inversion when n·min(p, 1−p) < 10, Hörmann's transformed rejection otherwise: constant expected time for any n.
 * Source: Hörmann, J. Statist. Comput. Simul. 46 (1993) 101 (algorithm BTRS).
 */
export function randomBinomial(random: Random, n: number, p: number): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - randomBinomial(random, n, 1 - p)
  return n * p < 10 ? drawByInversion(random, n, p) : drawByRejection(random, n, p)
}

/**
 * A draw from the multinomial distribution: `total` trials over categories with these weights, into `counts`.
 *
 * Weights need not add up to one; a weight of zero gets no count. One binomial draw a category.
 */
export function randomMultinomial(
  random: Random,
  total: number,
  weights: ArrayLike<number>,
  counts: Float64Array,
): Float64Array {
  let weightLeft = 0
  for (let i = 0; i < weights.length; i++) weightLeft += weights[i]
  let left = total
  for (let i = 0; i < weights.length; i++) {
    // What rounding leaves of the weight in the end must not steal from the last category.
    const share = weightLeft > weights[i] ? weights[i] / weightLeft : weights[i] > 0 ? 1 : 0
    counts[i] = randomBinomial(random, left, share)
    left -= counts[i]
    weightLeft -= weights[i]
  }
  return counts
}

function drawByInversion(random: Random, n: number, p: number): number {
  const odds = p / (1 - p)
  for (;;) {
    let probability = Math.exp(n * Math.log1p(-p))
    let u = randomUniform(random)
    for (let k = 0; k <= n; k++) {
      if (u < probability) return k
      u -= probability
      probability *= (odds * (n - k)) / (k + 1)
      if (probability < 1e-320) break
    }
  }
}

function drawByRejection(random: Random, n: number, p: number): number {
  const spread = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = n * p + 0.5
  const vr = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const logOdds = Math.log(p / (1 - p))
  const mode = Math.floor((n + 1) * p)
  const atMode = logGamma(mode + 1) + logGamma(n - mode + 1)
  for (;;) {
    const u = randomUniform(random) - 0.5
    const v = randomUniform(random)
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + c)
    if (k < 0 || k > n) continue
    if (us >= 0.07 && v <= vr) return k
    const bound = atMode - logGamma(k + 1) - logGamma(n - k + 1) + (k - mode) * logOdds
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k
  }
}
