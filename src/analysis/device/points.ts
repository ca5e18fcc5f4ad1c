/** Points of one channel in order of time. */
export interface ChannelPoints {
  readonly at: Float64Array
  readonly value: Float64Array
}

/** The points whose values are finite; the same arrays where all are. */
export function finitePoints(points: ChannelPoints): ChannelPoints {
  const { at, value } = points
  if (value.every(Number.isFinite)) return points
  return { at: at.filter((_, i) => Number.isFinite(value[i])), value: value.filter(Number.isFinite) }
}

/** The points at or after an instant and before another, without copying. O(log n). */
export function pointsBetween({ at, value }: ChannelPoints, from: number, to: number): ChannelPoints {
  const [first, last] = [firstAtOrAfter(at, from), firstAtOrAfter(at, to)]
  return { at: at.subarray(first, last), value: value.subarray(first, last) }
}

export function firstAtOrAfter(at: Float64Array, instant: number): number {
  let [low, high] = [0, at.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle] < instant) low = middle + 1
    else high = middle
  }
  return low
}
