import { computeMoments, meanOf, standardDeviationOf } from './moments.ts'
import { insufficient, type Outcome } from './outcome.ts'

export type ControlLimits = { readonly low: number; readonly high: number; readonly centre: number; readonly n: number }

/**
 * Limits mean ± width · standard deviation (divisor n) of a measure over chunks of a reference, cut to [lowest, highest].
 *
 * The rule of thumb of charts and of several tools. It promises no rate of false alarms: with few chunks the deviation is itself
 * uncertain, and the ends of a measure's range cut it. NaN and infinities are left out. `insufficient` below two values. O(n).
 * Source: Shewhart, Economic Control of Quality (1931).
 */
export function controlLimits(
  values: ArrayLike<number>,
  { width = 3, lowest = Number.NEGATIVE_INFINITY, highest = Number.POSITIVE_INFINITY } = {},
): Outcome<ControlLimits> {
  const moments = computeMoments(values)
  const centre = meanOf(moments)
  const deviation = standardDeviationOf(moments, 0)
  if (moments.n < 2 || centre === null || deviation === null) return insufficient('too-few', moments.n, 2)
  const low = Math.max(lowest, centre - width * deviation)
  const high = Math.min(highest, centre + width * deviation)
  return { status: 'ok', low, high, centre, n: moments.n }
}
