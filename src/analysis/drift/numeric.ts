import type { NumericColumn } from '../../contract/table.ts'
import { andersonDarlingSorted } from '../../stats/anderson-darling.ts'
import { cramerVonMisesSorted } from '../../stats/cramer-von-mises.ts'
import {
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  PSI_FLOOR,
  populationStabilityIndex,
  totalVariationDistance,
} from '../../stats/divergences.ts'
import { energyDistanceSorted } from '../../stats/energy-distance.ts'
import { countSortedIntoBins, equalWidthBins } from '../../stats/histogram.ts'
import { kolmogorovSmirnovSorted } from '../../stats/kolmogorov-smirnov.ts'
import { standardDeviationOf } from '../../stats/moments.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import type { SortedSample } from '../../stats/sorted-sample.ts'
import { walkTogether } from '../../stats/two-sample-walk.ts'
import { wassersteinSorted } from '../../stats/wasserstein.ts'
import { welchTFromMoments } from '../../stats/welch-t.ts'
import type { DriftMeasure, ParametersOf } from '../parameters.ts'
import { referenceBins } from '../profile/binning.ts'
import { numericTestOf } from './chosen-test.ts'
import { type Comparison, meansOf } from './comparison.ts'
import { testNumbers } from './numeric-test.ts'
import { meanChange } from './population.ts'
import { type PreparedReferences, prepareNumbers } from './prepared-references.ts'
import { quantileOfValues, toldQuantiles } from './summary-quantiles.ts'

/** Bins of the picture; those of the measures follow the reference's quantiles. */
const drawnBins = 30

/**
 * Measures two samples of a numeric column against each other.
 *
 * NaN and infinite values belong to no distribution and are counted as missing. Shares are taken over the reference's
 * quantile bins (see `referenceBins`); PSI in natural logarithm with a floor of 1e-4, Jensen–Shannon distance in base 2,
 * Wasserstein divided by the reference's standard deviation (divisor n; null for a constant reference), KS on the values
 * themselves. Both samples must hold a finite value. O(n log n), each sample sorted once.
 */
export function compareNumeric(
  column: { readonly name: string; readonly role: Comparison['role'] },
  reference: NumericColumn,
  current: NumericColumn,
  parameters: ParametersOf<'drift'>,
  prepared?: PreparedReferences,
): Comparison {
  const { sample: a, moments } = prepared?.numbers(reference.values) ?? prepareNumbers(reference.values)
  const { sample: b, moments: momentsNow } = prepareNumbers(current.values)
  const bins = referenceBins(a.values, parameters.bins)
  const p = countSortedIntoBins(a, bins).counts
  const q = countSortedIntoBins(b, bins).counts
  const walk = walkTogether(a.values, b.values)
  const ks = kolmogorovSmirnovSorted(a, b, walk)
  const deviation = standardDeviationOf(moments, 0) ?? 0
  const wasserstein = wassersteinSorted(a, b, deviation, walk)
  const [distance, normed] = wasserstein.status === 'ok' ? [wasserstein.distance, wasserstein.normed] : [null, null]
  const welch = welchTFromMoments(moments, momentsNow, parameters.confidence)
  const isCostly =
    a.values.length + b.values.length > parameters.costlyUpTo &&
    !isAskedFor('energyCoefficient', column.name, parameters)
  return {
    ...column,
    type: 'numeric',
    n: { reference: a.values.length, current: b.values.length },
    missing: { reference: a.missing, current: b.missing },
    measures: {
      ks: ks.status === 'ok' ? { statistic: ks.statistic, pValue: ks.pValue } : { statistic: null, pValue: null },
      psi: populationStabilityIndex(p, q),
      jensenShannon: jensenShannonDistance(p, q),
      wasserstein: finite(distance),
      wassersteinNormed: finite(normed),
      hellinger: hellingerDistance(p, q),
      totalVariation: totalVariationDistance(p, q),
      kullbackLeibler: kullbackLeiblerDivergence(p, q, PSI_FLOOR),
      meanShift: finite(deviation > 0 ? Math.abs(momentsNow.mean - moments.mean) / deviation : null),
      ...(welch.status === 'ok' && { welch: finiteTest(welch) }),
      ...(isCostly ? {} : costlyMeasures(a, b)),
    },
    ...(isCostly && { leftOut: [...costly] }),
    mean: meansOf(moments.mean, momentsNow.mean),
    population: meanChange(moments, momentsNow, parameters.confidence),
    quantiles: toldQuantiles.map((q) => ({
      q,
      reference: quantileOfValues(a.values, q),
      current: quantileOfValues(b.values, q),
    })),
    distribution: drawn(a, b),
    isExact: true,
    test: testNumbers(a, b, { ks: ks.status === 'ok' ? ks : null, welch }, numericTestOf(column.name, parameters)),
    cells: p.reduce((filled, count, bin) => filled + (count + q[bin] > 0 ? 1 : 0), 0),
    isSameConstant: isSameConstant(a.values, b.values),
    problem: null,
  }
}

const finite = (value: number | null) => (value !== null && Number.isFinite(value) ? value : null)

function isSameConstant(a: Float64Array, b: Float64Array): boolean {
  return a[0] === a[a.length - 1] && b[0] === a[0] && b[b.length - 1] === a[0]
}

function isAskedFor(
  measure: DriftMeasure,
  name: string,
  { numericMeasure, overrides, otherMeasures }: ParametersOf<'drift'>,
): boolean {
  const own = Object.hasOwn(overrides, name) ? overrides[name].measure : undefined
  return (own ?? numericMeasure) === measure || otherMeasures.includes(measure)
}

/** What is given besides while there are not too many values: each is a pass or two over both samples. */
const costly = ['cramerVonMises', 'andersonDarling', 'energy'] as const

function costlyMeasures(a: SortedSample, b: SortedSample): Partial<Comparison['measures']> {
  const cramerVonMises = cramerVonMisesSorted(a, b)
  const andersonDarling = andersonDarlingSorted(a, b)
  const energy = energyDistanceSorted(a, b)
  return {
    ...(cramerVonMises.status === 'ok' && { cramerVonMises: finiteTest(cramerVonMises) }),
    ...(andersonDarling.status === 'ok' && { andersonDarling: finiteTest(andersonDarling) }),
    ...(energy.status === 'ok' && {
      energy: finite(energy.distance),
      energyCoefficient: finite(energy.coefficient),
    }),
  }
}

const finiteTest = ({ statistic, pValue }: { readonly statistic: number; readonly pValue: number }) => ({
  statistic: finite(statistic),
  pValue: finite(pValue),
})

/** Bins of equal width over the middle 99 % of both samples; the first and the last also hold what lies beyond. */
function drawn(a: SortedSample, b: SortedSample): Comparison['distribution'] {
  const bound = (q: number) => [a, b].map(({ values }) => quantileSorted(values, q) ?? 0)
  // Edges must stay finite, whatever the values.
  const low = Math.max(-1e300, Math.min(...bound(0.005)))
  const high = Math.min(1e300, Math.max(low, ...bound(0.995)))
  const bins = equalWidthBins(low, high, drawnBins)
  return {
    type: 'numeric',
    edges: [low, ...bins.edges, high],
    reference: [...countSortedIntoBins(a, bins).counts],
    current: [...countSortedIntoBins(b, bins).counts],
  }
}
