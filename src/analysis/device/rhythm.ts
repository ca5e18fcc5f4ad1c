import { median } from '../../stats/quantiles.ts'

const fewest = 30

/** How far the steps between readings usually lie from the usual step, as a share of it (medians); null below 30 steps. O(n). */
export function jitterOf(at: Float64Array): number | null {
  if (at.length <= fewest) return null
  const steps = Float64Array.from({ length: at.length - 1 }, (_, i) => at[i + 1] - at[i])
  const usual = median(steps) ?? 0
  return usual > 0 ? median(steps.map((step) => Math.abs(step - usual) / usual)) : null
}
