import type { CategoricalSummary, ColumnSummary, NumericSummary } from '../../contract/profile.ts'
import {
  hellingerDistance,
  jensenShannonDistance,
  kullbackLeiblerDivergence,
  PSI_FLOOR,
  populationStabilityIndex,
  totalVariationDistance,
} from '../../stats/divergences.ts'
import { EMPTY_MOMENTS, type Moments, standardDeviationOf } from '../../stats/moments.ts'
import { referenceBinsTest } from '../../stats/reference-bins-test.ts'
import { type BoundedDistance, distancesOfSketches } from '../../stats/sketch-distances.ts'
import { welchTFromMoments } from '../../stats/welch-t.ts'
import type { ParametersOf } from '../parameters.ts'
import { own } from '../profile/counts.ts'
import { type BoundedCount, boundsOf, lastListed, mostFrequent } from '../profile/frequent.ts'
import { compareCounts } from './categorical.ts'
import { type Comparison, incomparable, meansOf } from './comparison.ts'
import { meanChange } from './population.ts'
import { quantileOfSummary, toldQuantiles } from './summary-quantiles.ts'

/** Categories beyond those that a profile lists by name. */
const unlisted = 'not listed'

/**
 * Measures two summaries of a column against each other. Shares over the reference's bins, and therefore PSI, Jensen–Shannon,
 * Hellinger and total variation, are the same numbers as from the samples; the test is `referenceBinsTest`, of the bins; KS and
 * Wasserstein are of the quantile sketches, with certain bounds, where there are any; else KS is the largest gap at a bin's edge, which the
 * true one is at least; means are exact. Cost: O(bins or categories).
 */
export function compareSummaries(
  name: string,
  role: Comparison['role'],
  reference: ColumnSummary | null,
  current: ColumnSummary | null,
  parameters: Pick<ParametersOf<'drift'>, 'categoricalTest' | 'overrides' | 'confidence'>,
): Comparison {
  const refuse = (problem: string) =>
    incomparable(
      {
        name,
        role,
        type: (reference ?? current)?.type ?? 'categorical',
        n: { reference: reference?.n ?? 0, current: current?.n ?? 0 },
        missing: { reference: missingOf(reference), current: missingOf(current) },
        isExact: false,
      },
      problem,
    )
  if (reference === null) return refuse('the reference has no such column')
  if (current === null) return refuse('the current data has no such column')
  if (reference.n === 0) return refuse('the reference holds no value of it')
  if (current.n === 0) return refuse('there is no value of it now')
  if (reference.type === 'categorical' && current.type === 'categorical')
    return {
      ...compareCounts({ name, role, isExact: false }, unionOf(reference, current), parameters),
      frequent: frequentOf(reference, current),
    }
  if (reference.type !== 'numeric' || current.type !== 'numeric')
    return refuse(
      `it holds ${reference.type === 'numeric' ? 'numbers' : 'categories'} in the reference and ${current.type === 'numeric' ? 'numbers' : 'categories'} now`,
    )
  if (reference.edges.length === 0 || current.edges.length === 0)
    return refuse('its profiles were made without bins of a reference')
  if (!hasSameEdges(reference, current)) return refuse('its profiles were made with other bins than the reference')
  return compareBins(name, role, reference, current, parameters.confidence)
}

const missingOf = (summary: ColumnSummary | null) =>
  summary === null ? 0 : summary.missing + (summary.type === 'numeric' ? summary.infinite : 0)

const hasSameEdges = (a: NumericSummary, b: NumericSummary) =>
  a.edges.length === b.edges.length && a.edges.every((edge, i) => edge === b.edges[i])

