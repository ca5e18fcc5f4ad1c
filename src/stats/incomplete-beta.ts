import { devianceTerm, stirlingCorrection } from './log-gamma.ts'

const TINY = 1e-300

/**
 * Regularised incomplete beta function I_x(a, b), for a, b > 0 and 0 <= x <= 1.
 *
 * Continued fraction by Lentz' method, on whichever side converges; `complement` is 1 − x where the caller knows it
 * more exactly than by subtraction. Throws RangeError outside the domain. O(√max(a, b)) steps.
 * Source: DiDonato and Morris, ACM Trans. Math. Softw. 18 (1992) 360, equation 9; prefactor by Loader's deviance.
 */
export function regularisedBeta(x: number, a: number, b: number, complement = 1 - x): number {
  if (!(a > 0) || !(b > 0) || !(x >= 0) || !(x <= 1)) {
    throw new RangeError(`incomplete beta needs a, b > 0 and x in [0, 1], got x=${x}, a=${a}, b=${b}`)
  }
  if (x === 0 || complement === 1) return x === 0 ? 0 : betaTail(x, complement, a, b)
  if (complement === 0) return 1
  if (x < (a + 1) / (a + b + 2)) return betaTail(x, complement, a, b)
  return 1 - betaTail(complement, x, b, a)
}

/** x^a (1 − x)^b / B(a, b) times the continued fraction: I_x(a, b) where it converges fast. */
function betaTail(x: number, y: number, a: number, b: number): number {
  const n = a + b
  const difference = a * y - b * x
  const density =
    Math.sqrt((a / n) * (b / (2 * Math.PI))) *
    Math.exp(
      stirlingCorrection(n) -
        stirlingCorrection(a) -
        stirlingCorrection(b) -
        devianceTerm(a, n * x, difference) -
        devianceTerm(b, n * y, -difference),
    )
  return Math.min(1, density * betaFraction(a, b, x, y, difference))
}

/** Continued fraction in which every part is positive where x is below the mean; `difference` is a − (a + b) x. */
function betaFraction(a: number, b: number, x: number, y: number, difference: number): number {
  let f = (a / (a + 1)) * (difference + 1)
  if (Math.abs(f) < TINY) f = TINY
  let c = f
  let d = 0
  for (let n = 1; n < 1e7; n++) {
    const s = a + 2 * n
    const top = ((((a + n - 1) / (s - 1)) * (a + b + n - 1)) / (s - 1)) * n * (b - n) * x * x
    const bottom = n + (n * (b - n) * x) / (s - 1) + ((a + n) / (s + 1)) * (difference + 1 + n * (1 + y))
    d = bottom + top * d
    if (Math.abs(d) < TINY) d = TINY
    c = bottom + top / c
    if (Math.abs(c) < TINY) c = TINY
    d = 1 / d
    const delta = c * d
    f *= delta
    if (Math.abs(delta - 1) < 4e-16) break
  }
  return 1 / f
}

/**
 * The x in [0, 1] with I_x(a, b) = p, by bisection on the whole interval down to adjacent numbers.
 *
 * Never leaves its bracket, so that no start value can make it fail. Throws RangeError for p outside [0, 1].
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs p in [0, 1], got ${p}`)
  if (p === 0) return 0
  if (p === 1) return 1
  let low = 0
  let high = 1
  for (let i = 0; i < 200; i++) {
    // Below 1e-3 halve the exponent rather than the value: small quantiles then keep their relative digits.
    const middle = high < 1e-3 ? Math.sqrt(Math.max(low, 1e-300) * high) : (low + high) / 2
    if (middle <= low || middle >= high) break
    if (regularisedBeta(middle, a, b) < p) low = middle
    else high = middle
    if (high - low <= 2e-16 * high) break
  }
  return (low + high) / 2
}
