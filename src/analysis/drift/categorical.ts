import type { DriftFeature } from '../../contract/report.ts'
import type { CategoricalColumn } from '../../contract/table.ts'
import { gTest } from '../../stats/chi-square.ts'
import {
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  largestShareDifference,
  PSI_FLOOR,
  populationStabilityIndex,
  totalVariationDistance,
} from '../../stats/divergences.ts'
import type { ParametersOf } from '../parameters.ts'
import { testCategories } from './category-test.ts'
import { categoricalTestOf } from './chosen-test.ts'
import type { Comparison } from './comparison.ts'
import { shareChange } from './population.ts'

/** Categories in the picture; the rarest are drawn together. */
const drawnCategories = 30
const others = 'all others'

/** Counts over one list of categories that both samples share. */
export interface CategoryCounts {
  readonly categories: readonly string[]
  readonly reference: Float64Array
  readonly current: Float64Array
  readonly missing: { readonly reference: number; readonly current: number }
}

/** Counts two columns over the union of their dictionaries, the reference's categories first. O(n + categories). */
export function countCategories(reference: CategoricalColumn, current: CategoricalColumn): CategoryCounts {
  const place = new Map<string, number>()
  for (const { categories } of [reference, current])
    for (const category of categories) if (!place.has(category)) place.set(category, place.size)
  const missing = { reference: 0, current: 0 }
  const count = (column: CategoricalColumn, side: 'reference' | 'current') => {
    const counts = new Float64Array(place.size)
    const at = Uint32Array.from(column.categories, (category) => place.get(category) ?? 0)
    const { codes } = column
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]
      if (code >= 0 && code < at.length) counts[at[code]]++
      else missing[side]++
    }
    return counts
  }
  return {
    categories: [...place.keys()],
    reference: count(reference, 'reference'),
    current: count(current, 'current'),
    missing,
  }
}

/**
 * Measures two samples of a categorical column against each other, over all categories that either has.
 *
 * `chiSquare` is the plain test (degrees of freedom: categories − 1, no continuity correction), `cramersV` = √(χ²/N) from it;
 * the verdict's test puts rare categories together (see `testCategories`). Both sides must hold a value. O(categories).
 */
export function compareCounts(
  column: Pick<Comparison, 'name' | 'role' | 'isExact'>,
  counts: CategoryCounts,
  parameters: Pick<ParametersOf<'drift'>, 'categoricalTest' | 'overrides' | 'confidence'>,
): Comparison {
  const { reference: p, current: q } = counts
  const { test, plain } = testCategories(p, q, categoricalTestOf(column.name, parameters))
  const g = gTest(p, q)
  const cells = p.reduce((filled, count, i) => filled + (count + q[i] > 0 ? 1 : 0), 0)
  const isSameConstant = cells === 1
  return {
    ...column,
    type: 'categorical',
    n: { reference: sum(p), current: sum(q) },
    missing: counts.missing,
    measures: {
      chiSquare:
        plain.status === 'ok'
          ? { statistic: plain.statistic, pValue: plain.pValue, degreesOfFreedom: plain.degreesOfFreedom }
          : { statistic: null, pValue: null },
      ...(g.status === 'ok' && {
        gTest: { statistic: g.statistic, pValue: g.pValue, degreesOfFreedom: g.degreesOfFreedom },
      }),
      ...(test?.name === 'Fisher' && { fisher: { statistic: null, pValue: test.pValue } }),
      psi: populationStabilityIndex(p, q),
      jensenShannon: jensenShannonDistance(p, q),
      hellinger: hellingerDistance(p, q),
      totalVariation: totalVariationDistance(p, q),
      cramersV: plain.status === 'ok' ? plain.cramersV : isSameConstant ? 0 : null,
      kullbackLeibler: kullbackLeiblerDivergence(p, q, PSI_FLOOR),
      largestShareDifference: largestShareDifference(p, q),
    },
    mean: undefined,
    population: shareChange(counts.categories, p, q, parameters.confidence),
    distribution: drawn(counts),
    test,
    cells,
    isSameConstant,
    problem: null,
  }
}

const sum = (counts: Float64Array) => counts.reduce((total, count) => total + count, 0)

/** Most common first; those beyond the limit as one. */
function drawn({ categories, reference, current }: CategoryCounts): DriftFeature['distribution'] {
  const order = [...categories.keys()]
    .filter((i) => reference[i] + current[i] > 0)
    .sort((i, j) => reference[j] + current[j] - reference[i] - current[i] || i - j)
  const kept = order.length > drawnCategories ? order.slice(0, drawnCategories - 1) : order
  const rest = order.slice(kept.length)
  const pick = (counts: Float64Array) => {
    const picked = kept.map((i) => counts[i])
    if (rest.length > 0) picked.push(rest.reduce((total, i) => total + counts[i], 0))
    return picked
  }
  return {
    type: 'categorical',
    categories: [...kept.map((i) => categories[i]), ...(rest.length > 0 ? [others] : [])],
    reference: pick(reference),
    current: pick(current),
  }
}
