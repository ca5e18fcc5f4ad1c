import { chiSquareSf } from './chi-square-distribution.ts'

/** How a quadratic statistic weighs the gap at a pooled share H: the same everywhere, or more towards both ends. */
export type BridgeWeight = 'even' | 'tails'

/**
 * Null tail of n₁n₂/N² Σ w(H)(F − G)² over distinct pooled values with these group sizes, ties and all.
 *
 * w is 1 (`even`, Cramér–von Mises) or 1/(H(1−H)) (`tails`, Anderson–Darling). The null law is a weighted sum of
 * chi-squares; the first three cumulants of the bridge on the distinct values follow from running sums, since its
 * covariance factors, and a scaled chi-square with the same three stands in for it. O(groups).
 */
export function tiedBridgeSf(statistic: number, sizes: ArrayLike<number>, weight: BridgeWeight): number {
  // At the last value both distribution functions are one: it takes no part.
  const groups = sizes.length - 1
  let total = 0
  for (let g = 0; g <= groups; g++) total += sizes[g]
  const isEven = weight === 'even'
  // For a < b the squared covariance is rise(a) · fall(b), on the diagonal the variance is level(a).
  const rise = (h: number) => (isEven ? h * h : h / (1 - h))
  const fall = (h: number) => (isEven ? (1 - h) * (1 - h) : (1 - h) / h)
  const level = (h: number) => (isEven ? h * (1 - h) : 1)
  const after = new Float64Array(groups + 1)
  let pooled = total - sizes[groups]
  for (let g = groups - 1; g >= 0; g--) {
    after[g] = after[g + 1] + (sizes[g] / total) * fall(pooled / total)
    pooled -= sizes[g]
  }
  let trace = 0
  let trace2 = 0
  let trace3 = 0
  let before = 0
  pooled = 0
  for (let g = 0; g < groups; g++) {
    pooled += sizes[g]
    const w = sizes[g] / total
    const h = pooled / total
    const v = level(h)
    trace += w * v
    trace2 += w * w * v * v + 2 * w * fall(h) * before
    trace3 +=
      (w * v) ** 3 +
      6 * before * w * v * after[g + 1] +
      3 * w * w * rise(h) * v * after[g + 1] +
      3 * before * w * w * v * fall(h)
    before += w * rise(h)
  }
  const scale = total / (total - 1)
  const degreesOfFreedom = trace2 ** 3 / trace3 ** 2
  const z = (statistic - trace * scale) / (scale * Math.sqrt(2 * trace2))
  return chiSquareSf(degreesOfFreedom + z * Math.sqrt(2 * degreesOfFreedom), degreesOfFreedom)
}
