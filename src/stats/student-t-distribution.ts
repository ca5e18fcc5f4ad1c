import { betaQuantile, regularisedBeta } from './incomplete-beta.ts'
import { normalQuantile } from './normal-distribution.ts'

/** Student's t upper tail P(T > t) with `degreesOfFreedom` > 0 (need not be whole), accurate far out. */
export function studentTSf(t: number, degreesOfFreedom: number): number {
  const tail = studentTTwoSided(t, degreesOfFreedom) / 2
  return t < 0 ? 1 - tail : tail
}

/** Student's t distribution function P(T <= t) with `degreesOfFreedom` > 0. */
export function studentTCdf(t: number, degreesOfFreedom: number): number {
  return studentTSf(-t, degreesOfFreedom)
}

/** Two-sided tail P(|T| > |t|) = I_{v/(v+t²)}(v/2, 1/2), v the degrees of freedom. */
export function studentTTwoSided(t: number, degreesOfFreedom: number): number {
  if (!Number.isFinite(t)) return 0
  const square = t * t
  const sum = degreesOfFreedom + square
  return regularisedBeta(degreesOfFreedom / sum, degreesOfFreedom / 2, 0.5, square / sum)
}

/**
 * Student's t quantile: the t with P(T <= t) = p; the normal one above 1e10 degrees of freedom.
 *
 * Infinite at p = 0 and 1; throws RangeError outside [0, 1].
 */
export function studentTQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p > 0 && p < 1) || degreesOfFreedom > 1e10) return normalQuantile(p)
  if (p === 0.5) return 0
  const tail = Math.min(p, 1 - p)
  const t = tail > 0.4 ? centralQuantile(tail, degreesOfFreedom) : tailQuantile(tail, degreesOfFreedom)
  return p < 0.5 ? -t : t
}

/** Near the centre P(|T| <= t) = I_y(1/2, v/2) with y = t²/(v+t²) is small, and keeps its digits. */
function centralQuantile(tail: number, degreesOfFreedom: number): number {
  const y = betaQuantile(1 - 2 * tail, 0.5, degreesOfFreedom / 2)
  return Math.sqrt((degreesOfFreedom * y) / (1 - y))
}

function tailQuantile(tail: number, degreesOfFreedom: number): number {
  let low = 0
  let high = 1
  while (studentTTwoSided(high, degreesOfFreedom) > 2 * tail) {
    low = high
    high *= 2
  }
  for (let i = 0; i < 200 && high - low > 2e-16 * high; i++) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (studentTTwoSided(middle, degreesOfFreedom) > 2 * tail) low = middle
    else high = middle
  }
  return (low + high) / 2
}
