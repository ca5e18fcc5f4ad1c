import type { Channel } from '../../contract/device.ts'
import type { Window } from '../../contract/primitives.ts'
import { median } from '../../stats/quantiles.ts'
import type { ParametersOf } from '../parameters.ts'
import type { Span } from './gaps.ts'
import { type ChannelPoints, firstAtOrAfter, pointsBetween } from './points.ts'
import { jitterOf } from './rhythm.ts'

/**
 * The channel that a broker's last will and a birth certificate set, 1 or 0: what others say of the device. It is no reading, since
 * it also comes when the device is gone.
 */
export const presenceChannel = 'online'

/** Steps between readings that usually differ by more than this share of the usual one are no rhythm. */
const steady = 0.25
/** Readings of a channel without a rhythm from which its longest silence says something, and how many times that is too long. */
const fewestEvents = 3
const eventFactor = 2

export interface Liveness {
  /** Newest reading before the end; null where none is known. */
  readonly lastAt: number | null
  readonly silentForMs: number | null
  /** Silence that is still usual for the device as it reported last; null where its rhythm is not known. */
  readonly allowedMs: number | null
  readonly isSilent: boolean
  /** Times that it went and came back in the window; null where neither a rhythm nor a last will tells. */
  readonly flaps: number | null
}

interface Pace {
  readonly at: Float64Array
  /** Silence that is usual, ms; null where it is not known. */
  readonly allowedMs: number | null
}

/**
 * Whether a device reports, by its own rhythm. A channel may be silent for `gapFactor` times its declared rhythm, else the median
 * of its own steps where these are steady. The device is silent when no channel reports for longer than the quickest of the channels
 * that reported until then may: a quick channel that died long before makes no silence of the device. Only where no channel has a
 * rhythm, twice the longest silence that a channel has had (of at least three readings) is too long.
 *
 * `flaps` counts goings and comings in the window: ends of silences and beginnings, or changes of the channel `online`, whichever
 * are more, as a last will and a silence tell of the same. O(points).
 */
export function findLiveness(
  specs: readonly Channel[],
  channels: ReadonlyMap<string, ChannelPoints>,
  { window, now }: { readonly window: Window; readonly now: number },
  { gapFactor }: Pick<ParametersOf<'device'>, 'gapFactor'>,
): Liveness {
  const end = Math.min(window.to, now)
  const declared = new Map(specs.map((spec) => [spec.name, spec.expectedEveryMs]))
  const readings = [...channels].flatMap(([name, points]) => {
    const { at } = pointsBetween(points, Number.NEGATIVE_INFINITY, window.to)
    return name === presenceChannel || at.length === 0 ? [] : [{ at, declaredMs: declared.get(name) ?? null }]
  })
  const presence = channels.get(presenceChannel)
  const switches = presence === undefined ? null : switchesIn(presence, { from: window.from, to: end })
  if (readings.length === 0)
    return { lastAt: null, silentForMs: null, allowedMs: null, isSilent: false, flaps: switches }
  const paces = pacesOf(readings, gapFactor)
  const lastAt = Math.max(...readings.map(({ at }) => at[at.length - 1]))
  const allowedMs = allowedAt(paces, lastAt)
  const silentForMs = Math.max(0, end - lastAt)
  const silences = allowedMs === null ? null : silencesOf(paces, window.from, end)
  const turns = silences?.reduce(
    (count, { from, to }) => count + (from >= window.from ? 1 : 0) + (to < end && to >= window.from ? 1 : 0),
    0,
  )
  return {
    lastAt,
    silentForMs,
    allowedMs,
    isSilent: allowedMs !== null && silentForMs > allowedMs,
    flaps: turns === undefined ? switches : Math.max(turns, switches ?? 0),
  }
}

function pacesOf(
  readings: readonly { readonly at: Float64Array; readonly declaredMs: number | null }[],
  gapFactor: number,
): Pace[] {
  const paces = readings.map(({ at, declaredMs }): Pace => {
    const everyMs = declaredMs ?? ownRhythm(at)
    return { at, allowedMs: everyMs === null ? null : everyMs * gapFactor }
  })
  if (paces.some(({ allowedMs }) => allowedMs !== null)) return paces
  return paces.map(({ at }) => ({
    at,
    allowedMs: at.length < fewestEvents ? null : longestStep(at) * eventFactor || null,
  }))
}

function ownRhythm(at: Float64Array): number | null {
  const jitter = jitterOf(at)
  if (jitter === null || jitter > steady) return null
  return median(Float64Array.from({ length: at.length - 1 }, (_, i) => at[i + 1] - at[i]))
}

function longestStep(at: Float64Array): number {
  let longest = 0
  for (let i = 1; i < at.length; i++) longest = Math.max(longest, at[i] - at[i - 1])
  return longest
}

/** The least that a channel that was still reporting at an instant may be silent. */
function allowedAt(paces: readonly Pace[], instant: number): number | null {
  let least: number | null = null
  for (const { at, allowedMs } of paces) {
    const before = firstAtOrAfter(at, instant + 1) - 1
    if (allowedMs === null || before < 0 || instant - at[before] > allowedMs) continue
    if (least === null || allowedMs < least) least = allowedMs
  }
  // The newest reading is of a channel without a rhythm: those with one had all ended before.
  if (least !== null) return least
  const known = paces.flatMap(({ allowedMs }) => allowedMs ?? [])
  return known.length === 0 ? null : Math.max(...known)
}

/** Silences of all channels together that are longer than the device may be silent, the one at the end included. */
function silencesOf(paces: readonly Pace[], from: number, end: number): Span[] {
  const shortest = Math.min(...paces.flatMap(({ allowedMs }) => allowedMs ?? []))
  let common: Span[] = [{ from: Number.NEGATIVE_INFINITY, to: end }]
  for (const { at } of paces) common = overlaps(common, stepsLongerThan(at, shortest, from, end))
  return common.filter((span) => {
    if (!Number.isFinite(span.from)) return false
    const allowedMs = allowedAt(paces, span.from)
    return allowedMs !== null && span.to - span.from > allowedMs
  })
}

/** From the last reading before the window on; before the first reading is silence, too. */
function stepsLongerThan(at: Float64Array, longest: number, from: number, end: number): Span[] {
  const first = Math.max(0, firstAtOrAfter(at, from) - 1)
  const spans: Span[] = []
  let last = Number.NEGATIVE_INFINITY
  for (let i = first; i < at.length && at[i] < end; i++) {
    if (at[i] - last > longest) spans.push({ from: last, to: at[i] })
    last = at[i]
  }
  if (end - last > longest) spans.push({ from: last, to: end })
  return spans
}

function overlaps(left: readonly Span[], right: readonly Span[]): Span[] {
  const common: Span[] = []
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const [from, to] = [Math.max(left[i].from, right[j].from), Math.min(left[i].to, right[j].to)]
    if (from < to) common.push({ from, to })
    if (left[i].to < right[j].to) i++
    else j++
  }
  return common
}

/** Changes between 0 and anything else in a window, the value before it included. */
function switchesIn({ at, value }: ChannelPoints, { from, to }: Window): number {
  const first = firstAtOrAfter(at, from)
  let count = 0
  for (let i = Math.max(1, first); i < at.length && at[i] < to; i++)
    if ((value[i] === 0) !== (value[i - 1] === 0)) count++
  return count
}
