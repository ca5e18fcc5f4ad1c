import { twoSidedZ } from './normal-distribution.ts'
import { checkConfidence, checkSameLength, type Interval, insufficient, type Outcome } from './outcome.ts'
import { median, quantileSorted } from './quantiles.ts'
import { sortSample } from './sorted-sample.ts'

/** A line that up to 29 % of the points cannot move. */
export type TheilSen = {
  readonly slope: number
  /** Value at x = 0: the median of y − slope · x. */
  readonly intercept: number
  readonly slopeInterval: Interval
  readonly n: number
  readonly missing: number
  /** Points after thinning; equal to n when there were few enough. */
  readonly pointsUsed: number
}

/**
 * Theil–Sen line: the median of the slopes between all pairs of points, with Sen's interval.
 *
 * Points with NaN or an infinity are left out. More than `maxPoints` points are first thinned to that many medians of
 * equally long runs (x ascending), so that the cost stays O(maxPoints²). `insufficient`: `too-few` below 3 points,
 * `constant` when x does not vary. Source: Sen, JASA 63 (1968) 1379; ties in the variance by Gilbert (1987).
 */
export function theilSen(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { confidence = 0.95, maxPoints = 600 }: { readonly confidence?: number; readonly maxPoints?: number } = {},
): Outcome<TheilSen> {
  checkConfidence(confidence)
  const rows = checkSameLength(x, y, 'x and y')
  const xs = new Float64Array(rows)
  const ys = new Float64Array(rows)
  let n = 0
  for (let i = 0; i < rows; i++) {
    if (!Number.isFinite(x[i] - y[i])) continue
    xs[n] = x[i]
    ys[n++] = y[i]
  }
  if (n < 3) return insufficient('too-few', n, 3)
  const thin = n > maxPoints
  const px = thin ? thinned(xs.subarray(0, n), maxPoints) : xs.subarray(0, n)
  const py = thin ? thinned(ys.subarray(0, n), maxPoints) : ys.subarray(0, n)
  const slopes = pairSlopes(px, py)
  if (slopes.length === 0) return insufficient('constant', n)
  const slope = quantileSorted(slopes, 0.5) ?? 0
  const points = px.length
  // Sen: the ranks (N ± z √V) / 2 of the N slopes, V the variance of Kendall's S, bound the slope.
  const margin = twoSidedZ(confidence) * Math.sqrt(kendallVariance(points, py))
  const at = (rank: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))]
  const low = at((slopes.length - margin) / 2 - 1)
  const high = at((slopes.length + margin) / 2)
  const intercept = median(py.map((value, i) => value - slope * px[i])) ?? 0
  return {
    status: 'ok',
    slope,
    intercept,
    slopeInterval: { low, high, confidence },
    n,
    missing: rows - n,
    pointsUsed: points,
  }
}

function pairSlopes(x: Float64Array, y: Float64Array): Float64Array {
  const n = x.length
  const slopes = new Float64Array((n * (n - 1)) / 2)
  let count = 0
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      if (x[j] !== x[i]) slopes[count++] = (y[j] - y[i]) / (x[j] - x[i])
    }
  }
  return sortSample(slopes.subarray(0, count)).values
}

/** Medians of equally long runs. */
function thinned(values: Float64Array, points: number): Float64Array {
  return Float64Array.from({ length: points }, (_, k) => {
    const from = Math.floor((k * values.length) / points)
    const to = Math.floor(((k + 1) * values.length) / points)
    return median(values.subarray(from, to)) ?? 0
  })
}

function kendallVariance(n: number, y: Float64Array): number {
  const { values } = sortSample(y)
  let ties = 0
  for (let from = 0; from < n; ) {
    let to = from + 1
    while (to < n && values[to] === values[from]) to++
    const t = to - from
    ties += t * (t - 1) * (2 * t + 5)
    from = to
  }
  return (n * (n - 1) * (2 * n + 5) - ties) / 18
}
