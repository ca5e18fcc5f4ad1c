import { countDistinct, countEachValue } from '../../stats/distinct-values.ts'
import type { SortedSample } from '../../stats/sorted-sample.ts'

/** Two samples of one column as a rule gets to see them: finite numbers in order, or counts over categories that both share. */
export type PanelSamples = NumericSamples | CategoricalSamples

export interface NumericSamples {
  readonly type: 'numeric'
  readonly reference: SortedSample
  readonly current: SortedSample
}

export interface CategoricalSamples extends Counts {
  readonly type: 'categorical'
}

/** How often each of the same values occurs on both sides. */
export interface Counts {
  readonly reference: ArrayLike<number>
  readonly current: ArrayLike<number>
}

/** Counts over the distinct numbers of both samples, ascending; categories that neither side has are left out. O(n). */
export function countValues(samples: PanelSamples): Counts {
  if (samples.type === 'numeric') return countEachValue(samples.reference, samples.current)
  const present = [...Array(samples.reference.length).keys()].filter(
    (i) => samples.reference[i] + samples.current[i] > 0,
  )
  return { reference: present.map((i) => samples.reference[i]), current: present.map((i) => samples.current[i]) }
}

/** Values on both sides. */
export function sizesOf(samples: PanelSamples): { readonly reference: number; readonly current: number } {
  if (samples.type === 'numeric')
    return { reference: samples.reference.values.length, current: samples.current.values.length }
  return { reference: total(samples.reference), current: total(samples.current) }
}

/** Distinct numbers, or categories with a value, of both sides together; no more than `most` are told apart. */
export function distinctOf(samples: PanelSamples, most = Number.POSITIVE_INFINITY): number {
  if (samples.type === 'numeric') return countDistinct(samples.reference, samples.current, most)
  return Math.min(most, countValues(samples).reference.length)
}

export function total(counts: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i]
  return sum
}
