import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, type Interval } from './outcome.ts'
import { midRanks } from './ranks.ts'
import { studentTSf } from './student-t-distribution.ts'

/** Spearman's rank correlation of complete pairs; null for fewer than three or where either side is constant. O(n). */
export function rankCorrelation(left: ArrayLike<number>, right: ArrayLike<number>): number | null {
  const known = Uint32Array.from(left, (_, i) => i).filter((i) => !Number.isNaN(left[i]) && !Number.isNaN(right[i]))
  if (known.length < 3) return null
  const x = midRanks(Float64Array.from(known, (i) => left[i]))
  const y = midRanks(Float64Array.from(known, (i) => right[i]))
  return correlationOf(x, y)
}

/** Pearson's correlation; null where either side is constant. */
function correlationOf(x: Float64Array, y: Float64Array): number | null {
  const n = x.length
  const meanX = x.reduce((sum, value) => sum + value, 0) / n
  const meanY = y.reduce((sum, value) => sum + value, 0) / n
  let xy = 0
  let xx = 0
  let yy = 0
  for (let i = 0; i < n; i++) {
    xy += (x[i] - meanX) * (y[i] - meanY)
    xx += (x[i] - meanX) ** 2
    yy += (y[i] - meanY) ** 2
  }
  return xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : null
}

export interface SeriesCorrelation {
  readonly value: number
  readonly interval: Interval
  /** One-sided, for a positive correlation. */
  readonly pValue: number
}

/**
 * Spearman's correlation of two series in time, with evidence that allows for each being like its own past.
 *
 * Both the interval and p rest on n' = n (1 − ab)/(1 + ab) independent pairs instead of n, for lag-one autocorrelations a, b of the ranks
 * (at least 4, at most n). Interval: Fisher's z with variance (1 + ρ²/2)/(n' − 3). p: Student's t with n' − 2 degrees of freedom,
 * one-sided. Approximate: series that share a trend look related, whatever n'. Null for fewer than eight pairs, a missing value, or a
 * constant side. O(n). Source: Bartlett, J. R. Stat. Soc. 98 (1935) 536; Bonett and Wright, Psychometrika 65 (2000) 23.
 */
export function seriesCorrelation(
  left: Float64Array,
  right: Float64Array,
  confidence = 0.95,
): SeriesCorrelation | null {
  checkConfidence(confidence)
  const n = left.length
  if (n < 8 || left.some(Number.isNaN) || right.some(Number.isNaN)) return null
  const x = midRanks(left)
  const y = midRanks(right)
  const value = correlationOf(x, y)
  if (value === null) return null
  const memory = Math.max(0, lagOne(x) * lagOne(y))
  const effective = Math.min(n, Math.max(4, (n * (1 - memory)) / (1 + memory)))
  const bounded = Math.max(-0.999999, Math.min(0.999999, value))
  const z = Math.atanh(bounded)
  const margin = twoSidedZ(confidence) * Math.sqrt((1 + value ** 2 / 2) / (effective - 3))
  const t = bounded * Math.sqrt((effective - 2) / (1 - bounded ** 2))
  return {
    value,
    pValue: studentTSf(t, effective - 2),
    interval: { low: Math.tanh(z - margin), high: Math.tanh(z + margin), confidence },
  }
}

const lagOne = (values: Float64Array): number => correlationOf(values.slice(0, -1), values.slice(1)) ?? 0
