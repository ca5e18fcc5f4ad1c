import type { Channel } from '../../contract/device.ts'
import type { Window } from '../../contract/primitives.ts'
import { median } from '../../stats/quantiles.ts'
import { robustCentre } from '../../stats/robust.ts'
import { streamAnomalyParameters } from '../../stats/stream-anomaly.ts'
import type { ParametersOf } from '../parameters.ts'
import { scoreStream } from './anomalies.ts'
import { anomaliesIn, type WindowAnomalies } from './describe-anomalies.ts'
import { findGaps, type Span } from './gaps.ts'
import { findOutliers, type Outlier } from './outliers.ts'
import { type ChannelPoints, finitePoints, firstAtOrAfter, pointsBetween } from './points.ts'
import { findReplayed } from './replay.ts'
import { type Coarser, findCoarser } from './resolution.ts'
import { jitterOf } from './rhythm.ts'
import { findShifts, type Shift } from './shifts.ts'
import { findStuck, type StuckSpan } from './stuck.ts'
import { type ChannelTrend, findTrend } from './trend.ts'

/** Everything that was found out about one channel; null where it cannot or need not be told. */
export interface ChannelFacts {
  readonly spec: Channel
  /** Readings in the window, infinite ones included. */
  readonly n: number
  readonly last: { readonly at: number; readonly value: number } | null
  readonly centre: { readonly median: number; readonly mad: number } | null
  readonly gaps: readonly Span[] | null
  readonly stuck: readonly StuckSpan[] | null
  /** Infinite readings, and where a range is declared those beyond it. */
  readonly outOfRange: number
  readonly outliers: readonly Outlier[] | null
  readonly shifts: readonly Shift[] | null
  readonly trend: ChannelTrend | null
  /** Null with too few readings to know what is usual. */
  readonly anomalies: WindowAnomalies | null
  /** Null unless it takes far fewer different values than before the window. */
  readonly coarser: Coarser | null
  /** Readings of the window that repeat an earlier stretch (`findReplayed`). */
  readonly replayed: number
  /** Null without a declared rhythm or with too few readings. */
  readonly jitter: number | null
}

export interface ChannelQuestion {
  readonly window: Window
  readonly now: number
  /** From here the channel may be expected to report. */
  readonly knownFrom: number
}

/** Steps between readings that are longer than this many usual ones are silence, where no rhythm is declared. */
const silenceFactor = 10
/** Readings that are scored at most, the newest. */
const mostScored = 300_000

/**
 * Looks at one channel. Points before the window are context: changes of level and trends are looked for in all points, runs of the
 * same value count when they reach into the window, all else is of the window alone. O(n log n).
 */
export function examineChannel(
  spec: Channel,
  all: ChannelPoints,
  { window, now, knownFrom }: ChannelQuestion,
  parameters: ParametersOf<'device'>,
): ChannelFacts {
  const until = pointsBetween(all, Number.NEGATIVE_INFINITY, window.to)
  const inWindow = pointsBetween(until, window.from, window.to)
  const isSound = (value: number) =>
    Number.isFinite(value) && (spec.range === null || (value >= spec.range[0] && value <= spec.range[1]))
  let outOfRange = 0
  let n = 0
  for (const value of inWindow.value) {
    if (Number.isNaN(value)) continue
    n++
    if (!isSound(value)) outOfRange++
  }
  const usable = finitePoints(until)
  const recent = pointsBetween(usable, window.from, window.to)
  const count = recent.value.length
  const stuck = findStuckSpans(spec, usable, parameters)
  const sound = soundPoints(usable, isSound, stuck ?? [])
  const shifts = findShifts(sound, {
    threshold: parameters.shiftThreshold,
    confirmation: parameters.shiftConfirmation,
    settling: parameters.shiftSettling,
    cycleMs: parameters.cycleMs,
  })
  const lastShift = shifts?.at(-1)
  const steady = lastShift === undefined ? sound : pointsBetween(sound, lastShift.at, Number.POSITIVE_INFINITY)
  return {
    spec,
    n,
    last: count === 0 ? null : { at: recent.at[count - 1], value: recent.value[count - 1] },
    centre: robustCentre(recent.value),
    gaps:
      spec.expectedEveryMs === null
        ? null
        : findGaps(inWindow, {
            everyMs: spec.expectedEveryMs,
            factor: parameters.gapFactor,
            // A device that was recorded later than its first readings was there all the same.
            from: Math.max(window.from, Math.min(knownFrom, until.at[0] ?? knownFrom)),
            to: Math.min(window.to, now),
          }),
    stuck: stuck?.filter(({ to }) => to >= window.from) ?? null,
    outOfRange,
    outliers:
      count < parameters.outlierWindow
        ? null
        : findOutliers(soundPoints(withNeighbours(usable, window.from, parameters.outlierWindow), isSound, []), {
            window: parameters.outlierWindow,
            threshold: parameters.outlierThreshold,
          }).filter(({ at }) => at >= window.from),
    shifts,
    trend: findTrend(steady, spec.limit, { cycleMs: parameters.cycleMs, confidence: parameters.confidence, now }),
    anomalies: findAnomalies(usable, window),
    coarser: findCoarser(pointsBetween(usable, Number.NEGATIVE_INFINITY, window.from), recent),
    replayed: findReplayed(usable).reduce(
      (sum, { from, to }) => sum + pointsBetween(recent, from, to + 1).at.length,
      0,
    ),
    jitter: spec.expectedEveryMs === null ? null : jitterOf(recent.at),
  }
}

function findAnomalies({ at, value }: ChannelPoints, window: Window): WindowAnomalies | null {
  if (at.length <= streamAnomalyParameters.warmUp) return null
  const newest = { at: at.subarray(-mostScored), value: value.subarray(-mostScored) }
  return anomaliesIn(newest.at, scoreStream(newest), window)
}

export function findStuckSpans(
  spec: Channel,
  points: ChannelPoints,
  parameters: ParametersOf<'device'>,
): StuckSpan[] | null {
  if (spec.stuckAfterMs === null) return null
  const tolerance = Object.hasOwn(parameters.stuckTolerance, spec.name) ? parameters.stuckTolerance[spec.name] : 0
  const longestGapMs =
    spec.expectedEveryMs === null ? silenceFactor * usualStep(points) : spec.expectedEveryMs * parameters.gapFactor
  return findStuck(points, { afterMs: spec.stuckAfterMs, tolerance, longestGapMs })
}

function usualStep({ at }: ChannelPoints): number {
  if (at.length < 2) return 0
  return median(Float64Array.from({ length: at.length - 1 }, (_, i) => at[i + 1] - at[i])) ?? 0
}

/** The points from an instant on, and as many before it. */
function withNeighbours({ at, value }: ChannelPoints, from: number, count: number): ChannelPoints {
  const first = Math.max(0, firstAtOrAfter(at, from) - count)
  return { at: at.subarray(first), value: value.subarray(first) }
}

/** Readings that a healthy sensor can have sent. */
function soundPoints(
  { at, value }: ChannelPoints,
  isSound: (value: number) => boolean,
  stuck: readonly StuckSpan[],
): ChannelPoints {
  const keep = new Uint8Array(at.length)
  let span = 0
  for (let i = 0; i < at.length; i++) {
    while (span < stuck.length && stuck[span].to < at[i]) span++
    const isStuck = span < stuck.length && at[i] >= stuck[span].from
    keep[i] = isSound(value[i]) && !isStuck ? 1 : 0
  }
  if (keep.every((kept) => kept === 1)) return { at, value }
  return { at: at.filter((_, i) => keep[i] === 1), value: value.filter((_, i) => keep[i] === 1) }
}