function compareBins(
  name: string,
  role: Comparison['role'],
  reference: NumericSummary,
  current: NumericSummary,
  confidence: number,
): Comparison {
  const [p, q] = [reference.counts, current.counts]
  const deviation = standardDeviationOf(momentsOf(reference), 0) ?? 0
  const { measures, bounds } = distancesOf(reference, current, deviation)
  const isSameConstant =
    reference.min === reference.max && current.min === reference.min && current.max === reference.min
  return {
    name,
    role,
    type: 'numeric',
    n: { reference: reference.n, current: current.n },
    missing: { reference: missingOf(reference), current: missingOf(current) },
    measures: {
      ks: { statistic: Math.max(largestGap(p, q), bounds.ks?.low ?? 0), pValue: null },
      ...measures,
      psi: populationStabilityIndex(p, q),
      jensenShannon: jensenShannonDistance(p, q),
      hellinger: hellingerDistance(p, q),
      totalVariation: totalVariationDistance(p, q),
      kullbackLeibler: kullbackLeiblerDivergence(p, q, PSI_FLOOR),
      ...meanMeasures(momentsOf(reference), momentsOf(current)),
    },
    mean: meansOf(meanOf(reference), meanOf(current)),
    population: meanChange(momentsOf(reference), momentsOf(current), confidence),
    quantiles: toldQuantiles.flatMap((q) => {
      const [before, now] = [quantileOfSummary(reference, q), quantileOfSummary(current, q)]
      return before === null || now === null ? [] : [{ q, reference: before, current: now }]
    }),
    bounds,
    distribution: drawn(reference, current),
    isExact: false,
    test: testBins(p, q),
    cells: p.filter((count, bin) => count + q[bin] > 0).length,
    isSameConstant,
    problem: null,
  }
}

/** Kolmogorov–Smirnov and Wasserstein distances from sketches, with the ends between which they lie; none where a side has no sketch. */
function distancesOf(
  { sketch: before, ...reference }: NumericSummary,
  { sketch: now, ...current }: NumericSummary,
  deviation: number,
): { measures: Partial<Comparison['measures']>; bounds: NonNullable<Comparison['bounds']> } {
  const min = Math.min(reference.min ?? 0, current.min ?? 0)
  const max = Math.max(reference.max ?? 0, current.max ?? 0)
  const found = before && now ? distancesOfSketches(before, now, { min, max }) : null
  if (found === null) return { measures: {}, bounds: {} }
  const { ks, wasserstein } = found
  const ends = ({ low, high }: BoundedDistance, by = 1) => ({ low: low / by, high: high / by })
  // The gaps at the edges of bins bound it as well.
  const low = Math.max(ks.low, largestGap(reference.counts, current.counts))
  const bounds = { ks: { low, high: Math.max(low, ks.high) } }
  if (wasserstein === null) return { measures: {}, bounds }
  const normed = deviation > 0 && Number.isFinite(wasserstein.high / deviation)
  return {
    measures: {
      wasserstein: wasserstein.value,
      wassersteinNormed: normed ? wasserstein.value / deviation : null,
    },
    bounds: {
      ...bounds,
      wasserstein: ends(wasserstein),
      ...(normed && { wassersteinNormed: ends(wasserstein, deviation) }),
    },
  }
}

/** Values of the reference that a bin should hold. */
const minCount = 5

/**
 * Joins neighbouring bins that have too few values in the reference, looking at the reference alone: to join those of which both
 * samples together hold few would pick the ones that chance left empty now, and find drift where there is none. An outer bin
 * without any value in the reference stays apart where there are some now: they are new. O(bins).
 */
function joinNeighbours(reference: readonly number[], current: readonly number[]): [number[], number[]] {
  const [joined, joinedNow]: [number[], number[]] = [[], []]
  let open = -1
  for (let bin = 0; bin < reference.length; bin++) {
    const isNew = reference[bin] === 0 && current[bin] > 0 && (bin === 0 || bin === reference.length - 1)
    if (isNew || open < 0) {
      joined.push(reference[bin])
      joinedNow.push(current[bin])
      if (!isNew) open = joined.length - 1
    } else {
      joined[open] += reference[bin]
      joinedNow[open] += current[bin]
    }
    if (isNew || joined[open] >= minCount) open = -1
  }
  // What is left over at the upper end goes to the bin before it.
  if (open > 0 && joined[open - 1] > 0 && joined[open] < minCount) {
    joined.splice(open - 1, 2, joined[open - 1] + joined[open])
    joinedNow.splice(open - 1, 2, joinedNow[open - 1] + joinedNow[open])
  }
  return [joined, joinedNow]
}

