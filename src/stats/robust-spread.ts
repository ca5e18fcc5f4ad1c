import { MAD_TO_SIGMA, robustCentre } from './robust.ts'

/**
 * A width that most values share, never zero: the median absolute deviation as a standard deviation; where more than half of the values are
 * alike, a quarter of the range; 1 for a constant or an empty sample. NaN and infinities are left out. O(n log n).
 */
export function robustSpread(values: ArrayLike<number>): number {
  const finite = Float64Array.from(values).filter(Number.isFinite)
  const mad = (robustCentre(finite)?.mad ?? 0) * MAD_TO_SIGMA
  if (mad > 0) return mad
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of finite) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return high > low ? (high - low) / 4 : 1
}
