import { type LinearTrend, predictTrend } from './linear-trend.ts'
import { studentTQuantile } from './student-t-distribution.ts'

/** When a trend reaches a limit. */
export type LimitCrossing =
  /** The line is at or beyond the limit already. */
  | { readonly kind: 'beyond' }
  /** The line stays level, moves away, or its direction is not established at the fit's confidence. */
  | { readonly kind: 'not-approaching' }
  /**
   * The line gets there at `at`; the data allow `earliestAt` to `latestAt`. `latestAt` is never null here, as the slope's
   * interval excludes zero.
   */
  | { readonly kind: 'approaching'; readonly at: number; readonly earliestAt: number; readonly latestAt: number }

/**
 * When a fitted line reaches `limit`, seen from `from` (usually now), with the interval of that instant.
 *
 * `side` says which side of the limit is harmful: `above` for a temperature that must stay below. The interval holds all x
 * at which the limit lies inside the line's confidence band: the roots of (level + slope·d − limit)² = t²s²(1/n + d²/Sxx),
 * cut off at `from`. It speaks of the line, not of single noisy points, and only as far as the line stays straight.
 * Source: Fieller, J. R. Statist. Soc. B 16 (1954) 175.
 */
export function limitCrossing(trend: LinearTrend, limit: number, from: number, side: 'above' | 'below'): LimitCrossing {
  const now = predictTrend(trend, from).value
  if (side === 'above' ? now >= limit : now <= limit) return { kind: 'beyond' }
  const { low, high } = trend.slopeInterval
  if (side === 'above' ? !(low > 0) : !(high < 0)) return { kind: 'not-approaching' }
  const t = studentTQuantile((1 + trend.confidence) / 2, trend.degreesOfFreedom)
  const noise = (t * trend.residualDeviation) ** 2 * trend.inflation
  // a d² + 2 b d + c = 0 in d = x − meanX; a > 0 because the slope's interval excludes zero.
  const gap = trend.level - limit
  const a = trend.slope ** 2 - noise / trend.spreadX
  const b = trend.slope * gap
  const c = gap * gap - noise / trend.n
  const root = Math.sqrt(Math.max(0, b * b - a * c))
  return {
    kind: 'approaching',
    at: trend.meanX - gap / trend.slope,
    earliestAt: Math.max(from, trend.meanX + (-b - root) / a),
    latestAt: trend.meanX + (-b + root) / a,
  }
}
