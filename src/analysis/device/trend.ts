import type { Channel } from '../../contract/device.ts'
import { limitCrossing } from '../../stats/limit-crossing.ts'
import { type LinearTrend, linearTrend } from '../../stats/linear-trend.ts'
import { median } from '../../stats/quantiles.ts'
import { theilSen } from '../../stats/theil-sen.ts'
import { type ChannelPoints, firstAtOrAfter } from './points.ts'

/** Parts into which a cycle is cut, and cycles that a trend needs. */
const phases = 24
const neededCycles = 2.9
const dayMs = 86_400_000

export interface ChannelTrend {
  /** Change per day, with its interval. */
  readonly slope: number
  readonly slopeInterval: readonly [number, number]
  /** Whether two methods agree that it rises or falls. */
  readonly isEstablished: boolean
  /** Buckets that it rests on. */
  readonly n: number
  readonly crossing: TrendCrossing | null
}

export type TrendCrossing =
  | { readonly kind: 'beyond' }
  | { readonly kind: 'not-approaching' }
  | { readonly kind: 'approaching'; readonly at: number; readonly earliestAt: number; readonly latestAt: number | null }

/**
 * Trend of a channel over whole cycles (days), and when it reaches the channel's limit if it goes on so; null where the points
 * cover less than about three cycles or too few parts of them: a warm morning is no trend.
 *
 * Medians of 24 parts a cycle are freed of the cycle: the slope from pairs of the same part alone (seasonal Kendall, robust)
 * gives each part's own level, which is taken off. A straight line through the rest, its interval widened for
 * autocorrelation and for the levels taken off, gives the slope; it is established where its interval excludes zero and
 * Theil and Sen's slope agrees in sign. The limit is met by the part of the cycle nearest to it, such as the hottest hour: the
 * crossing is that of the line moved to this part, with Fieller's interval (see `limitCrossing`), seen from `now`.
 * O(n log n + parts · cycles²). Source: Hirsch, Slack and Smith, Water Resources Research 18 (1982) 107.
 */
export function findTrend(
  points: ChannelPoints,
  limit: Channel['limit'],
  { cycleMs, confidence, now }: { readonly cycleMs: number; readonly confidence: number; readonly now: number },
): ChannelTrend | null {
  const buckets = bucketMedians(points, cycleMs / phases)
  const n = buckets.value.length
  if (n < 2 * phases || buckets.at[n - 1] - buckets.at[0] < (neededCycles - 1 / phases) * cycleMs) return null
  const seasonal = removeCycle(buckets, cycleMs)
  if (seasonal === null) return null
  const days = buckets.at.map((instant) => (instant - now) / dayMs)
  const fitted = linearTrend(days, seasonal.level, { confidence })
  const robust = theilSen(days, seasonal.level, { confidence })
  if (fitted.status === 'insufficient' || robust.status === 'insufficient') return null
  const line = widened(fitted, seasonal.parts)
  const { low, high } = line.slopeInterval
  const isEstablished = (low > 0 && robust.slope > 0) || (high < 0 && robust.slope < 0)
  return {
    slope: line.slope,
    slopeInterval: [low, high],
    isEstablished,
    n,
    crossing: limit === null ? null : crossingOf(line, limit, seasonal.effects, isEstablished, now),
  }
}

function crossingOf(
  line: LinearTrend,
  limit: NonNullable<Channel['limit']>,
  effects: Float64Array,
  isEstablished: boolean,
  now: number,
): TrendCrossing {
  const nearest = limit.direction === 'above' ? Math.max(...effects) : Math.min(...effects)
  const crossing = limitCrossing(line, limit.value - nearest, 0, limit.direction)
  if (crossing.kind !== 'approaching') return { kind: crossing.kind }
  if (!isEstablished) return { kind: 'not-approaching' }
  const instantOf = (days: number) => Math.round(now + days * dayMs)
  return {
    kind: 'approaching',
    at: instantOf(crossing.at),
    earliestAt: instantOf(crossing.earliestAt),
    latestAt: Number.isFinite(crossing.latestAt) ? instantOf(crossing.latestAt) : null,
  }
}

/** Median of each stretch of time that has points, at the middle of the stretch. */
function bucketMedians({ at, value }: ChannelPoints, bucketMs: number): ChannelPoints {
  const instants: number[] = []
  const medians: number[] = []
  for (let from = 0; from < at.length; ) {
    const bucket = Math.floor(at[from] / bucketMs)
    const to = from + firstAtOrAfter(at.subarray(from), (bucket + 1) * bucketMs)
    instants.push((bucket + 0.5) * bucketMs)
    medians.push(median(value.subarray(from, to)) ?? 0)
    from = Math.max(to, from + 1)
  }
  return { at: Float64Array.from(instants), value: Float64Array.from(medians) }
}

/** The series without its cycle, the cycle's effects about their middle, and how many parts of it there are. */
function removeCycle(
  { at, value }: ChannelPoints,
  cycleMs: number,
): { level: Float64Array; effects: Float64Array; parts: number } | null {
  const phaseOf = (instant: number) => Math.floor(((instant % cycleMs) * phases) / cycleMs)
  const members = Array.from({ length: phases }, (): number[] => [])
  at.forEach((instant, i) => {
    members[phaseOf(instant)].push(i)
  })
  const full = members.filter((part) => part.length >= 2)
  if (full.length < phases / 2) return null
  const slopes: number[] = []
  for (const part of full)
    for (let i = 1; i < part.length; i++)
      for (let j = 0; j < i; j++) slopes.push((value[part[i]] - value[part[j]]) / (at[part[i]] - at[part[j]]))
  const slope = median(Float64Array.from(slopes)) ?? 0
  const flat = value.map((x, i) => x - slope * (at[i] - at[0]))
  const medians = members.map((part) => (part.length === 0 ? Number.NaN : (median(part.map((i) => flat[i])) ?? 0)))
  const middle = median(medians) ?? 0
  const effects = medians.map((x) => x - middle)
  return {
    level: value.map((x, i) => x - effects[phaseOf(at[i])]),
    effects: Float64Array.from(effects.filter((x) => !Number.isNaN(x))),
    parts: members.filter((part) => part.length > 0).length,
  }
}

/** The same line with wider intervals: the levels of the parts were taken from the same points. */
function widened(line: LinearTrend, parts: number): LinearTrend {
  const factor = Math.sqrt((line.n - 2) / Math.max(1, line.n - 1 - parts))
  const { low, high } = line.slopeInterval
  return {
    ...line,
    residualDeviation: line.residualDeviation * factor,
    slopeInterval: {
      ...line.slopeInterval,
      low: line.slope - (line.slope - low) * factor,
      high: line.slope + (high - line.slope) * factor,
    },
  }
}
