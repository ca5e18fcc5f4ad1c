import { type AlarmGate, createAlarmGate, tellAlarm } from './alarm-gate.ts'
import { createTail, learnTail, surpriseOf, type Tail, valueOfSurprise } from './tail-surprise.ts'

/** Rows until means and correlations have settled, rows that are only learned from, and rows after which surprise counts in full. */
const settle = 100
const warmUp = 200
const fullAfter = 500
/** Rows over which means and correlations, and what is usual of distances, are forgotten. */
const momentMemory = 2000
const tailMemory = 8000
/** Effective length of the mean of recent rows. */
const recent = 6
/** The correlations are inverted anew every so many rows. */
const refreshEvery = 16
/** Drawn into the correlations, so that channels that say the same do not make rounding errors look like faults. */
const ridge = 0.02
/** A channel this many standard deviations off its mean teaches as if it were this near. */
const clip = 5

/** State of a detector over several channels at once; plain data. */
export type StreamJoint = AlarmGate & {
  readonly d: number
  n: number
  readonly mean: Float64Array
  readonly recent: Float64Array
  /** Covariance, row by row. */
  readonly covariance: Float64Array
  /** Inverse of the correlations with the ridge, as of the last refresh, and the standard deviations that belong to it. */
  readonly precision: Float64Array
  readonly deviation: Float64Array
  readonly tails: { readonly now: Tail; readonly recent: Tail }
  /** How far each channel of the latest row lies from what the others let expect, in standard deviations. */
  readonly contributions: Float64Array
}

/** A detector over `d` channels that has seen nothing. */
export function createStreamJoint(d: number): StreamJoint {
  const vector = () => new Float64Array(d)
  const matrix = () => new Float64Array(d * d)
  return {
    ...createAlarmGate(),
    d,
    n: 0,
    mean: vector(),
    recent: vector(),
    covariance: matrix(),
    precision: matrix(),
    deviation: vector(),
    tails: { now: createTail(tailMemory), recent: createTail(tailMemory) },
    contributions: vector(),
  }
}

/**
 * Scores a row of values, one per channel, by the rows before it, then learns it (in place): how unusual they are together, in
 * [0, 1]; null where a value is missing, and the row is not learned.
 *
 * With z the channels' distances from their means in standard deviations and R their correlations in the past (rate max(1/n,
 * 1/2000)), the statistics are Mahalanobis' distance √(zᵀ(R + 0.02·I)⁻¹z) of the row and that of the mean of about six rows. Each
 * is judged in its own past (`surpriseOf`), the larger surprise counts, and `tellAlarm` makes it a score. It sees what no channel
 * shows by itself: two that always went together and now part. The first 200 rows score 0; until 500 surprise counts in part.
 * O(d²) a row, amortised O(d³/16). Source: Mahalanobis, Proc. Nat. Inst. Sci. India 2 (1936) 49.
 */
export function updateStreamJoint(state: StreamJoint, row: ArrayLike<number>): number | null {
  const { d, mean, covariance, contributions, tails } = state
  for (let i = 0; i < d; i++) if (!Number.isFinite(row[i])) return null
  if (state.n > 0 && state.n % refreshEvery === 0) refresh(state)
  const isReady = state.n >= settle
  const z = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    z[i] = standardise(state, i, row[i])
    state.recent[i] += (z[i] - state.recent[i]) * Math.max(1 / (state.n + 1), 1 / recent)
  }
  let surprise = 0
  contributions.fill(0)
  if (isReady) {
    for (const [tail, point] of [
      [tails.now, z],
      [tails.recent, state.recent],
    ] as const) {
      const weighted = timesPrecision(state, point)
      const distance = Math.sqrt(Math.max(0, dot(point, weighted)))
      const own = surpriseOf(tail, distance)
      if (own >= surprise) {
        surprise = own
        for (let i = 0; i < d; i++) contributions[i] = weighted[i] / Math.sqrt(state.precision[i * d + i] || 1)
      }
      learnTail(tail, Math.min(distance, valueOfSurprise(tail, 6)))
    }
  }
  const rate = Math.max(1 / (state.n + 1), 1 / momentMemory)
  const step = new Float64Array(d)
  for (let i = 0; i < d; i++) {
    const reach = isReady && state.deviation[i] > 0 ? clip * state.deviation[i] : Number.POSITIVE_INFINITY
    step[i] = Math.min(reach, Math.max(-reach, row[i] - mean[i]))
    mean[i] += rate * step[i]
  }
  for (let i = 0; i < d; i++)
    for (let j = 0; j <= i; j++) {
      const at = i * d + j
      covariance[at] = (1 - rate) * (covariance[at] + rate * step[i] * step[j])
      covariance[j * d + i] = covariance[at]
    }
  state.n++
  return tellAlarm(state, state.n <= warmUp ? 0 : surprise * Math.min(1, state.n / fullAfter))
}

/** In standard deviations; a channel that has never varied says nothing. */
function standardise({ mean, deviation }: StreamJoint, channel: number, value: number): number {
  return deviation[channel] > 0 ? (value - mean[channel]) / deviation[channel] : 0
}

function timesPrecision({ d, precision }: StreamJoint, point: Float64Array): Float64Array {
  const product = new Float64Array(d)
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) product[i] += precision[i * d + j] * point[j]
  return product
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, i) => sum + x * b[i], 0)

/** Standard deviations and the inverse of the correlations, from the covariance by Gauss and Jordan (it is positive definite). */
function refresh({ d, covariance, deviation, precision }: StreamJoint): void {
  for (let i = 0; i < d; i++) deviation[i] = Math.sqrt(covariance[i * d + i])
  const left = new Float64Array(d * d)
  precision.fill(0)
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < d; j++) {
      const scale = deviation[i] * deviation[j]
      left[i * d + j] = i === j ? 1 + ridge : scale > 0 ? covariance[i * d + j] / scale : 0
    }
    precision[i * d + i] = 1
  }
  for (let pivot = 0; pivot < d; pivot++) {
    const by = left[pivot * d + pivot]
    for (let j = 0; j < d; j++) {
      left[pivot * d + j] /= by
      precision[pivot * d + j] /= by
    }
    for (let i = 0; i < d; i++) {
      if (i === pivot) continue
      const factor = left[i * d + pivot]
      if (factor === 0) continue
      for (let j = 0; j < d; j++) {
        left[i * d + j] -= factor * left[pivot * d + j]
        precision[i * d + j] -= factor * precision[pivot * d + j]
      }
    }
  }
}
