/**
 * What is remembered of a statistic's distribution: weights by size in bins of equal ratio, older ones fading, and the
 * tail fitted to them. Plain data of constant size.
 */
export type Tail = {
  /** Values over which the weight of the past falls to 1/e. */
  readonly memory: number
  /** Smallest excess over the threshold that can matter, as a share of the threshold. */
  readonly resolution: number
  readonly weights: Float64Array
  /** Weight of the next value; it grows instead of all others shrinking. */
  nextWeight: number
  total: number
  n: number
  top: number
  /** Fitted tail: P(S > s) = share · (1 + shape · (s − threshold) / scale)^(−1/shape). */
  threshold: number
  /** −log₁₀ of the probability of reaching the threshold: all that is usual lies below. */
  atThreshold: number
  share: number
  scale: number
  shape: number
  nextFit: number
}

const BINS = 2048
const RATIO = Math.log(1.04)
const TAIL_SHARE = 0.02
/** What has not been seen beyond the threshold is not thought rarer than this before its size is looked at. */
const LEAST_SHARE = 0.005
/** Excesses that a fit wants at least; with little history the tail begins further inside. */
const WANTED_EXCESSES = 50
/** Neighbouring values are alike: so many excesses are worth about one independent one. */
const CLUSTER = 3
/** Excesses that the prior belief about the shape is worth, and that belief. */
const PRIOR_WEIGHT = 30
const PRIOR_SHAPE = 0.05
const LARGEST_WEIGHT = 1e12

/** An empty memory of a statistic. `memory` in values; see {@link surpriseOf}. */
export function createTail(memory: number, resolution = 0.02): Tail {
  const fit = { threshold: 0, atThreshold: 0, share: 1, scale: 0, shape: PRIOR_SHAPE, nextFit: 16 }
  return { memory, resolution, weights: new Float64Array(BINS), nextWeight: 1, total: 0, n: 0, top: 0, ...fit }
}

/**
 * How surprising a value of a statistic is after all that was learned: −log₁₀ of its tail probability, 0 when usual.
 *
 * Above the threshold (the largest 2 %, more with little history) the probability is that of a generalised Pareto tail fitted
 * to the excesses by moments, its shape drawn towards 0.05 and widened by CLUSTER/k for k excesses, as the predictive
 * distribution of an exponential tail with estimated scale is; below it, surprise rises linearly from 0. Values at or below
 * zero, and everything before 16 values, give 0. Constant time.
 * Source: Pickands, Ann. Statist. 3 (1975) 119; Hosking and Wallis, Technometrics 29 (1987) 339 (moments); the use on
 * streams: Siffer et al., KDD 2017, 1067.
 */
export function surpriseOf(tail: Tail, s: number): number {
  if (!(s > 0) || tail.n < 16) return 0
  if (s <= tail.threshold) return (tail.atThreshold * s) / tail.threshold
  if (tail.scale === 0) return Math.log10(tail.n + 1) + 1
  const z = (s - tail.threshold) / tail.scale
  return (
    -Math.log10(tail.share) +
    (Math.abs(tail.shape) < 1e-9 ? z / Math.LN10 : Math.log10(Math.max(1e-300, 1 + tail.shape * z)) / tail.shape)
  )
}

/** The value whose surprise is `surprise`: the inverse of {@link surpriseOf} above the threshold; infinite without a scale. */
export function valueOfSurprise(tail: Tail, surprise: number): number {
  if (tail.n < 16 || tail.scale === 0) return Number.POSITIVE_INFINITY
  const beyond = surprise + Math.log10(tail.share)
  return tail.threshold + (tail.scale * (10 ** (tail.shape * beyond) - 1)) / tail.shape
}

/** Learns a value (in place). Amortised constant time: the tail is fitted anew every 16 values, over its own bins only. */
export function learnTail(tail: Tail, s: number): void {
  tail.n++
  tail.total += tail.nextWeight
  if (s > 0) {
    const bin = Math.min(BINS - 1, Math.max(0, Math.floor(Math.log(s) / RATIO) + BINS / 2))
    tail.weights[bin] += tail.nextWeight
    if (bin > tail.top) tail.top = bin
  }
  tail.nextWeight /= 1 - 1 / tail.memory
  if (tail.nextWeight > LARGEST_WEIGHT) {
    for (let bin = 0; bin < BINS; bin++) tail.weights[bin] /= tail.nextWeight
    tail.total /= tail.nextWeight
    tail.nextWeight = 1
  }
  if (tail.n >= tail.nextFit) {
    fitTail(tail)
    tail.nextFit = tail.n + 16
  }
}

/** A copy that learns by itself. */
export const copyTail = (tail: Tail): Tail => ({ ...tail, weights: tail.weights.slice() })

const valueOfBin = (bin: number) => Math.exp((bin + 0.5 - BINS / 2) * RATIO)

function fitTail(tail: Tail): void {
  const { weights, total } = tail
  // Total weight in values: at most `memory`.
  const n = total / tail.nextWeight
  const wanted = Math.min(0.2, Math.max(TAIL_SHARE, WANTED_EXCESSES / n)) * total
  let weight = 0
  let bin = tail.top
  for (; bin >= 0 && weight + weights[bin] <= wanted; bin--) weight += weights[bin]
  const threshold = bin < 0 ? 0 : valueOfBin(bin)
  let first = 0
  let second = 0
  for (let above = bin + 1; above <= tail.top; above++) {
    const excess = valueOfBin(above) - threshold
    first += weights[above] * excess
    second += weights[above] * excess * excess
  }
  tail.threshold = threshold
  tail.atThreshold = bin < 0 ? 0 : -Math.log10((weight + weights[bin]) / total)
  tail.share = Math.max(weight / total, LEAST_SHARE)
  const floor = tail.resolution * threshold
  if (weight === 0) {
    tail.scale = floor
    tail.shape = PRIOR_SHAPE + CLUSTER / WANTED_EXCESSES
    return
  }
  const k = (weight / total) * n
  const mean = first / weight
  const variance = Math.max(second / weight - mean * mean, 0)
  const fitted = variance === 0 ? PRIOR_SHAPE : Math.min(0.4, Math.max(-0.2, 0.5 * (1 - (mean * mean) / variance)))
  const shape = (k * fitted + PRIOR_WEIGHT * PRIOR_SHAPE) / (k + PRIOR_WEIGHT)
  tail.scale = Math.max(mean * (1 - shape), floor)
  tail.shape = Math.max(0.01, shape + CLUSTER / Math.max(k, 10))
}
