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
  const reference: number[] = []
  const current: number[] = []
  if (samples.type === 'categorical') {
    for (let i = 0; i < samples.reference.length; i++) {
      if (samples.reference[i] + samples.current[i] === 0) continue
      reference.push(samples.reference[i])
      current.push(samples.current[i])
    }
    return { reference, current }
  }
  const a = samples.reference.values
  const b = samples.current.values
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const x = j >= b.length || (i < a.length && a[i] < b[j]) ? a[i] : b[j]
    const [i0, j0] = [i, j]
    while (i < a.length && a[i] === x) i++
    while (j < b.length && b[j] === x) j++
    reference.push(i - i0)
    current.push(j - j0)
  }
  return { reference, current }
}

/** Values on both sides. */
export function sizesOf(samples: PanelSamples): { readonly reference: number; readonly current: number } {
  if (samples.type === 'numeric')
    return { reference: samples.reference.values.length, current: samples.current.values.length }
  return { reference: total(samples.reference), current: total(samples.current) }
}

/** Distinct numbers, or categories with a value, of both sides together; no more than `most` are told apart. O(n). */
export function countDistinct(samples: PanelSamples, most = Number.POSITIVE_INFINITY): number {
  let distinct = 0
  if (samples.type === 'categorical') {
    for (let i = 0; i < samples.reference.length; i++) if (samples.reference[i] + samples.current[i] > 0) distinct++
    return Math.min(most, distinct)
  }
  const a = samples.reference.values
  const b = samples.current.values
  for (let i = 0, j = 0; distinct < most && (i < a.length || j < b.length); distinct++) {
    const x = j >= b.length || (i < a.length && a[i] < b[j]) ? a[i] : b[j]
    while (i < a.length && a[i] === x) i++
    while (j < b.length && b[j] === x) j++
  }
  return distinct
}

export function total(counts: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) sum += counts[i]
  return sum
}
