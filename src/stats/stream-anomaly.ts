import { type AlarmGate, createAlarmGate, mostSurprise, tellAlarm } from './alarm-gate.ts'
import { type Baseline, createBaseline, expectInSeason, learnBaseline, withinReach } from './stream-baseline.ts'
import { createCourse, type StreamCourse, updateCourse } from './stream-course.ts'
import { copyTail, createTail, learnTail, surpriseOf, type Tail, valueOfSurprise } from './tail-surprise.ts'

/** Statistics of a stream, each with its own memory of what is usual for it. */
const aspects = ['step', 'above', 'below', 'lasting', 'long', 'season', 'course', 'unrest', 'calm', 'repeat'] as const
/** Those that are judged against the level. */
const ofLevel = ['above', 'below', 'lasting', 'long'] as const
export type Aspect = (typeof aspects)[number]

/**
 * The same for every stream, chosen by trial over made-up streams of many kinds with known faults. All lengths count values.
 */
export const streamAnomalyParameters = {
  /** Values until the means have settled; their statistics are not learned. */
  settle: 50,
  /** Values that are only learned from. */
  warmUp: 100,
  /** Values after which surprise counts in full. */
  fullAfter: 400,
  /** Values in a season after which its surprise counts in full. */
  seasonFullAfter: 300,
  /** Memory of what is usual. */
  memory: 8000,
  levelMemory: 1500,
  /** How far back the course is compared. */
  reach: 1000,
  /** Effective lengths of the means of recent deviations, and of the mean size of steps. */
  recent: 6,
  lasting: 48,
  long: 200,
  unrest: 30,
  /** Several aspects together: share · (Σ surprise³)^⅓. */
  share: 0.85,
} as const

/** Values beyond this are taken for it, so that differences and sums stay finite. */
const LARGEST = 1e150

/** State of a detector for one stream; plain data of constant size (about 200 kB). */
export type StreamAnomaly = AlarmGate & {
  n: number
  hasVaried: boolean
  previous: number
  run: number
  readonly baseline: Baseline
  readonly course: StreamCourse
  previousBaseline: number
  /** Fading means of the deviations from the level, and from the season in use. */
  recent: number
  lasting: number
  long: number
  season: number
  /** Values since the season in use was chosen. */
  inSeason: number
  smooth: number
  /** Mean absolute errors of three one-step forecasts: the last value, the smoothed one, the baseline's course. */
  readonly forecastErrors: [number, number, number]
  shortUnrest: number
  longUnrest: number
  readonly tails: Record<Aspect, Tail>
  /** Those of the level as they were when the latest values left it. */
  kept: readonly Tail[]
  /** The statistic that was most surprising at the latest value; null when none was, or when the value was infinite. */
  aspect: Aspect | null
  /** What the latest value was expected to be near: the level, and the season's usual value where one is in use. */
  level: number
  expected: number
}

const tailOf = (aspect: Aspect) => createTail(streamAnomalyParameters.memory, aspect === 'repeat' ? 0.5 : 0.02)

/** A detector that has seen nothing. */
export function createStreamAnomaly(): StreamAnomaly {
  const { levelMemory, reach } = streamAnomalyParameters
  return {
    ...createAlarmGate(),
    n: 0,
    hasVaried: false,
    previous: 0,
    run: 0,
    baseline: createBaseline(levelMemory),
    course: createCourse(reach),
    previousBaseline: 0,
    recent: 0,
    lasting: 0,
    long: 0,
    season: 0,
    inSeason: 0,
    smooth: 0,
    forecastErrors: [0, 0, 0],
    shortUnrest: 0,
    longUnrest: 0,
    tails: Object.fromEntries(aspects.map((aspect) => [aspect, tailOf(aspect)])) as Record<Aspect, Tail>,
    kept: [],
    aspect: null,
    level: Number.NaN,
    expected: Number.NaN,
  }
}

/**
 * Scores a value by what came before it, then learns it (in place): how anomalous it is, in [0, 1]; null for NaN, which is not
 * learned. From 0.5 a person should look: in streams without faults that is about one value in 1,000 (heavy tails) to 5,000.
 *
 * Ten statistics are followed: the error of the best of three one-step forecasts; the mean deviation from the slow level over about
 * 6 values (above, below), 48 and 200; that over 6 from the usual course of the day or week, where that serves better than the
 * level; how little the latest values resemble any of the last 1,000 (`updateCourse`); unrest and calm (the mean size of steps
 * against its past); and the length of runs of one value. The surprise of each is −log₁₀ of its tail probability in the stream's
 * own past (`surpriseOf`). They are joined as 0.85·(Σ surprise³)^⅓: the largest rules, others that agree add to it, and the factor
 * pays for their number. `tellAlarm` makes it a score and tells each alarm once. The first 100 values, and those of a stream that
 * has never varied, score 0; until 400 values surprise counts in part.
 *
 * `at` (UTC epoch milliseconds) is used for seasons alone; it may be irregular or go back, and without one (NaN) no season is
 * learned from the value. Infinite values are as surprising as can be and are not learned. Amortised constant time: about 1,000
 * additions a value.
 */
