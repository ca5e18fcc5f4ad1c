import { median, quantileSorted } from '../../stats/quantiles.ts'
import { sortSample } from '../../stats/sorted-sample.ts'
import { stepDeviation } from './outliers.ts'
import type { ChannelPoints } from './points.ts'

export interface Shift {
  readonly at: number
  /** Median levels. */
  readonly before: number
  readonly after: number
}

export interface ShiftOptions {
  readonly threshold: number
  readonly confirmation: number
  readonly settling: number
  readonly cycleMs: number
}

/** Share of a cycle that the points must cover. */
const neededCycle = 0.9
/** Share of readings that may lie in the old band. */
const strayShare = 0.05
/** How unlike the noise of both sides may be. */
const noiseFactor = 8
/** How many times its usual range a channel must move. */
const rangeFactor = 1.5
/** Share of the change that may happen before or after it. */
const rampShare = 0.15
/** Most places that are looked at closely. */
const maxCandidates = 200
/** Windows into which a series is cut at most. */
const mostWindows = 5000

/**
 * Sudden changes of level that last, as a knock leaves them: null where the points cover less than 0.9 of a cycle, too
 * little to tell a change from dusk.
 *
 * A change is claimed where all of this holds:
 * - the levels (medians) before and after differ by `threshold` times the noise, and by 1.5 times the range in which nine
 *   tenths of the readings of either side lie, the course of the day included;
 * - it is sudden: the readings next to it are already at the levels (to within 0.15 of the change), so that ramps are none;
 * - from there to the end, 95 % of the readings lie beyond the 99 % of all that was before: over a whole cycle that excludes
 *   whatever comes back every day;
 * - both sides are noisy, and about equally so: a lamp that is switched on changes its noise as well, a state has none.
 * At least `confirmation` readings are needed on each side, after `settling` readings that are not looked at. What changes by
 * less than its daily range is not seen. O(n log n).
 */
export function findShifts(points: ChannelPoints, options: ShiftOptions): Shift[] | null {
  const { at, value } = points
  const n = value.length
  const { confirmation, settling } = options
  if (n < 2 * confirmation + settling || at[n - 1] - at[0] < neededCycle * options.cycleMs) return null
  const candidates = findCandidates(value, options)
  const shifts: Shift[] = []
  let from = 0
  candidates.forEach((t, i) => {
    const next = candidates[i + 1] ?? n
    const start = t + settling
    if (t - from < confirmation || Math.max(next, Math.min(n, start + confirmation)) - start < confirmation) return
    // Most candidates come back within the day, which is quickly seen.
    const near = {
      before: median(value.subarray(t - confirmation, t)) ?? 0,
      after: median(value.subarray(start, start + confirmation)) ?? 0,
    }
    if (countStrays(value.subarray(start), near.before, near.after > near.before) > strayShare * (n - start)) return
    const before = value.subarray(from, t)
    const after = value.subarray(start, Math.max(next, start + confirmation))
    const levels = compareLevels(before, after, options)
    if (levels === null || !staysBeyond(value.subarray(0, t), value.subarray(start), levels)) return
    shifts.push({ at: at[t], ...levels })
    from = start
  })
  return shifts
}

/**
 * Where the medians of a window before and one after differ most, and by more than noise; ascending. Long series are searched in
 * wider windows, but for their end, where a change may be young.
 */
function findCandidates(value: Float64Array, { threshold, confirmation }: ShiftOptions): number[] {
  const noise = stepDeviation(value)
  if (!(noise > 0)) return []
  const wide = Math.max(confirmation, Math.ceil(value.length / mostWindows))
  const end = Math.max(0, value.length - 8 * wide)
  const places = [
    ...jumps(value, 0, wide, threshold * noise),
    ...(wide > confirmation ? jumps(value, end, confirmation, threshold * noise) : []),
  ].sort((a, b) => b.jump - a.jump || a.t - b.t)
  const kept: { t: number; width: number }[] = []
  for (const { t, width } of places) {
    if (kept.length >= maxCandidates) break
    if (kept.every((other) => Math.abs(other.t - t) >= Math.min(width, other.width))) kept.push({ t, width })
  }
  return kept.map(({ t, width }) => sharpen(value, t, width)).sort((a, b) => a - b)
}

function jumps(value: Float64Array, from: number, width: number, least: number) {
  const found: { t: number; jump: number; width: number }[] = []
  const step = Math.max(1, Math.floor(width / 4))
  for (let t = from + width; t + width <= value.length; t += step) {
    const jump = Math.abs((median(value.subarray(t, t + width)) ?? 0) - (median(value.subarray(t - width, t)) ?? 0))
    if (jump > least) found.push({ t, jump, width })
  }
  return found
}

/** The place near t from which on the readings lie on the new side: where the running sum about the middle turns. */
function sharpen(value: Float64Array, t: number, width: number): number {
  const from = Math.max(0, t - width)
  const to = Math.min(value.length, t + width)
  const before = median(value.subarray(from, t)) ?? 0
  const after = median(value.subarray(t, to)) ?? 0
  const middle = (before + after) / 2
  const sign = after > before ? 1 : -1
  let sum = 0
  let lowest = 0
  let place = from
  for (let i = from; i < to; i++) {
    // One wild reading counts no more than a whole step.
    sum += Math.max(-1, Math.min(1, (2 * sign * (value[i] - middle)) / Math.abs(after - before)))
    if (sum < lowest) {
      lowest = sum
      place = i + 1
    }
  }
  return place
}

function compareLevels(
  before: Float64Array,
  after: Float64Array,
  { threshold, confirmation }: ShiftOptions,
): { before: number; after: number } | null {
  const [noiseBefore, noiseAfter] = [stepDeviation(before), stepDeviation(after)]
  if (!(noiseBefore > 0 && noiseAfter > 0)) return null
  const noise = Math.max(noiseBefore, noiseAfter)
  if (noise > noiseFactor * Math.min(noiseBefore, noiseAfter)) return null
  const levels = { before: median(before) ?? 0, after: median(after) ?? 0 }
  const jump = Math.abs(levels.after - levels.before)
  if (jump <= threshold * noise || jump <= rangeFactor * Math.max(middleRange(before), middleRange(after))) return null
  // Right next to the change, and a little further off.
  const edge = confirmation >>> 1
  const distance = (near: Float64Array, far: Float64Array) => Math.abs((median(near) ?? 0) - (median(far) ?? 0))
  const n = before.length
  const isSudden =
    distance(before.subarray(n - edge), before.subarray(Math.max(0, n - 3 * confirmation), n - edge)) <=
      rampShare * jump && distance(after.subarray(0, edge), after.subarray(edge, 3 * confirmation)) <= rampShare * jump
  return isSudden ? levels : null
}

/** The range in which nine tenths of the values lie. */
function middleRange(values: Float64Array): number {
  const sorted = sortSample(values).values
  return (quantileSorted(sorted, 0.95) ?? 0) - (quantileSorted(sorted, 0.05) ?? 0)
}

function staysBeyond(
  past: Float64Array,
  rest: Float64Array,
  { before, after }: { readonly before: number; readonly after: number },
): boolean {
  const isUp = after > before
  const edge = quantileSorted(sortSample(past).values, isUp ? 0.99 : 0.01) ?? before
  return countStrays(rest, edge, isUp) <= strayShare * rest.length
}

/** Values that are not beyond an edge. */
function countStrays(values: Float64Array, edge: number, isUp: boolean): number {
  let strays = 0
  for (let i = 0; i < values.length; i++) if (isUp ? values[i] <= edge : values[i] >= edge) strays++
  return strays
}
