import { DEFAULT_STORY, type Story } from '../park/story.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const startOfDay = (at: number) => Math.floor(at / DAY_MS) * DAY_MS

interface Span {
  readonly from: number
  readonly to: number
}

/** The month before the console was first opened, and what the first models were made from; instants in epoch ms. */
export interface Calendar {
  readonly history: Span
  /** Frames that the first models were trained on, tested on and are compared with. */
  readonly training: Span
  readonly test: Span
  readonly reference: Span
  /** One night without lamps: drift, and a little harm. Null in a history of few days. */
  readonly darkDay: Span | null
  /** A humidity sensor that stood still for hours. */
  readonly stuckHumidity: Span | null
}

export function calendarOf(now: number, days: number): Calendar {
  const from = now - days * DAY_MS
  const daysBack = (count: number) => startOfDay(now - count * DAY_MS)
  const stuckFrom = daysBack(6) + 9 * HOUR_MS
  return {
    history: { from, to: now },
    training: { from: from - 14 * DAY_MS, to: from - 6 * DAY_MS },
    test: { from: from - 6 * DAY_MS, to: from - 4 * DAY_MS },
    reference: { from: from - 4 * DAY_MS, to: from },
    darkDay: days >= 14 ? { from: daysBack(12), to: daysBack(11) } : null,
    stuckHumidity: days >= 8 ? { from: stuckFrom, to: stuckFrom + 7 * HOUR_MS } : null,
  }
}

const within = (span: Span | null, at: number) => span !== null && at >= span.from && at < span.to

/** The story of an instant of history: calm but for the dark day. */
export const storyOfHistory = ({ darkDay }: Calendar, at: number): Story =>
  darkDay !== null && within(darkDay, at) ? { ...DEFAULT_STORY, nightPenaltyFrom: darkDay.from } : DEFAULT_STORY

/** Where a reading of the humidity comes from: the sensor stood still, so the same value again. */
export const humidityReadAt = ({ stuckHumidity }: Calendar, at: number): number =>
  stuckHumidity !== null && within(stuckHumidity, at) ? stuckHumidity.from : at
