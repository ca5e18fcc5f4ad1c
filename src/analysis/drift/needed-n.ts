import { chiSquareQuantile } from '../../stats/chi-square-distribution.ts'
import { twoSidedZ } from '../../stats/normal-distribution.ts'
import { sampleSizeNeededForKolmogorovSmirnov } from '../../stats/sample-size.ts'
import type { DriftMeasure } from '../parameters.ts'

/**
 * How many values each side needs before identical populations reach this effect at most with probability `alpha`.
 *
 * Below it a threshold is crossed by chance alone, and only a test can tell. Measures of shares behave near equality like
 * the population stability index, whose null law is (1/n + 1/m) · χ² with cells − 1 degrees of freedom: the squared
 * Jensen–Shannon distance in base 2 is PSI / (8 ln 2), the squared Hellinger distance PSI / 8, the squared total variation
 * at most PSI / 4; the squared Cramér's V of two equal samples is χ² / 2n. Kullback–Leibler is PSI / 2. Normed Wasserstein is taken as a shift of the
 * mean. The energy coefficient of equal samples has mean 1/n and, at worst, the shape of a χ² with one degree of freedom. A
 * share differs by at most z / √(2n) at a half, over all cells together. Constant time.
 */
export function neededN(measure: DriftMeasure, threshold: number, cells: number, alpha: number): number {
  if (measure === 'ks') return threshold >= 1 ? 1 : 2 * (sampleSizeNeededForKolmogorovSmirnov(threshold, alpha) ?? 1)
  if (measure === 'wassersteinNormed' || measure === 'meanShift')
    return Math.ceil(2 * (twoSidedZ(1 - alpha) / threshold) ** 2)
  if (measure === 'energyCoefficient') return Math.ceil(chiSquareQuantile(1 - alpha, 1) / threshold)
  if (cells < 2) return 1
  if (measure === 'largestShareDifference') return Math.ceil((twoSidedZ(1 - alpha / cells) / threshold) ** 2 / 2)
  const chiSquare = chiSquareQuantile(1 - alpha, cells - 1)
  const psi = {
    psi: threshold,
    jensenShannon: 8 * Math.LN2 * threshold ** 2,
    hellinger: 8 * threshold ** 2,
    totalVariation: 4 * threshold ** 2,
    cramersV: 4 * threshold ** 2,
    kullbackLeibler: 2 * threshold,
  }
  return Math.ceil((2 * chiSquare) / psi[measure])
}

/** The n per side of two equal samples that would know as much as these two: their harmonic mean. */
export function effectiveN({ reference, current }: { readonly reference: number; readonly current: number }): number {
  return reference + current === 0 ? 0 : (2 * reference * current) / (reference + current)
}
