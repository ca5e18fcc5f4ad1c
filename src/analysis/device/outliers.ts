import { median, quantileSorted } from '../../stats/quantiles.ts'
import { hampelOutliers, MAD_TO_SIGMA } from '../../stats/robust.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import type { ChannelPoints } from './points.ts'

/** More outliers in a row than this are an event, not outliers: a lamp that was on, a door that stood open. */
const longestBurst = 3
/** Share of the range in which nearly all readings lie that a step may have without standing out. */
const stepShare = 0.02

export interface Outlier {
  readonly at: number
  readonly value: number
  /** Distance from the median of the window around it, in robust standard deviations. */
  readonly score: number
}

/**
 * Readings that stand alone: at least `threshold` robust deviations from the median of the window of readings around them, and
 * no more than three in a row.
 *
 * The deviation is 1.4826 · MAD of the window, but never less than the channel's usual step from reading to reading, nor than
 * 2 % of the range of its middle 90 %: in a flat stretch any other value would stand out. A channel that never changes has
 * no outliers. O(n · window).
 */
export function findOutliers(
  points: ChannelPoints,
  { window, threshold }: { readonly window: number; readonly threshold: number },
): Outlier[] {
  const { at, value } = points
  if (value.length < window) return []
  const sorted = sortSample(value).values
  const range = (quantileSorted(sorted, 0.95) ?? 0) - (quantileSorted(sorted, 0.05) ?? 0)
  const minDeviation = Math.max(stepDeviation(value), stepShare * range)
  if (!(minDeviation > 0)) return []
  const { outliers, scores } = hampelOutliers(value, { window, side: 'centred', threshold, minDeviation })
  const found: Outlier[] = []
  for (let i = 0; i < outliers.length; ) {
    let next = i + 1
    while (next < outliers.length && outliers[next] === outliers[next - 1] + 1) next++
    if (next - i <= longestBurst)
      for (const index of outliers.subarray(i, next))
        found.push({ at: at[index], value: value[index], score: scores[index] })
    i = next
  }
  return found
}

/** Robust standard deviation of the noise, from successive differences: slow changes do not count. 0 below two values. */
export function stepDeviation(values: Float64Array): number {
  if (values.length < 2) return 0
  const steps = new Float64Array(values.length - 1)
  for (let i = 1; i < values.length; i++) steps[i - 1] = Math.abs(values[i] - values[i - 1])
  return (MAD_TO_SIGMA * (median(steps) ?? 0)) / Math.SQRT2
}
