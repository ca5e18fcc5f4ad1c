/**
 * How this room says "there is no number": never with NaN.
 *
 * - A test, an interval or a fit returns an {@link Outcome}: `status: 'ok'` with its fields, or `status: 'insufficient'`
 *   with the reason and the size that would have been enough.
 * - A plain measure (a mean, a precision) returns `number | null`; null means undefined, for example 0/0 or no value.
 * - NaN in an input is a missing value: it is skipped and counted in `missing`. Infinities are values wherever only
 *   order matters (ranks, quantiles, Kolmogorov–Smirnov, histograms) and are skipped and counted in `infinite`
 *   wherever sizes matter (means, variances, distances in units of the data).
 * - A category code below zero, or not below the stated number of categories, is a missing value.
 * - An argument that no data can justify (a confidence of 2, arrays of unequal length) is a bug and throws RangeError.
 */

/** Why a statistic cannot be given. */
export type InsufficientReason =
  /** Fewer usable values than the method needs. */
  | 'too-few'
  /** Every usable value is the same, so that the method has nothing to compare or to scale by. */
  | 'constant'
  /** Only one class or one category is present. */
  | 'one-class'
  /** The caller asked for a stop before the result was there. */
  | 'aborted'
  /** The statistic had no value on too many of the resamples. */
  | 'undefined'

/** No number, and why. */
export type Insufficient = {
  readonly status: 'insufficient'
  readonly reason: InsufficientReason
  /** Usable values; with two samples, those of the smaller one. */
  readonly n: number
  /** The n from which the method gives an answer; null when more of the same data would not help. */
  readonly needed: number | null
}

/** A result with all its fields, or the reason why there is none. */
export type Outcome<T> = ({ readonly status: 'ok' } & T) | Insufficient

/** Something counted in the reference and in the current sample. */
export type PerSample = { readonly reference: number; readonly current: number }

/** An interval with its nominal coverage, for example 0.95. */
export type Interval = { readonly low: number; readonly high: number; readonly confidence: number }

/** A number with its interval and the count it rests on. */
export type Estimate = { readonly value: number; readonly interval: Interval; readonly n: number }

/** A flag that a caller raises to stop a long computation; an AbortSignal fits. */
export type StopFlag = { readonly aborted: boolean }

/** Builds an {@link Insufficient}. */
export function insufficient(reason: InsufficientReason, n: number, needed: number | null = null): Insufficient {
  return { status: 'insufficient', reason, n, needed }
}

/** Throws RangeError unless 0 < confidence < 1; returns it otherwise. */
export function checkConfidence(confidence: number): number {
  if (!(confidence > 0 && confidence < 1))
    throw new RangeError(`confidence must lie between 0 and 1, got ${confidence}`)
  return confidence
}

/** Throws RangeError unless the two arrays have the same length; returns that length. */
export function checkSameLength(a: ArrayLike<number>, b: ArrayLike<number>, what: string): number {
  if (a.length !== b.length) throw new RangeError(`${what} differ in length: ${a.length} and ${b.length}`)
  return a.length
}
