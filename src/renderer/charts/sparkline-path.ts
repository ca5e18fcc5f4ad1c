export type SparklineShape = {
  /** Path data of the line; it breaks where a value is not finite. */
  line: string
  /** Height of the limit, null when there is none. */
  limitY: number | null
  /** The last finite value's place, null when there is none. */
  end: { x: number; y: number } | null
}

/**
 * Lays values, evenly spaced, into a box. The limit, where given, is always inside. O(n).
 * A constant series runs through the middle.
 */
export function sparkline(
  values: ArrayLike<number>,
  size: { width: number; height: number },
  limit: number | null = null,
): SparklineShape {
  const inset = 2
  let low = limit ?? Number.POSITIVE_INFINITY
  let high = limit ?? Number.NEGATIVE_INFINITY
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) continue
    low = Math.min(low, values[index])
    high = Math.max(high, values[index])
  }
  const spread = high - low
  const yOf = (value: number) =>
    round(spread > 0 ? inset + (1 - (value - low) / spread) * (size.height - 2 * inset) : size.height / 2)
  const step = values.length > 1 ? (size.width - 2 * inset) / (values.length - 1) : 0

  let line = ''
  let pen = 'M'
  let end: SparklineShape['end'] = null
  for (let index = 0; index < values.length; index += 1) {
    if (!Number.isFinite(values[index])) {
      pen = 'M'
      continue
    }
    end = { x: round(inset + index * step), y: yOf(values[index]) }
    line += `${pen}${end.x} ${end.y}`
    pen = 'L'
  }
  return { line, limitY: limit === null ? null : yOf(limit), end }
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}
