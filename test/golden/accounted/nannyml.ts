import { countBetweenEdges, evenEdges } from '../../../src/stats/bounded-histogram.ts'
import { lowerBound, type SortedSample, upperBound } from '../../../src/stats/sorted-sample.ts'

/*
 * NannyML 0.13.1 on references of 10,000 values and more: distribution functions at 10,000 equally wide bins of the reference
 * stand for the samples.
 */

const bins = 10_000

/** Cumulative shares of both samples at the ends of the bins, from those below the reference's smallest value on. */
function cumulativeShares({ values: a }: SortedSample, reference: SortedSample, current: SortedSample) {
  const edges = evenEdges(a[0], a[a.length - 1], bins)
  const sum = (sample: SortedSample, from: number) => {
    let before = from
    return countBetweenEdges(sample, edges).counts.map((count) => {
      before += count
      return before / sample.values.length
    })
  }
  return { edges, p: sum(reference, 0), q: sum(current, lowerBound(current.values, edges[0])) }
}

/** Largest gap between the distribution functions at the bins' ends. */
export function kolmogorovSmirnovAsNannyml(reference: SortedSample, current: SortedSample): number {
  const { p, q } = cumulativeShares(reference, reference, current)
  return p.reduce((largest, share, bin) => Math.max(largest, Math.abs(share - q[bin])), 0)
}

/** Area between the distribution functions; what lies beyond the reference's values counts one value too many. */
export function wassersteinAsNannyml(reference: SortedSample, current: SortedSample): number {
  const { values } = current
  const { edges, p, q } = cumulativeShares(reference, reference, current)
  const [low, high] = [edges[0], edges[bins]]
  const below = values.subarray(0, lowerBound(values, low))
  const above = values.subarray(upperBound(values, high))
  const width = edges[1] - edges[0]
  const extra = below.length > 0 ? 1 / values.length : 0
  const within = p.reduce((area, share, bin) => area + Math.abs(share - q[bin] - extra) * width, 0)
  const beyond = (part: Float64Array, distance: (x: number) => number) =>
    part.reduce((area, x) => area + distance(x) / values.length, 0)
  return within + beyond(below, (x) => low - x) + beyond(above, (x) => x - high)
}
