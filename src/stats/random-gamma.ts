import { type Random, randomNormal, randomUniform } from './random.ts'

/**
 * A draw from the gamma distribution with this shape > 0 and scale 1.
 *
 * Squeeze of a cubed normal; a shape below 1 is drawn one higher and scaled by U^(1/shape), which may come to 0 for tiny
 * shapes. Constant expected time. Source: Marsaglia and Tsang, ACM Trans. Math. Softw. 26 (2000) 363.
 */
export function randomGamma(random: Random, shape: number): number {
  if (!(shape > 0)) throw new RangeError(`a gamma draw needs a shape above 0, got ${shape}`)
  if (shape < 1) return randomGamma(random, shape + 1) * randomUniform(random) ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = randomNormal(random)
    const v = (1 + c * x) ** 3
    if (v <= 0) continue
    if (Math.log(randomUniform(random)) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v
  }
}

/**
 * A draw from the Dirichlet distribution with these weights, into `shares`: shares that add up to one. A weight of zero gets
 * none. One gamma draw a category.
 */
export function randomDirichlet(random: Random, weights: ArrayLike<number>, shares: Float64Array): Float64Array {
  let total = 0
  for (let i = 0; i < weights.length; i++) {
    shares[i] = weights[i] > 0 ? randomGamma(random, weights[i]) : 0
    total += shares[i]
  }
  if (total > 0) for (let i = 0; i < weights.length; i++) shares[i] /= total
  return shares
}
