import { checkSameLength, insufficient, type Outcome } from './outcome.ts'
import { sortedOrder } from './ranks.ts'

/** A rising step-and-ramp function: linear between knots, level beyond the first and the last. */
export type IsotonicFit = {
  /** Ascending, distinct. */
  readonly x: Float64Array
  /** Not descending. */
  readonly y: Float64Array
  readonly n: number
  readonly missing: number
}

/**
 * Least-squares fit of a function that never falls to points (x, y): calibration of scores by 0/1 labels, for example.
 *
 * Pool-adjacent-violators on the means of equal x; knots inside a level stretch are dropped. Points with NaN or an
 * infinity are left out. `insufficient` when none remains. O(n).
 * Source: Barlow et al., Statistical Inference under Order Restrictions (1972).
 */
export function fitIsotonic(x: ArrayLike<number>, y: ArrayLike<number>): Outcome<IsotonicFit> {
  const rows = checkSameLength(x, y, 'x and y')
  const order = sortedOrder(x)
  const xs = new Float64Array(rows)
  const sums = new Float64Array(rows)
  const weights = new Float64Array(rows)
  let points = 0
  let n = 0
  for (const row of order) {
    if (!Number.isFinite(x[row]) || !Number.isFinite(y[row])) continue
    if (points === 0 || x[row] !== xs[points - 1]) xs[points++] = x[row]
    sums[points - 1] += y[row]
    weights[points - 1]++
    n++
  }
  if (n === 0) return insufficient('too-few', 0, 1)
  // Blocks of neighbouring points with one mean: merged back while a later mean is lower.
  const ends = new Uint32Array(points)
  let blocks = 0
  for (let i = 0; i < points; i++) {
    sums[blocks] = sums[i]
    weights[blocks] = weights[i]
    ends[blocks++] = i + 1
    while (blocks > 1 && sums[blocks - 2] * weights[blocks - 1] >= sums[blocks - 1] * weights[blocks - 2]) {
      blocks--
      sums[blocks - 1] += sums[blocks]
      weights[blocks - 1] += weights[blocks]
      ends[blocks - 1] = ends[blocks]
    }
  }
  const knotsX: number[] = []
  const knotsY: number[] = []
  for (let b = 0, start = 0; b < blocks; start = ends[b++]) {
    const level = sums[b] / weights[b]
    knotsX.push(xs[start])
    knotsY.push(level)
    if (ends[b] - 1 > start) {
      knotsX.push(xs[ends[b] - 1])
      knotsY.push(level)
    }
  }
  return { status: 'ok', x: Float64Array.from(knotsX), y: Float64Array.from(knotsY), n, missing: rows - n }
}

/** Values of the fit at many x; NaN stays NaN (missing), beyond the knots the end values hold. O(log knots) each. */
export function applyIsotonic({ x, y }: Pick<IsotonicFit, 'x' | 'y'>, at: ArrayLike<number>): Float64Array {
  const values = new Float64Array(at.length)
  const last = x.length - 1
  for (let i = 0; i < at.length; i++) {
    const point = at[i]
    if (Number.isNaN(point)) {
      values[i] = Number.NaN
      continue
    }
    if (point <= x[0]) values[i] = y[0]
    else if (point >= x[last]) values[i] = y[last]
    else {
      let low = 0
      let high = last
      while (high - low > 1) {
        const middle = (low + high) >>> 1
        if (x[middle] <= point) low = middle
        else high = middle
      }
      values[i] = y[low] + ((y[high] - y[low]) * (point - x[low])) / (x[high] - x[low])
    }
  }
  return values
}
