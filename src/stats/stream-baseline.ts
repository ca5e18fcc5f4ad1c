import { createSeasonProfile, expectBySeason, learnSeason, type SeasonProfile, shiftSeason } from './season-profile.ts'

/** What a stream is expected to be: a slow level, or the usual course of a day or a week where that has served better. */
export type Baseline = {
  readonly memory: number
  n: number
  level: number
  /** Mean absolute distance from the level, the daily and the weekly course; null until they can be told. */
  levelError: number
  readonly seasons: { readonly profile: SeasonProfile; error: number | null }[]
  /** The season in use; null: the level. */
  chosen: number | null
  /** Mean of the latest values, and how many values in a row it has been far from the level. */
  near: number
  away: number
  /** The errors as they were before that. */
  before: { readonly level: number; readonly seasons: readonly (number | null)[] }
  /** How far the latest value has moved the level and the seasons with it at once; 0 nearly always. */
  moved: number
  /** Sampling interval, from the first `INTERVALS` positive steps of time. */
  intervals: number[] | null
  lastAt: number
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const INTERVALS = 31
/** A season must be at least so much nearer to the values than what is simpler. */
const BETTER = 0.85
/** Steps from the level beyond this many mean distances move it no further. */
const CLIP = 4
/** Values more mean distances away than this count as this far, so that one absurd value is not remembered for long. */
const FARTHEST = 50
/** A level has moved when the mean of about NEAR values has been FAR mean distances away LASTS values in a row, after FEWEST. */
const NEAR = 40
const FAR = 3
const LASTS = 150
const FEWEST = 300

/** A baseline that knows nothing yet. `memory`: values over which the level forgets. */
export function createBaseline(memory: number): Baseline {
  return {
    memory,
    n: 0,
    level: 0,
    levelError: 0,
    seasons: [],
    chosen: null,
    near: 0,
    away: 0,
    before: { level: 0, seasons: [] },
    moved: 0,
    intervals: [],
    lastAt: Number.NaN,
  }
}

/** The usual course of the season in use at an instant, from earlier seasons alone; null where there is none. Constant time. */
export function expectInSeason({ seasons, chosen }: Baseline, at: number): number | null {
  return chosen === null || !Number.isFinite(at) ? null : expectBySeason(seasons[chosen].profile, at)
}

/** The value, or where it is absurdly far from the level, one that is merely very far. */
export function withinReach({ level, levelError, n }: Baseline, value: number): number {
  const most = n >= 30 && levelError > 0 ? FARTHEST * levelError : Number.POSITIVE_INFINITY
  return Math.min(level + most, Math.max(level - most, value))
}

/**
 * Learns a value (in place).
 *
 * The level is a mean with rate max(1/n, 1/memory) whose steps are clipped at four mean distances. Seasons are looked for when
 * the first 31 positive steps of time have a median of at most six hours (a day, in slots of at least five minutes) or one hour
 * (a week, in hours); each competes by its mean absolute error over the last `memory` values. A level that has lasted (the mean of
 * about 40 values three mean distances away, 150 values in a row) is taken over at once, and the seasons are moved with it.
 */
export function learnBaseline(baseline: Baseline, at: number, value: number): void {
  findInterval(baseline, at)
  const rate = Math.max(1 / (baseline.n + 1), 1 / baseline.memory)
  const gap = value - baseline.level
  const isSettled = baseline.n >= 30 && baseline.levelError > 0
  const size = Math.min(Math.abs(gap), isSettled ? FARTHEST * baseline.levelError : Number.POSITIVE_INFINITY)
  for (const season of Number.isFinite(at) ? baseline.seasons : []) {
    const expected = expectBySeason(season.profile, at)
    if (expected !== null) {
      const miss = Math.abs(value - expected)
      // A season begins as one that does not help, and has to show that it does.
      season.error ??= Math.max(baseline.levelError, miss)
      season.error += (miss - season.error) * rate
    }
    learnSeason(season.profile, at, value)
  }
  const most = CLIP * baseline.levelError
  const step = isSettled ? Math.min(most, Math.max(-most, gap)) : gap
  baseline.level += step * rate
  if (baseline.n > 0) baseline.levelError += (size - baseline.levelError) * rate
  baseline.n++
  followShift(baseline, value)
  baseline.chosen = chooseSeason(baseline)
}

/** Moves everything to a level that has lasted, instead of creeping there. */
function followShift(baseline: Baseline, value: number): void {
  const { level, levelError, seasons } = baseline
  baseline.near += (value - baseline.near) * Math.max(1 / baseline.n, 1 / NEAR)
  baseline.moved = 0
  if (baseline.n < FEWEST || !(Math.abs(baseline.near - level) > FAR * levelError)) {
    baseline.away = 0
    return
  }
  if (baseline.away++ === 0) baseline.before = { level: levelError, seasons: seasons.map(({ error }) => error) }
  if (baseline.away < LASTS) return
  baseline.away = 0
  baseline.moved = baseline.near - level
  baseline.level = baseline.near
  baseline.levelError = baseline.before.level
  seasons.forEach((season, i) => {
    shiftSeason(season.profile, baseline.moved)
    season.error = baseline.before.seasons[i] ?? season.error
  })
}

/** The shortest season that no longer one beats; the one in use keeps its place while it is any better than what is simpler. */
function chooseSeason({ seasons, chosen, levelError }: Baseline): number | null {
  let best: number | null = null
  let error = levelError
  for (let i = 0; i < seasons.length; i++) {
    const own = seasons[i].error
    if (own === null || own > (chosen !== null && i <= chosen ? 1 : BETTER) * error) continue
    best = i
    error = own
  }
  return best
}

function findInterval(baseline: Baseline, at: number): void {
  const { intervals, lastAt } = baseline
  if (intervals === null || !Number.isFinite(at)) return
  baseline.lastAt = at
  if (!(at > lastAt)) return
  intervals.push(at - lastAt)
  if (intervals.length < INTERVALS) return
  baseline.intervals = null
  const interval = intervals.sort((a, b) => a - b)[INTERVALS >> 1]
  if (interval <= 6 * HOUR)
    baseline.seasons.push({
      profile: createSeasonProfile(DAY, Math.min(288, Math.floor(DAY / interval))),
      error: null,
    })
  if (interval <= HOUR) baseline.seasons.push({ profile: createSeasonProfile(7 * DAY, 168), error: null })
}
