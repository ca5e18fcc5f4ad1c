import {
  type Counts,
  countValues,
  type NumericSamples,
  type PanelSamples,
  total,
} from '../../../src/analysis/panel/samples.ts'
import { countBetweenEdges, edgesOfBins } from '../../../src/stats/bounded-histogram.ts'
import { type SortedSample, sortSample } from '../../../src/stats/sorted-sample.ts'

/*
 * Measures of Evidently 0.7.21 that it does not choose by itself; those that it chooses stand in the verdict panel.
 */

const both = ({ reference, current }: NumericSamples): SortedSample =>
  sortSample(Float64Array.from([...reference.values, ...current.values]))

/** ⌈log2 n + 1⌉ equally wide bins. */
const sturgesEdges = (sample: SortedSample): Float64Array =>
  edgesOfBins(sample, () => Math.log2(sample.values.length) + 1)

const countDistinctOf = (sample: SortedSample): number => new Set(sample.values).size

/**
 * Its counts for PSI, Jensen–Shannon and Kullback–Leibler: Sturges bins over both samples together where the reference has more
 * than 20 distinct numbers, else one bin a value.
 */
export function countAsEvidently(samples: PanelSamples): Counts {
  if (samples.type === 'categorical' || countDistinctOf(samples.reference) <= 20) return countValues(samples)
  return countBetween(samples, sturgesEdges(both(samples)))
}

function countBetween({ reference, current }: NumericSamples, edges: Float64Array): Counts {
  return { reference: countBetweenEdges(reference, edges).counts, current: countBetweenEdges(current, edges).counts }
}

/** Shares with empty bins raised to 0.0001, or to a millionth of the smallest share when that is itself no larger. */
function filledShares(counts: ArrayLike<number>): number[] {
  const n = total(counts)
  const smallest = Math.min(...Array.from(counts).filter((count) => count > 0)) / n
  const fill = smallest <= 0.0001 ? smallest / 1e6 : 0.0001
  return Array.from(counts, (count) => (count === 0 ? fill : count / n))
}

export function psiAsEvidently(counts: Counts): number {
  const q = filledShares(counts.current)
  return filledShares(counts.reference).reduce((sum, p, i) => sum + (p - q[i]) * Math.log(p / q[i]), 0)
}

/** From the reference's side: Σ p · ln(p / q), with the filled shares scaled back to one. */
export function klAsEvidently(counts: Counts): number {
  const scaled = (shares: readonly number[]) => shares.map((share) => share / shares.reduce((a, b) => a + b, 0))
  const q = scaled(filledShares(counts.current))
  return scaled(filledShares(counts.reference)).reduce((sum, p, i) => sum + p * Math.log(p / q[i]), 0)
}

/** √(1 − Σ√(pq)) over Sturges bins of the distinct values of both samples, each counted once for the bins' number. */
export function hellingerAsEvidently(samples: PanelSamples): number {
  const { reference, current } =
    samples.type === 'categorical'
      ? samples
      : countBetween(samples, sturgesEdges(sortSample(Float64Array.from(new Set(both(samples).values)))))
  const scale = Math.sqrt(total(reference)) * Math.sqrt(total(current))
  let overlap = 0
  for (let i = 0; i < reference.length; i++) overlap += Math.sqrt(reference[i] * current[i]) / scale
  return Math.sqrt(1 - Math.min(1, overlap))
}
