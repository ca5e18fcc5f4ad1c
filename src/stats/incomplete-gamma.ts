import { devianceTerm, stirlingCorrection } from './log-gamma.ts'

const TINY = 1e-300
const EPSILON = 1e-16

/**
 * Regularised lower incomplete gamma function P(a, x) = γ(a, x) / Γ(a), for a > 0 and x >= 0.
 *
 * Power series for x < a + 1, 1 − Q otherwise. Throws RangeError outside the domain. O(√a) steps near x = a.
 * Source: Abramowitz and Stegun 6.5.29 and 6.5.31.
 */
export function regularisedGammaP(a: number, x: number): number {
  checkDomain(a, x)
  if (x === 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  return x < a + 1 ? gammaSeries(a, x) : 1 - gammaFraction(a, x)
}

/**
 * Regularised upper incomplete gamma function Q(a, x) = 1 − P(a, x), for a > 0 and x >= 0, accurate in the far tail.
 *
 * Continued fraction (Lentz) for x >= a + 1, 1 − series otherwise. Throws RangeError outside the domain.
 */
export function regularisedGammaQ(a: number, x: number): number {
  checkDomain(a, x)
  if (x === 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  return x < a + 1 ? 1 - gammaSeries(a, x) : gammaFraction(a, x)
}

function checkDomain(a: number, x: number): void {
  if (!(a > 0) || !(x >= 0)) throw new RangeError(`incomplete gamma needs a > 0 and x >= 0, got a=${a}, x=${x}`)
}

/** x^a e^−x / Γ(a), by deviance so that large a keeps its digits. */
function gammaPrefactor(a: number, x: number): number {
  return Math.sqrt(a / (2 * Math.PI)) * Math.exp(-devianceTerm(a, x) - stirlingCorrection(a))
}

function gammaSeries(a: number, x: number): number {
  let term = 1 / a
  let sum = term
  for (let k = 1; term > sum * EPSILON; k++) {
    term *= x / (a + k)
    sum += term
  }
  return Math.min(1, sum * gammaPrefactor(a, x))
}

function gammaFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = 1 / TINY
  let d = 1 / b
  let h = d
  for (let i = 1; i < 1e7; i++) {
    const an = -i * (i - a)
    b += 2
    d = an * d + b
    if (Math.abs(d) < TINY) d = TINY
    c = b + an / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const delta = d * c
    h *= delta
    if (Math.abs(delta - 1) < EPSILON * 4) break
  }
  return Math.min(1, h * gammaPrefactor(a, x))
}
