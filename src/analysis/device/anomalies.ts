import { type AlarmGate, isStillOut, lookScore } from '../../stats/alarm-gate.ts'
import { createStreamAnomaly, type StreamAnomaly, updateStreamAnomaly } from '../../stats/stream-anomaly.ts'
import { sayNumber } from '../wording.ts'
import type { ChannelPoints } from './points.ts'

const DAY = 86_400_000

/** A stretch that a person should look at, as indices; `peak` is where its score is highest. */
export interface Anomaly {
  readonly first: number
  /** The last value that still belongs to it. */
  readonly last: number
  readonly peak: number
  readonly score: number
  /** What was unusual when it was first told. */
  readonly reason: string
}

export interface ScoredStream {
  /** One per value, each from that value and those before it alone; NaN where there is no value. */
  readonly scores: Float64Array
  readonly anomalies: readonly Anomaly[]
}

/** Gathers the alarms of a stream: one begins at a score of at least `alarmScore` and goes on while what follows is nearly as surprising. */
export function createAlarms(alarmScore: number) {
  const anomalies: Anomaly[] = []
  let isOpen = false
  return {
    anomalies,
    take(i: number, score: number, gate: AlarmGate, sayReason: () => string): void {
      const isAlarm = score >= alarmScore
      const wasOpen = isOpen
      isOpen = isAlarm || (isOpen && isStillOut(gate))
      if (!isOpen) return
      if (!wasOpen) {
        anomalies.push({ first: i, last: i, peak: i, score, reason: sayReason() })
        return
      }
      const open = anomalies[anomalies.length - 1]
      const higher = score > open.score ? { peak: i, score } : {}
      anomalies[anomalies.length - 1] = { ...open, last: i, ...higher }
    },
  }
}

/** Scores a stream in one pass without looking ahead (see `updateStreamAnomaly`) and gathers its alarms. O(n). */
export function scoreStream({ at, value }: ChannelPoints, alarmScore: number = lookScore): ScoredStream {
  const state = createStreamAnomaly()
  const alarms = createAlarms(alarmScore)
  const scores = new Float64Array(value.length)
  for (let i = 0; i < value.length; i++) {
    const before = state.previous
    const score = updateStreamAnomaly(state, at[i], value[i])
    scores[i] = score ?? Number.NaN
    if (score !== null) alarms.take(i, score, state, () => sayReason(state, before, value[i]))
  }
  return { scores, anomalies: alarms.anomalies }
}

function sayReason(state: StreamAnomaly, before: number, value: number): string {
  if (!Number.isFinite(value)) return `the value is ${value > 0 ? '' : 'minus '}infinite`
  const usual = (expected: number) => `about ${sayNumber(short(expected))} expected`
  const side = (deviation: number) => (deviation > 0 ? 'above' : 'below')
  const outside = (aside: string) => `${sayNumber(short(value))} where ${usual(state.level)}: ${aside} the usual level`
  switch (state.aspect) {
    case 'step':
      return `${value > before ? 'rises' : 'falls'} from ${sayNumber(short(before))} to ${sayNumber(short(value))} at once, more than it usually moves`
    case 'above':
    case 'below':
      return outside(`the last few values lie ${state.aspect}`)
    case 'lasting':
      return outside(`the values have been ${side(state.lasting)}, taken together,`)
    case 'long':
      return outside(`for long the values have been rather ${side(state.long)}`)
    case 'season':
      return `${sayNumber(short(value))} where ${usual(state.expected)} at this time of the ${seasonOf(state)}: ${side(state.season)} its usual course`
    case 'course':
      return 'the latest values run as no stretch before them did'
    case 'unrest':
      return 'varies more from value to value than it usually does'
    case 'calm':
      return 'varies less from value to value than it usually does'
    case 'repeat':
      return `stands at ${sayNumber(short(value))} for ${state.run} values in a row, longer than it usually does`
    case null:
      return 'unusual'
  }
}

function seasonOf({ baseline: { seasons, chosen } }: StreamAnomaly): 'day' | 'week' {
  return chosen !== null && seasons[chosen].profile.periodMs > DAY ? 'week' : 'day'
}

/** Four significant digits: what a sentence needs. */
const short = (value: number) => Number(value.toPrecision(4))