export function updateStreamAnomaly(state: StreamAnomaly, at: number, value: number): number | null {
  if (Number.isNaN(value)) return null
  const { settle, warmUp, fullAfter, share } = streamAnomalyParameters
  state.aspect = null
  if (!Number.isFinite(value)) return tellAlarm(state, state.n < warmUp ? 0 : mostSurprise)
  const bounded = Math.min(LARGEST, Math.max(-LARGEST, value))
  if (state.n > 0 && bounded !== state.previous) state.hasVaried = true
  const statistics = measure(state, at, bounded)
  let most = 0
  let cubes = 0
  for (const aspect of aspects) {
    const statistic = statistics[aspect]
    if (statistic === null) continue
    const tail = state.tails[aspect]
    const own = Math.min(mostSurprise, surpriseOf(tail, statistic)) * (aspect === 'season' ? trustInSeason(state) : 1)
    cubes += own ** 3
    // A course that is new explains little: it is named where the others say far less.
    const telling = aspect === 'course' ? own / 2 : own
    if (telling > most) {
      most = telling
      state.aspect = aspect
    }
    // What is far out is learned as if it were nearer, so that one accident does not make the next one look usual.
    if (state.n >= settle) learnTail(tail, Math.min(statistic, valueOfSurprise(tail, 6)))
  }
  state.n++
  if (state.n <= warmUp || !state.hasVaried) return tellAlarm(state, 0)
  return tellAlarm(state, share * Math.cbrt(cubes) * Math.min(1, state.n / fullAfter))
}

const trustInSeason = ({ inSeason }: StreamAnomaly) => Math.min(1, inSeason / streamAnomalyParameters.seasonFullAfter)

/** The statistics of a value from the state before it, null where one cannot be told; then the state takes the value in. */
function measure(state: StreamAnomaly, at: number, value: number): Record<Aspect, number | null> {
  const { memory, recent, lasting, long, unrest } = streamAnomalyParameters
  const { baseline } = state
  const isFirst = state.n === 0
  if (isFirst) {
    state.smooth = value
    state.previous = value
    state.previousBaseline = value
  }
  const level = isFirst ? value : baseline.level
  const inSeason = expectInSeason(baseline, at)
  const expected = inSeason ?? level
  const rateOf = (length: number, n = state.n) => Math.max(1 / (n + 1), 1 / length)

  const forecasts = [state.previous, state.smooth, state.previous + expected - state.previousBaseline]
  const errors = state.forecastErrors
  const best = errors[2] < 0.98 * Math.min(errors[0], errors[1]) ? 2 : errors[1] < errors[0] ? 1 : 0
  const step = Math.abs(value - forecasts[best])
  for (let i = 0; i < 3; i++) errors[i] += (Math.abs(value - forecasts[i]) - errors[i]) * rateOf(500)

  const deviation = value - level
  state.recent += (deviation - state.recent) * rateOf(recent)
  state.lasting += (deviation - state.lasting) * rateOf(lasting)
  state.long += (deviation - state.long) * rateOf(long)
  if (inSeason !== null) state.season += (value - inSeason - state.season) * rateOf(recent, state.inSeason++)

  const clipped = Math.min(step, 2 * state.tails.step.threshold || step)
  state.shortUnrest += (clipped - state.shortUnrest) * rateOf(unrest)
  state.longUnrest += (clipped - state.longUnrest) * rateOf(memory / 4)
  const ratio = state.longUnrest > 0 ? Math.log(Math.max(state.shortUnrest / state.longUnrest, 1e-6)) : 0

  state.run = value === state.previous && !isFirst ? state.run + 1 : 1
  state.smooth += (value - state.smooth) * 0.2
  state.previous = value
  state.previousBaseline = expected
  state.level = level
  state.expected = expected
  const course = updateCourse(state.course, withinReach(baseline, value))
  learn(state, at, value)
  return {
    step,
    above: Math.max(0, state.recent),
    below: Math.max(0, -state.recent),
    lasting: Math.abs(state.lasting),
    long: Math.abs(state.long),
    season: inSeason === null ? null : Math.abs(state.season),
    course,
    unrest: Math.max(0, ratio),
    calm: Math.max(0, -ratio),
    repeat: state.run,
  }
}

/** The baseline takes a value in; what was usual within another season is no measure for the one that it chooses. */
function learn(state: StreamAnomaly, at: number, value: number): void {
  const { baseline } = state
  const { chosen, away } = baseline
  learnBaseline(baseline, at, value)
  if (away === 0 && baseline.away > 0) state.kept = ofLevel.map((aspect) => copyTail(state.tails[aspect]))
  if (baseline.moved !== 0) {
    state.recent -= baseline.moved
    // These have not gone the whole way yet.
    state.lasting = 0
    state.long = 0
    ofLevel.forEach((aspect, i) => {
      state.tails[aspect] = state.kept[i] ?? state.tails[aspect]
    })
    state.kept = []
  }
  if (chosen === baseline.chosen) return
  state.tails.season = tailOf('season')
  state.season = 0
  state.inSeason = 0
}
