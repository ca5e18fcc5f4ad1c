import { insufficient, type Outcome, type PerSample } from './outcome.ts'
import { finitePart, type SortedSample, sortSample } from './sorted-sample.ts'

export type EnergyDistance = {
  /** √(2 ∫ (F − G)² dx), in the square root of the data's unit. */
  readonly distance: number
  /** Share of the mean distance between samples that is not inside them, in [0, 1]; null when nothing differs at all. */
  readonly coefficient: number | null
  readonly n: PerSample
  readonly missing: PerSample
  readonly infinite: PerSample
}

/** Energy distance between unsorted samples; see {@link energyDistanceSorted}. O(n log n). */
export function energyDistance(reference: ArrayLike<number>, current: ArrayLike<number>): Outcome<EnergyDistance> {
  return energyDistanceSorted(sortSample(reference), sortSample(current))
}

/**
 * Energy distance between two sorted samples: √(2 E|X − Y| − E|X − X′| − E|Y − Y′|) = √(2 ∫ (F − G)² dx).
 *
 * The coefficient is the same before the root over 2 E|X − Y|. NaN and infinities are left out and counted. `insufficient`
 * when a sample has no finite value. O(n). Source: Székely and Rizzo, J. Statist. Plann. Inference 143 (2013) 1249.
 */
export function energyDistanceSorted(reference: SortedSample, current: SortedSample): Outcome<EnergyDistance> {
  const { values: a, infinite: infiniteA } = finitePart(reference)
  const { values: b, infinite: infiniteB } = finitePart(current)
  const n = a.length
  const m = b.length
  if (n === 0 || m === 0) return insufficient('too-few', 0, 1)
  let apart = 0
  let between = 0
  let before = Math.min(a[0], b[0])
  for (let i = 0, j = 0; i < n || j < m; ) {
    const x = j >= m || (i < n && a[i] < b[j]) ? a[i] : b[j]
    const f = i / n
    const g = j / m
    apart += (f - g) * (f - g) * (x - before)
    // E|X − Y| = ∫ F (1 − G) + G (1 − F) dx.
    between += (f * (1 - g) + g * (1 - f)) * (x - before)
    before = x
    while (i < n && a[i] === x) i++
    while (j < m && b[j] === x) j++
  }
  return {
    status: 'ok',
    distance: Math.sqrt(2 * apart),
    coefficient: between > 0 ? Math.min(1, apart / between) : null,
    n: { reference: n, current: m },
    missing: { reference: reference.missing, current: current.missing },
    infinite: { reference: infiniteA, current: infiniteB },
  }
}
