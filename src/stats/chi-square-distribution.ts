import { regularisedGammaP, regularisedGammaQ } from './incomplete-gamma.ts'

/** Chi-square distribution function P(X <= x) with `degreesOfFreedom` > 0; 0 for x <= 0. */
export function chiSquareCdf(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 0 : regularisedGammaP(degreesOfFreedom / 2, x / 2)
}

/** Chi-square upper tail P(X > x) with `degreesOfFreedom` > 0, accurate far out; 1 for x <= 0. */
export function chiSquareSf(x: number, degreesOfFreedom: number): number {
  return x <= 0 ? 1 : regularisedGammaQ(degreesOfFreedom / 2, x / 2)
}

/**
 * Chi-square quantile: the x with P(X <= x) = p.
 *
 * Bisection inside a bracket that is doubled until it holds p. Infinite at p = 1; RangeError outside [0, 1].
 */
export function chiSquareQuantile(p: number, degreesOfFreedom: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a quantile needs p in [0, 1], got ${p}`)
  if (p === 0) return 0
  if (p === 1) return Number.POSITIVE_INFINITY
  // Compare on the smaller tail, where the digits are.
  const below = p < 0.5 ? (x: number) => chiSquareCdf(x, degreesOfFreedom) < p : aboveTail(1 - p, degreesOfFreedom)
  let low = 0
  let high = degreesOfFreedom + 10
  while (below(high)) {
    low = high
    high *= 2
  }
  for (let i = 0; i < 200 && high - low > 2e-16 * high; i++) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) break
    if (below(middle)) low = middle
    else high = middle
  }
  return (low + high) / 2
}

function aboveTail(tail: number, degreesOfFreedom: number): (x: number) => boolean {
  return (x) => chiSquareSf(x, degreesOfFreedom) > tail
}
