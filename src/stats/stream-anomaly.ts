import { type AlarmGate, createAlarmGate, mostSurprise, tellAlarm } from './alarm-gate.ts'
import { type Baseline, createBaseline, expectBaseline, learnBaseline } from './stream-baseline.ts'
import { createTail, fadeTail, learnTail, surpriseOf, type Tail, valueOfSurprise } from './tail-surprise.ts'

/** Statistics of a stream, each with its own memory of what is usual for it. */
const aspects = ['step', 'recent', 'lasting', 'high', 'low', 'unrest', 'calm', 'repeat'] as const
/** Those that change when the baseline becomes another. */
const ofBaseline = ['recent', 'lasting'] as const
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
  /** Memory of what is usual. */
  memory: 8000,
  levelMemory: 1500,
  /** Effective lengths of the two means of recent deviations, and of the mean size of steps. */
  recent: 6,
  lasting: 48,
  unrest: 30,
  /** What deviations from an earlier baseline still count. */
  keep: 0.01,
} as const

/** Values beyond this are taken for it, so that differences and sums stay finite. */
const LARGEST = 1e150

/** State of a detector for one stream; plain data of constant size (about 150 kB). */
export type StreamAnomaly = AlarmGate & {
  n: number
  hasVaried: boolean
  previous: number
  run: number
  readonly baseline: Baseline
  /** Slow mean of the values, for their range. */
  centre: number
  previousBaseline: number
  recent: number
  lasting: number
  smooth: number
  /** Mean absolute errors of three one-step forecasts: the last value, the smoothed one, the baseline's course. */
  readonly forecastErrors: [number, number, number]
  shortUnrest: number
  longUnrest: number
  readonly tails: Readonly<Record<Aspect, Tail>>
  /** The statistic that was most surprising at the latest value; null when none was, or when the value was infinite. */
  aspect: Aspect | null
  /** What the latest value was expected to be near. */
  expected: number
}

/** A detector that has seen nothing. */
export function createStreamAnomaly(): StreamAnomaly {
  const { memory, levelMemory } = streamAnomalyParameters
  const tails = Object.fromEntries(
    aspects.map((aspect) => [aspect, createTail(memory, aspect === 'repeat' ? 0.5 : 0.02)]),
  ) as Record<Aspect, Tail>
  return {
    ...createAlarmGate(),
    n: 0,
    hasVaried: false,
    previous: 0,
    run: 0,
    baseline: createBaseline(levelMemory),
    centre: 0,
    previousBaseline: 0,
    recent: 0,
    lasting: 0,
    smooth: 0,
    forecastErrors: [0, 0, 0],
    shortUnrest: 0,
    longUnrest: 0,
    tails,
    aspect: null,
    expected: Number.NaN,
  }
}

/**
 * Scores a value by what came before it, then learns it (in place): how anomalous it is, in [0, 1]; null for NaN, which is not
 * learned. From 0.5 a person should look.
 *
 * Eight statistics are followed: the error of the best of three one-step forecasts; means of the deviation from the baseline over
 * about 6 and 48 values (the baseline is a slow level, or the usual course of the day or week where that serves better); height
 * above and depth below the mean; unrest and calm (the mean size of steps against its past); and the length of runs of one value.
 * The surprise of each is −log₁₀ of its tail probability in the stream's own past (see {@link surpriseOf}), and the largest counts.
 * {@link tellAlarm} makes it a score and tells each alarm once. The first 100 values, and those of a stream that has never
 * varied, score 0; until 400 values surprise counts in part.
 *
 * `at` (UTC epoch milliseconds) is used for seasons alone; it may be irregular or go back, and without one (NaN) no season is
 * learned from the value. Infinite values are as surprising as can be and are not learned. Amortised constant time.
 */
export function updateStreamAnomaly(state: StreamAnomaly, at: number, value: number): number | null {
  if (Number.isNaN(value)) return null
  const { settle, warmUp, fullAfter, keep } = streamAnomalyParameters
  state.aspect = null
  if (!Number.isFinite(value)) return tellAlarm(state, state.n < warmUp ? 0 : mostSurprise)
  const bounded = Math.min(LARGEST, Math.max(-LARGEST, value))
  if (state.n > 0 && bounded !== state.previous) state.hasVaried = true
  const { chosen } = state.baseline
  const statistics = measure(state, at, bounded)
  let surprise = 0
  for (const aspect of aspects) {
    const tail = state.tails[aspect]
    const statistic = statistics[aspect]
    const own = surpriseOf(tail, statistic)
    if (own > surprise) {
      surprise = own
      state.aspect = aspect
    }
    // What is far out is learned as if it were nearer, so that one accident does not make the next one look usual.
    if (state.n >= settle) learnTail(tail, Math.min(statistic, valueOfSurprise(tail, 6)))
  }
  if (chosen !== state.baseline.chosen) for (const aspect of ofBaseline) fadeTail(state.tails[aspect], keep)
  state.n++
  if (state.n <= warmUp || !state.hasVaried) return tellAlarm(state, 0)
  return tellAlarm(state, surprise * Math.min(1, state.n / fullAfter))
}

/** The statistics of a value from the state before it; then the state takes it in. */
function measure(state: StreamAnomaly, at: number, value: number): Record<Aspect, number> {
  const { memory, recent, lasting, unrest } = streamAnomalyParameters
  const isFirst = state.n === 0
  if (isFirst) {
    state.centre = value
    state.smooth = value
    state.previous = value
    state.previousBaseline = value
  }
  const expected = isFirst ? value : expectBaseline(state.baseline, at)
  const deviation = value - expected
  const rateOf = (length: number) => Math.max(1 / (state.n + 1), 1 / length)

  const forecasts = [state.previous, state.smooth, state.previous + expected - state.previousBaseline]
  const errors = state.forecastErrors
  const best = errors[2] < 0.98 * Math.min(errors[0], errors[1]) ? 2 : errors[1] < errors[0] ? 1 : 0
  const step = Math.abs(value - forecasts[best])
  for (let i = 0; i < 3; i++) errors[i] += (Math.abs(value - forecasts[i]) - errors[i]) * rateOf(500)

  state.recent += (deviation - state.recent) * rateOf(recent)
  state.lasting += (deviation - state.lasting) * rateOf(lasting)

  const clipped = Math.min(step, 2 * state.tails.step.threshold || step)
  state.shortUnrest += (clipped - state.shortUnrest) * rateOf(unrest)
  state.longUnrest += (clipped - state.longUnrest) * rateOf(memory / 4)
  const ratio = state.longUnrest > 0 ? Math.log(Math.max(state.shortUnrest / state.longUnrest, 1e-6)) : 0

  state.run = value === state.previous && !isFirst ? state.run + 1 : 1
  const above = value - state.centre
  state.centre += above * rateOf(memory)
  state.smooth += (value - state.smooth) * 0.2
  state.previous = value
  state.previousBaseline = expected
  state.expected = expected
  learnBaseline(state.baseline, at, value)
  return {
    step,
    recent: Math.abs(state.recent),
    lasting: Math.abs(state.lasting),
    high: Math.max(0, above),
    low: Math.max(0, -above),
    unrest: Math.max(0, ratio),
    calm: Math.max(0, -ratio),
    repeat: state.run,
  }
}
