import { lookScore } from '../../stats/alarm-gate.ts'
import { median } from '../../stats/quantiles.ts'
import { createStreamJoint, updateStreamJoint } from '../../stats/stream-joint.ts'
import { sayList } from '../wording.ts'
import { createAlarms, type ScoredStream } from './anomalies.ts'
import { type ChannelPoints, finitePoints } from './points.ts'

/** Channels that report slower than this many times the usual one are not joined with the others. */
const slowest = 4
const mostChannels = 32
/** A channel belongs to what is unusual when it lies this many standard deviations off what the others let expect. */
const involved = 2
const fewestRows = 10

export interface JointScores extends ScoredStream {
  readonly channels: readonly string[]
  /** Where the step of each score begins. */
  readonly at: Float64Array
  readonly stepMs: number
}

/**
 * Scores the channels of a device together (see `updateStreamJoint`), in steps as long as the slowest of them usually takes; a
 * channel that reports rarely is left out, and where there are fewer than two the answer is null. A step's row holds each
 * channel's mean; a step that a channel missed is not judged. No look-ahead. O(points + steps · channels²).
 */
export function scoreJointly(all: ReadonlyMap<string, ChannelPoints>): JointScores | null {
  const usable = [...all].flatMap(([name, given]) => {
    const points = finitePoints(given)
    const step = usualStep(points)
    return step === null || points.at.length < fewestRows ? [] : [{ name, points, step }]
  })
  const typical = median(Float64Array.from(usable, ({ step }) => step)) ?? 0
  const joined = usable.filter(({ step }) => step <= slowest * typical).slice(0, mostChannels)
  if (joined.length < 2) return null
  const stepMs = Math.max(1, ...joined.map(({ step }) => Math.ceil(step)))
  const { at, rows } = toRows(
    joined.map(({ points }) => points),
    stepMs,
  )
  const state = createStreamJoint(joined.length)
  const scores = new Float64Array(rows.length)
  const alarms = createAlarms(lookScore)
  rows.forEach((row, i) => {
    const score = updateStreamJoint(state, row)
    scores[i] = score ?? Number.NaN
    if (score !== null) alarms.take(i, score, state, () => sayTogether(joined, state.contributions))
  })
  return { channels: joined.map(({ name }) => name), at, stepMs, scores, anomalies: alarms.anomalies }
}

function sayTogether(joined: readonly { readonly name: string }[], contributions: Float64Array): string {
  const ranked = joined
    .map(({ name }, i) => ({ name, size: Math.abs(contributions[i]) }))
    .sort((a, b) => b.size - a.size)
  const off = ranked.filter(({ size }, i) => i === 0 || size >= involved).map(({ name }) => name)
  return off.length === 1
    ? `${off[0]} is not where the other channels let expect it`
    : `${sayList(off)} do not fit together as they did before`
}

function usualStep({ at }: ChannelPoints): number | null {
  if (at.length < 2) return null
  return median(Float64Array.from({ length: at.length - 1 }, (_, i) => at[i + 1] - at[i]))
}

/** Means of each channel in each step in which any reported; NaN for one that did not. */
function toRows(channels: readonly ChannelPoints[], stepMs: number): { at: Float64Array; rows: Float64Array[] } {
  const next = channels.map(() => 0)
  const at: number[] = []
  const rows: Float64Array[] = []
  for (;;) {
    const from = Math.min(...channels.map((points, c) => points.at[next[c]] ?? Number.POSITIVE_INFINITY))
    if (!Number.isFinite(from)) break
    const to = (Math.floor(from / stepMs) + 1) * stepMs
    const row = new Float64Array(channels.length)
    channels.forEach((points, c) => {
      let sum = 0
      const first = next[c]
      while (next[c] < points.at.length && points.at[next[c]] < to) sum += points.value[next[c]++]
      row[c] = next[c] === first ? Number.NaN : sum / (next[c] - first)
    })
    at.push(to - stepMs)
    rows.push(row)
  }
  return { at: Float64Array.from(at), rows }
}
