import { normalCdf } from '../../src/stats/normal-distribution.ts'
import { createRandom, randomUniform } from '../../src/stats/random.ts'
import type { LabelledStream } from './anomaly-streams.ts'

export type Detector = (stream: Pick<LabelledStream, 'at' | 'value'>) => Float64Array

/** log₁₀ of the two-sided tail of the normal distribution, also where it is too small for a number. */
const logTail = (z: number) =>
  z < 6 ? Math.log10(Math.max(2 * normalCdf(-z), 1e-300)) : (-z * z) / 2 / Math.LN10 - Math.log10(z * 1.2533)

/** How unlikely a value is under a normal distribution with the mean and deviation of the `length` values before it (fitted anew every `every`). */
export const slidingGaussian =
  (length: number, every: number): Detector =>
  ({ value }) => {
    let mean = 0
    let deviation = 1
    return value.map((x, i) => {
      if (i > 0 && (i % every === 0 || i < length / 10)) {
        const past = value.subarray(Math.max(0, i - length), i)
        mean = past.reduce((sum, y) => sum + y, 0) / past.length
        deviation = Math.sqrt(past.reduce((sum, y) => sum + (y - mean) ** 2, 0) / past.length) || 1e-6
      }
      const surprise = -logTail(Math.abs(x - mean) / deviation)
      return surprise / (surprise + 5)
    })
  }

/** Distance from an exponentially weighted mean in exponentially weighted deviations. */
export const weightedZ =
  (rate: number): Detector =>
  ({ value }) => {
    let mean = value[0]
    let variance = 0
    return value.map((x, i) => {
      const gap = x - mean
      const z = variance > 0 ? Math.abs(gap) / Math.sqrt(variance) : 0
      const own = Math.max(rate, 1 / (i + 1))
      mean += own * gap
      variance = (1 - own) * (variance + own * gap * gap)
      return z / (z + 5)
    })
  }

/**
 * Conformal detector on the nearest neighbours of the last 19 values among those of the past `train` values: the share of the
 * 2,000 past distances that were smaller, and after an alarm a pause.
 */
export const nearestNeighbours =
  (train: number, k = 27, dimension = 19): Detector =>
  ({ value }) => {
    const n = value.length
    const scores = new Float64Array(n)
    const past: number[] = []
    let pause = 0
    for (let i = dimension + train; i < n; i++) {
      const nearest = new Float64Array(k).fill(Number.POSITIVE_INFINITY)
      for (let j = i - train; j < i; j++) {
        let distance = 0
        for (let d = 0; d < dimension && distance < nearest[k - 1]; d++) distance += (value[i - d] - value[j - d]) ** 2
        if (distance >= nearest[k - 1]) continue
        let at = k - 1
        for (; at > 0 && nearest[at - 1] > distance; at--) nearest[at] = nearest[at - 1]
        nearest[at] = distance
      }
      const score = nearest.reduce((sum, distance) => sum + Math.sqrt(distance), 0)
      const share =
        past.length === 0 ? 0 : past.reduce((count, other) => count + (other < score ? 1 : 0), 0) / past.length
      past.push(score)
      if (past.length > 2000) past.shift()
      scores[i] = pause > 0 ? 0.5 : share
      pause = pause > 0 ? pause - 1 : share >= 0.9965 ? Math.floor(train / 5) : 0
    }
    return scores
  }

/** Relative entropy of the histogram of the last `length` values against the histograms that were usual before. */
export const relativeEntropy =
  (length = 52, bins = 5): Detector =>
  ({ value }) => {
    const n = value.length
    const scores = new Float64Array(n)
    const first = value.subarray(0, Math.max(length, Math.floor(0.15 * Math.min(n, 5000))))
    const low = first.reduce((a, b) => Math.min(a, b))
    const width = (first.reduce((a, b) => Math.max(a, b)) - low) / bins || 1e-9
    const codes = Int32Array.from(value, (x) => Math.min(bins - 1, Math.max(0, Math.floor((x - low) / width))))
    const known: { readonly shares: number[]; count: number }[] = []
    for (let i = length - 1; i < n; i++) {
      const counts: number[] = Array(bins).fill(0)
      for (let j = i - length + 1; j <= i; j++) counts[codes[j]]++
      const shares = counts.map((count) => (count + 1e-3) / (length + bins * 1e-3))
      let closest: (typeof known)[number] | null = null
      let least = Number.POSITIVE_INFINITY
      for (const one of known) {
        const entropy = shares.reduce((sum, p, b) => sum + p * Math.log(p / one.shares[b]), 0)
        if (entropy < least) {
          least = entropy
          closest = one
        }
      }
      // 2·n·entropy against the 99 % quantile of chi-square with four degrees of freedom.
      if (closest !== null && 2 * length * least < 13.28) {
        closest.count++
        scores[i] = closest.count <= 1 ? 0.9 : 0.3 / closest.count
      } else {
        known.push({ shares, count: 1 })
        scores[i] = known.length === 1 ? 0 : 1
      }
    }
    return scores
  }

export const chance: Detector = ({ at }) => {
  const random = createRandom(99)
  return at.map(() => randomUniform(random))
}
