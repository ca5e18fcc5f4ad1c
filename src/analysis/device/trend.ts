import type { Channel } from '../../contract/device.ts'
import { limitCrossing } from '../../stats/limit-crossing.ts'
import { type LinearTrend, linearTrend } from '../../stats/linear-trend.ts'
import { median } from '../../stats/quantiles.ts'
import { theilSen } from '../../stats/theil-sen.ts'
import { type ChannelPoints, firstAtOrAfter } from './points.ts'

/** Parts into which a cycle is cut, and cycles that a trend needs. */
const phases = 24
const neededCycles = 5
const dayMs = 86_400_000
/** Share of the whole slope that either half must show. */
const steadyShare = 1 / 3
/** How far ahead a line may be drawn, in lengths of what was seen. */
const furthestAhead = 2

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
 * cover less than about five cycles or too few parts of them: a warm morning is no trend.
 *
 * Medians of 24 parts a cycle are freed of the cycle: the slope from pairs of the same part alone (seasonal Kendall, robust)
 * gives each part's own level, which is taken off. A straight line through the rest gives the slope, its interval widened
 * for autocorrelation, for the levels taken off and for what wanders from cycle to cycle. It is established where the
 * interval excludes zero and either half of the time shows at least a third of it (Theil and Sen), so that a front of
 * bad weather is rarely one. The limit is met by the part of the cycle nearest to it, such as the hottest hour: the crossing
 * is that of the line moved to this part, with Fieller's interval (see `limitCrossing`), seen from `now`, and said only as far
 * ahead as twice the time that was seen.
 * O(n log n + parts · cycles²). Source: Hirsch, Slack and Smith, Water Resources Research 18 (1982) 107.
 */
export function findTrend(
  points: ChannelPoints,
  limit: Channel['limit'],
  { cycleMs, confidence, now }: { readonly cycleMs: number; readonly confidence: number; readonly now: number },
): ChannelTrend | null {
  const buckets = bucketMedians(points, cycleMs / phases)
  const n = buckets.value.length
  if (n < 2 * phases || buckets.at[n - 1] - buckets.at[0] < (neededCycles - 4 / phases) * cycleMs) return null
  const seasonal = removeCycle(buckets, cycleMs)
  if (seasonal === null) return null
  const days = buckets.at.map((instant) => (instant - now) / dayMs)
  const fitted = linearTrend(days, seasonal.level, { confidence })
  if (fitted.status === 'insufficient') return null
  const line = widened(
    fitted,
    Math.max(lostFreedom(fitted, seasonal.parts), slowWander(fitted, buckets.at, seasonal.level, cycleMs)),
  )
  const { low, high } = line.slopeInterval
  // Readings near the largest numbers there are have no finite line.
  if (![line.slope, low, high].every(Number.isFinite)) return null
  const isEstablished = (low > 0 || high < 0) && isSteady(days, seasonal.level, line.slope)
  return {
    slope: line.slope,
    slopeInterval: [low, high],
    isEstablished,
    n,
    crossing:
      limit === null
        ? null
        : crossingOf(line, limit, seasonal.effects, isEstablished, { now, furthest: -furthestAhead * days[0] }),
  }
}

/** Whether both halves rise (or fall) as the whole does, at a third of its slope at least, by Theil and Sen's slope. */
function isSteady(days: Float64Array, level: Float64Array, slope: number): boolean {
  const half = days.length >>> 1
  return [
    [0, half],
    [half, days.length],
  ].every(([from, to]) => {
    const part = theilSen(days.subarray(from, to), level.subarray(from, to))
    return part.status === 'ok' && part.slope * Math.sign(slope) >= steadyShare * Math.abs(slope)
  })
}

function crossingOf(
  line: LinearTrend,
  limit: NonNullable<Channel['limit']>,
  effects: Float64Array,
  isEstablished: boolean,
  { now, furthest }: { readonly now: number; readonly furthest: number },
): TrendCrossing {
  const nearest = limit.direction === 'above' ? Math.max(...effects) : Math.min(...effects)
  const crossing = limitCrossing(line, limit.value - nearest, 0, limit.direction)
  if (crossing.kind !== 'approaching') return { kind: crossing.kind }
  if (!isEstablished || crossing.at > furthest) return { kind: 'not-approaching' }
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

/** By how much intervals must grow because the levels of the parts were taken from the same points. */
function lostFreedom({ n }: LinearTrend, parts: number): number {
  return Math.sqrt((n - 2) / Math.max(1, n - 1 - parts))
}

/**
 * By how much they must grow because a channel wanders from day to day (weather), which neighbouring hours do not show: the slope's
 * interval from the medians of whole cycles against its own. Infinite where these cannot tell.
 */
function slowWander(line: LinearTrend, at: Float64Array, level: Float64Array, cycleMs: number): number {
  const cycles = bucketMedians({ at, value: level }, cycleMs)
  const slow = linearTrend(
    cycles.at.map((instant) => instant / dayMs),
    cycles.value,
    { confidence: line.confidence },
  )
  if (slow.status === 'insufficient') return Number.POSITIVE_INFINITY
  return widthOf(slow) / Math.max(widthOf(line), Number.MIN_VALUE)
}

const widthOf = ({ slopeInterval }: LinearTrend) => slopeInterval.high - slopeInterval.low

/** The same line with wider intervals. */
function widened(line: LinearTrend, factor: number): LinearTrend {
  const { low, high } = line.slopeInterval
  const by = Math.max(1, factor)
  return {
    ...line,
    residualDeviation: line.residualDeviation * by,
    slopeInterval: {
      ...line.slopeInterval,
      low: line.slope - (line.slope - low) * by,
      high: line.slope + (high - line.slope) * by,
    },
  }
}
