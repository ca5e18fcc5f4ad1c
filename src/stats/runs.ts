/** A stretch of values that do not change: indices from `from` up to but not including `to`. */
export type StuckRun = { readonly from: number; readonly to: number; readonly length: number; readonly value: number }

/**
 * Stretches of at least `minLength` successive values that stay within `tolerance` of their first: a stuck sensor.
 *
 * A missing value (NaN) ends a stretch. RangeError for minLength < 2 or a negative tolerance. O(n).
 */
export function findStuckRuns(values: ArrayLike<number>, minLength: number, tolerance = 0): StuckRun[] {
  if (!(minLength >= 2)) throw new RangeError(`a run has at least 2 values, got ${minLength}`)
  if (!(tolerance >= 0)) throw new RangeError(`a tolerance is not negative, got ${tolerance}`)
  const runs: StuckRun[] = []
  const n = values.length
  for (let from = 0; from < n; ) {
    const value = values[from]
    let to = from + 1
    while (to < n && (values[to] === value || Math.abs(values[to] - value) <= tolerance)) to++
    if (to - from >= minLength) runs.push({ from, to, length: to - from, value })
    from = to
  }
  return runs
}

/** Share of successive pairs of present values that are equal; null when there is no such pair. O(n). */
export function repeatShare(values: ArrayLike<number>): number | null {
  let pairs = 0
  let repeats = 0
  for (let i = 1; i < values.length; i++) {
    if (Number.isNaN(values[i]) || Number.isNaN(values[i - 1])) continue
    pairs++
    if (values[i] === values[i - 1]) repeats++
  }
  return pairs === 0 ? null : repeats / pairs
}

/**
 * How likely n healthy values hold a run of at least `length`, when each repeats the one before with probability `repeat`.
 *
 * 1 − exp(−(1 + (n − length)(1 − repeat)) · repeat^(length−1)): tells a stuck sensor from a coarse one. Take `repeat` from
 * healthy data by {@link repeatShare}. Source: Feller, An Introduction to Probability Theory I, XIII.7.
 */
export function stuckRunPValue(length: number, n: number, repeat: number): number {
  if (!(repeat >= 0 && repeat <= 1)) throw new RangeError(`a probability lies in [0, 1], got ${repeat}`)
  if (length > n) return 0
  if (length <= 1) return n >= 1 ? 1 : 0
  return -Math.expm1(-(1 + (n - length) * (1 - repeat)) * repeat ** (length - 1))
}

/** The n-free form of the same: the shortest run whose p-value among n values is at most alpha; null when repeat = 1. */
export function stuckLengthNeeded(n: number, repeat: number, alpha = 0.001): number | null {
  if (repeat >= 1) return null
  let length = 2
  while (stuckRunPValue(length, Math.max(n, length), repeat) > alpha) length++
  return length
}
