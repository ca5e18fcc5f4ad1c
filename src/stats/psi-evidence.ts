import { chiSquareQuantile, chiSquareSf } from './chi-square-distribution.ts'
import { insufficient, type Outcome, type PerSample } from './outcome.ts'

/**
 * p-value of a population stability index: how often identical populations would give one at least as large.
 *
 * Under the null, PSI is about (1/n + 1/m) · χ² with bins − 1 degrees of freedom, n and m the sample sizes. `insufficient`
 * with `too-few` below five expected values a bin, where the law does not hold yet, and `one-class` for a single bin.
 * Source: Yurdakul and Naranjo, Statistical properties of the population stability index (2020).
 */
export function psiPValue(psi: number, n: PerSample, bins: number): Outcome<{ readonly pValue: number }> {
  const smaller = Math.min(n.reference, n.current)
  if (bins < 2) return insufficient('one-class', smaller)
  if (smaller < 5 * bins) return insufficient('too-few', smaller, 5 * bins)
  return { status: 'ok', pValue: chiSquareSf(psi / noiseScale(n), bins - 1) }
}

/**
 * The population stability index that samples of these sizes from one population exceed with probability `alpha`.
 *
 * A cut-off below it raises false alarms by construction. (1/n + 1/m) · χ² quantile.
 */
export function psiNoiseLevel(n: PerSample, bins: number, alpha = 0.05): number {
  return bins < 2 ? 0 : noiseScale(n) * chiSquareQuantile(1 - alpha, bins - 1)
}

/**
 * How many current values a PSI cut-off needs before identical populations cross it at most with probability `alpha`.
 *
 * `referenceN` is the reference's size, infinite for a known population; null when the reference alone is too small for
 * this cut-off however many current values arrive.
 */
export function sampleSizeNeededForPsi(
  threshold: number,
  bins = 10,
  alpha = 0.05,
  referenceN: number = Number.POSITIVE_INFINITY,
): number | null {
  if (!(threshold > 0)) throw new RangeError(`a PSI cut-off must be positive, got ${threshold}`)
  if (bins < 2) return 1
  const left = threshold / chiSquareQuantile(1 - alpha, bins - 1) - 1 / referenceN
  return left > 0 ? Math.max(5 * bins, Math.ceil(1 / left)) : null
}

function noiseScale(n: PerSample): number {
  return 1 / n.reference + 1 / n.current
}
