import { regularisedBeta } from './incomplete-beta.ts'

/** Fisher's F upper tail P(X > x) = I_{d2/(d2+d1·x)}(d2/2, d1/2), with d1, d2 > 0; 1 for x <= 0. */
export function fSf(x: number, d1: number, d2: number): number {
  if (x <= 0) return 1
  if (x === Number.POSITIVE_INFINITY) return 0
  const sum = d2 + d1 * x
  return regularisedBeta(d2 / sum, d2 / 2, d1 / 2, (d1 * x) / sum)
}

/** Fisher's F distribution function P(X <= x), with d1, d2 > 0; 0 for x <= 0. */
export function fCdf(x: number, d1: number, d2: number): number {
  if (x <= 0) return 0
  if (x === Number.POSITIVE_INFINITY) return 1
  const sum = d2 + d1 * x
  return regularisedBeta((d1 * x) / sum, d1 / 2, d2 / 2, d2 / sum)
}
