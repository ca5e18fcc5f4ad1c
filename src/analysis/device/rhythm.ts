import { median } from '../../stats/quantiles.ts'

const fewest = 30

/** How far the steps between readings usually lie from the declared rhythm, as a share of it (median); null below 30 steps. O(n). */
export function jitterOf(at: Float64Array, everyMs: number): number | null {
  if (at.length <= fewest) return null
  return median(Float64Array.from({ length: at.length - 1 }, (_, i) => Math.abs(at[i + 1] - at[i] - everyMs) / everyMs))
}