/** The test of the bins; null where one bin is all there is. */
function testBins(reference: readonly number[], current: readonly number[]): Comparison['test'] {
  const outcome = referenceBinsTest(...joinNeighbours(reference, current))
  if (outcome.status !== 'ok') return null
  const { statistic, pValue } = outcome
  return { name: 'splits of the bins', statistic, pValue, reason: 'bins are laid by the reference itself' }
}

/** Values told of each column. */
const toldValues = 10

/** The values that are most frequent now, then those of the reference that are not among them, with bounds of both counts. */
function frequentOf(reference: CategoricalSummary, current: CategoricalSummary): Comparison['frequent'] {
  const listed = [...mostFrequent(current, toldValues), ...mostFrequent(reference, toldValues)]
  const values = [...new Set(listed.map(({ value }) => value))].slice(0, toldValues)
  const [last, lastNow] = [lastListed(reference), lastListed(current)]
  const bounds = ({ low, high }: BoundedCount) => ({ low, high })
  return values.map((value) => ({
    value,
    reference: bounds(boundsOf(reference, value, last)),
    current: bounds(boundsOf(current, value, lastNow)),
  }))
}

/** Means are exact from sums: so are what is made of them. */
function meanMeasures(reference: Moments, current: Moments): Partial<Comparison['measures']> {
  const deviation = standardDeviationOf(reference, 0) ?? 0
  const shift = Math.abs(current.mean - reference.mean) / deviation
  const welch = welchTFromMoments(reference, current)
  return {
    meanShift: deviation > 0 && Number.isFinite(shift) ? shift : null,
    ...(welch.status === 'ok' &&
      Number.isFinite(welch.statistic) && { welch: { statistic: welch.statistic, pValue: welch.pValue } }),
  }
}

const momentsOf = ({ n, missing, infinite, shift, sum, sumOfSquares, min, max }: NumericSummary): Moments => ({
  ...EMPTY_MOMENTS,
  n,
  missing,
  infinite,
  mean: n === 0 ? 0 : shift + sum / n,
  m2: n === 0 ? 0 : Math.max(0, sumOfSquares - (sum * sum) / n),
  min,
  max,
})

const meanOf = ({ shift, sum, n }: NumericSummary) => shift + sum / n

/** Largest difference of the distribution functions at an edge. */
function largestGap(reference: readonly number[], current: readonly number[]): number {
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)
  const [n, m] = [total(reference), total(current)]
  let [below, belowNow, largest] = [0, 0, 0]
  for (let bin = 0; bin < reference.length; bin++) {
    below += reference[bin]
    belowNow += current[bin]
    largest = Math.max(largest, Math.abs(below / n - belowNow / m))
  }
  return largest
}

/** The bins themselves, the outer ones ending at the smallest and largest values. */
function drawn(reference: NumericSummary, current: NumericSummary): Comparison['distribution'] {
  const { edges } = reference
  const low = Math.min(edges[0], reference.min ?? edges[0], current.min ?? edges[0])
  const last = edges[edges.length - 1]
  const high = Math.max(last, reference.max ?? last, current.max ?? last)
  return { type: 'numeric', edges: [low, ...edges, high], reference: reference.counts, current: current.counts }
}

/**
 * Counts over the categories that both summaries would list if they had them: those that come before the last of a full one. All
 * others are one, on both sides, since one side may list what the other has no room for.
 */
function unionOf(reference: CategoricalSummary, current: CategoricalSummary) {
  const ends = [lastListed(reference), lastListed(current)].filter((last) => last !== null)
  const names = [...new Set([...Object.keys(reference.counts), ...Object.keys(current.counts)])].filter((name) =>
    ends.every((end) => name <= end),
  )
  const countsOf = ({ n, counts }: CategoricalSummary) => {
    const listed = names.map((name) => own(counts, name) ?? 0)
    return [...listed, n - listed.reduce((sum, count) => sum + count, 0)]
  }
  const [before, now] = [countsOf(reference), countsOf(current)]
  const hasUnlisted = before[names.length] + now[names.length] > 0
  return {
    categories: hasUnlisted ? [...names, unlisted] : names,
    reference: Float64Array.from(hasUnlisted ? before : before.slice(0, -1)),
    current: Float64Array.from(hasUnlisted ? now : now.slice(0, -1)),
    missing: { reference: reference.missing, current: current.missing },
  }
}
