/** What one pass along two sorted samples of n and m values tells of F_reference − F_current, in units of 1/(n·m). */
export type TwoSampleWalk = {
  /** Highest and lowest gap, whole numbers: no rounding decides which is larger; and the first value where each is reached. */
  readonly highest: number
  readonly lowest: number
  readonly highestAt: number
  readonly lowestAt: number
  /** ∫ |gap| dx; of no meaning where a value is infinite. */
  readonly area: number
}

/** Walks along two ascending samples without NaN, neither empty. O(n + m): the costly part of both distances, done once for both. */
export function walkTogether(a: Float64Array, b: Float64Array): TwoSampleWalk {
  const n = a.length
  const m = b.length
  let highest = 0
  let lowest = 0
  let highestAt = a[0]
  let lowestAt = a[0]
  let area = 0
  let gap = 0
  let i = 0
  let j = 0
  let x = Math.min(a[0], b[0])
  while (i < n && j < m) {
    const next = Math.min(a[i], b[j])
    area += Math.abs(gap) * (next - x)
    x = next
    while (i < n && a[i] === x) i++
    while (j < m && b[j] === x) j++
    gap = i * m - j * n
    if (gap > highest) {
      highest = gap
      highestAt = x
    } else if (gap < lowest) {
      lowest = gap
      lowestAt = x
    }
  }
  // Once one sample is used up, every later value of the other lies on one side of it, and the gap only closes.
  for (; i < n; x = a[i++]) area += (n - i) * m * (a[i] - x)
  for (; j < m; x = b[j++]) area += (m - j) * n * (b[j] - x)
  return { highest, lowest, highestAt, lowestAt, area }
}
