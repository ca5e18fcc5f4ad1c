import { checkSameLength } from './outcome.ts'

/** Share that stands in for an empty bin in the population stability index. */
export const PSI_FLOOR = 1e-4

/**
 * Population stability index Σ (q − p) · ln(q / p) over bins, in natural logarithm.
 *
 * `reference` and `current` are counts; p and q their shares, each raised to at least `floor` and not scaled back to one.
 * Null when a sample is empty. Says nothing without n: see psi-evidence. O(bins).
 */
export function populationStabilityIndex(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  floor = PSI_FLOOR,
): number | null {
  return sumOverShares(reference, current, (p, q) => {
    const low = Math.max(p, floor)
    const high = Math.max(q, floor)
    return (high - low) * Math.log(high / low)
  })
}

/**
 * Jensen–Shannon divergence in bits, in [0, 1]: mean Kullback–Leibler divergence of both shares from their average.
 *
 * Takes counts; null when a sample is empty. Computed from the relative difference of each pair of shares, so that near
 * equality costs no digits. O(bins). Source: Lin, IEEE Trans. Inf. Theory 37 (1991) 145.
 */
export function jensenShannonDivergence(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const nats = sumOverShares(reference, current, (p, q) => {
    const sum = p + q
    return sum === 0 ? 0 : (sum / 4) * mixingEntropy((p - q) / sum)
  })
  return nats === null ? null : Math.min(1, nats / Math.LN2)
}

/** Jensen–Shannon distance: the square root of the divergence in bits, a metric in [0, 1]. Null when a sample is empty. */
export function jensenShannonDistance(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const divergence = jensenShannonDivergence(reference, current)
  return divergence === null ? null : Math.sqrt(divergence)
}

/** (1 + d) ln(1 + d) + (1 − d) ln(1 − d), about d² for small d. */
function mixingEntropy(d: number): number {
  if (Math.abs(d) >= 1) return 2 * Math.LN2
  if (Math.abs(d) > 0.05) return (1 + d) * Math.log1p(d) + (1 - d) * Math.log1p(-d)
  const s = d * d
  return s * (1 + s * (1 / 6 + s * (1 / 15 + s * (1 / 28 + s * (1 / 45 + s / 66)))))
}

/**
 * Kullback–Leibler divergence Σ q · ln(q / p) of the current shares q from the reference shares p, in nats.
 *
 * Takes counts. Each share is raised to at least `floor`; with floor 0 a category that only the current sample has makes it
 * infinite, which is the definition. Null when a sample is empty. O(bins).
 */
export function kullbackLeiblerDivergence(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  floor = 0,
): number | null {
  return sumOverShares(reference, current, (p, q) => {
    const low = Math.max(p, floor)
    const high = Math.max(q, floor)
    return high === 0 ? 0 : high * Math.log(high / low)
  })
}

/** Hellinger distance ‖√p − √q‖ / √2 between shares, in [0, 1]. Takes counts; null when a sample is empty. O(bins). */
export function hellingerDistance(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const sum = sumOverShares(reference, current, (p, q) => {
    const d = Math.sqrt(p) - Math.sqrt(q)
    return d * d
  })
  return sum === null ? null : Math.min(1, Math.sqrt(sum / 2))
}

/** Total variation distance ½ Σ |p − q| between shares, in [0, 1]. Takes counts; null when a sample is empty. O(bins). */
export function totalVariationDistance(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  const sum = sumOverShares(reference, current, (p, q) => Math.abs(p - q))
  return sum === null ? null : sum / 2
}

/** Largest difference |p − q| between shares, in [0, 1]. Takes counts; null when a sample is empty. O(bins). */
export function largestShareDifference(reference: ArrayLike<number>, current: ArrayLike<number>): number | null {
  let largest = 0
  const sum = sumOverShares(reference, current, (p, q) => {
    largest = Math.max(largest, Math.abs(p - q))
    return 0
  })
  return sum === null ? null : largest
}

function sumOverShares(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  part: (p: number, q: number) => number,
): number | null {
  const k = checkSameLength(reference, current, 'bin counts')
  let n = 0
  let m = 0
  for (let i = 0; i < k; i++) {
    n += reference[i]
    m += current[i]
  }
  if (n === 0 || m === 0) return null
  let sum = 0
  for (let i = 0; i < k; i++) sum += part(reference[i] / n, current[i] / m)
  return sum
}
