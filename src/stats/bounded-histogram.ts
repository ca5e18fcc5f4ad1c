import { computeMoments, meanOf, standardDeviationOf } from './moments.ts'
import { lowerBound, type SortedSample, upperBound } from './sorted-sample.ts'

/** Counts between the outermost edges, which belong to the first and the last bin, and how many values lie outside. */
export type BoundedHistogram = { readonly counts: Float64Array; readonly outside: number; readonly missing: number }

/**
 * Edges (outer ones included) of as many equally wide bins as Doane's rule wants: ⌈1 + log2 n + log2(1 + |g1| / σ_g1)⌉ between the extremes, where g1
 * is the skewness and σ_g1 = √(6 (n − 2) / ((n + 1)(n + 3))).
 *
 * Sturges' rule with more bins for skewed samples; one bin up to n = 2. Other edge cases as {@link edgesOfBins}. O(n).
 * Source: Doane, Amer. Statist. 30 (1976) 181.
 */
export function doaneEdges(sample: SortedSample): Float64Array {
  return edgesOfBins(sample, () => {
    const n = sample.values.length
    if (n <= 2) return 1
    const moments = computeMoments(sample.values)
    const mean = meanOf(moments) ?? 0
    const deviation = standardDeviationOf(moments, 0) ?? 0
    if (!(deviation > 0 && Number.isFinite(deviation))) return 1
    let cubes = 0
    for (const x of sample.values) cubes += ((x - mean) / deviation) ** 3
    const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
    return 1 + Math.log2(n) + Math.log2(1 + Math.abs(cubes / n) / error)
  })
}

/** `bins` + 1 equally spaced edges from low to high, both exact; half a unit around low when both are equal. */
export function evenEdges(low: number, high: number, bins: number): Float64Array {
  if (!Number.isInteger(bins) || bins < 1)
    throw new RangeError(`the number of bins must be whole and >= 1, got ${bins}`)
  const from = low === high ? low - 0.5 : low
  const to = low === high ? high + 0.5 : high
  const step = (to - from) / bins
  return Float64Array.from({ length: bins + 1 }, (_, i) => (i === bins ? to : i * step + from))
}

/**
 * Counts a sorted sample between ascending edges: bins [a, b), the last one [a, b]; values beyond the edges count as outside.
 *
 * At least two edges, RangeError otherwise. O(bins · log n).
 */
export function countBetweenEdges(sample: SortedSample, edges: ArrayLike<number>): BoundedHistogram {
  const bins = edges.length - 1
  if (bins < 1) throw new RangeError('a bounded histogram needs two edges')
  const { values } = sample
  const counts = new Float64Array(bins)
  const first = lowerBound(values, edges[0])
  let before = first
  for (let i = 0; i < bins; i++) {
    const to = i === bins - 1 ? upperBound(values, edges[bins]) : lowerBound(values, edges[i + 1])
    counts[i] = to - before
    before = to
  }
  return { counts, outside: values.length - (before - first), missing: sample.missing }
}

/**
 * Edges of ⌈wanted⌉ equally wide bins between the extremes of a sorted sample.
 *
 * Empty for a sample that is empty or whose range is no number; one bin around the value of a constant sample.
 */
export function edgesOfBins({ values }: SortedSample, wanted: () => number): Float64Array {
  const low = values[0]
  const high = values[values.length - 1]
  if (values.length === 0 || !Number.isFinite(high - low)) return new Float64Array(0)
  if (low === high) return evenEdges(low, high, 1)
  // The number of bins is that of whole widths in the range, so the range passes through the division.
  const range = high - low
  return evenEdges(low, high, Math.ceil(range / (range / wanted())))
}
