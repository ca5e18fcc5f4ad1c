import type { Span } from './gaps.ts'
import type { ChannelPoints } from './points.ts'

/** Readings in a row at an end of the range that are no coincidence. */
const fewest = 5

export interface SaturatedSpan extends Span {
  readonly value: number
}

/**
 * Stretches of at least five readings that lie exactly at an end of the declared range: the true value is beyond it. Zero is no
 * such end, since darkness and stillness are values. O(n).
 */
export function findSaturated({ at, value }: ChannelPoints, range: readonly [number, number]): SaturatedSpan[] {
  const ends = range.filter((end) => end !== 0)
  const found: SaturatedSpan[] = []
  for (let first = 0; first < value.length; ) {
    let next = first + 1
    if (ends.includes(value[first])) {
      while (next < value.length && value[next] === value[first]) next++
      if (next - first >= fewest) found.push({ from: at[first], to: at[next - 1], value: value[first] })
    }
    first = next
  }
  return found
}
