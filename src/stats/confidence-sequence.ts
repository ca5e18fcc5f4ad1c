import { checkConfidence, type Estimate, insufficient, type Outcome } from './outcome.ts'

/** State of an interval for the mean of bounded values that holds at all times at once; plain data. */
export type ConfidenceSequence = {
  readonly low: number
  readonly high: number
  readonly confidence: number
  n: number
  missing: number
  /** Σ λ, Σ λx and Σ v ψ(λ) on the scale [0, 1]. */
  weights: number
  weighted: number
  cost: number
  sum: number
  /** Σ of squared distances from the running mean. */
  squares: number
  /** Intersection of all intervals so far, on the scale [0, 1]. */
  lower: number
  upper: number
}

/**
 * Starts an interval for the mean of values in [low, high] that covers it at every step at once with this confidence.
 *
 * For independent values with one mean. RangeError unless low < high.
 * Source: Waudby-Smith and Ramdas, J. R. Statist. Soc. B 86 (2024) 1, theorem 2 (predictable plug-in empirical Bernstein).
 */
export function createConfidenceSequence(low = 0, high = 1, confidence = 0.95): ConfidenceSequence {
  if (!(low < high)) throw new RangeError(`bounds must be in order, got ${low} and ${high}`)
  checkConfidence(confidence)
  const zero = { n: 0, missing: 0, weights: 0, weighted: 0, cost: 0, sum: 0, squares: 0 }
  return { low, high, confidence, ...zero, lower: 0, upper: 1 }
}

/** Takes the next value (in place); NaN counts as missing, RangeError outside [low, high]. Constant time. */
export function updateConfidenceSequence(sequence: ConfidenceSequence, value: number): void {
  if (Number.isNaN(value)) {
    sequence.missing++
    return
  }
  if (!(value >= sequence.low && value <= sequence.high)) {
    throw new RangeError(`a value lies in [${sequence.low}, ${sequence.high}], got ${value}`)
  }
  const x = (value - sequence.low) / (sequence.high - sequence.low)
  const before = sequence.n
  const logs = Math.log(2 / (1 - sequence.confidence))
  // The weight of a value is fixed before it is seen.
  const meanBefore = (0.5 + sequence.sum) / (before + 1)
  const variance = (0.25 + sequence.squares) / (before + 1)
  const t = before + 1
  const weight = Math.min(0.5, Math.sqrt((2 * logs) / (variance * t * Math.log(1 + t))))
  sequence.n = t
  sequence.sum += x
  sequence.weights += weight
  sequence.weighted += weight * x
  sequence.cost += (x - meanBefore) ** 2 * (-Math.log1p(-weight) - weight)
  sequence.squares += (x - (0.5 + sequence.sum) / (t + 1)) ** 2
  const centre = sequence.weighted / sequence.weights
  const margin = (logs + sequence.cost) / sequence.weights
  sequence.lower = Math.max(sequence.lower, centre - margin)
  sequence.upper = Math.min(sequence.upper, centre + margin)
}

/**
 * The mean so far with the interval that holds at all times.
 *
 * `insufficient`: `too-few` before the first value, `undefined` when the intervals no longer meet, which says that the mean
 * has changed.
 */
export function readConfidenceSequence(sequence: ConfidenceSequence): Outcome<Estimate> {
  const { n, low, high, lower, upper, confidence } = sequence
  if (n === 0) return insufficient('too-few', 0, 1)
  if (lower > upper) return insufficient('undefined', n)
  const scale = high - low
  return {
    status: 'ok',
    value: low + (scale * sequence.sum) / n,
    interval: { low: low + scale * lower, high: low + scale * upper, confidence },
    n,
  }
}
