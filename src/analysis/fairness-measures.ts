import type { Estimate } from '../contract/primitives.ts'
import { noEstimate } from './estimates.ts'
import { type Gap, type GapOptions, largestDifference, type RateSet, smallestRatio } from './fairness-contrasts.ts'
import { type GroupCounts, labelledOf, sizeOf } from './fairness-groups.ts'
import { sayMany, sayNumber } from './wording.ts'

export type RateKind = {
  readonly metric: string
  /** In a sentence: `selection rate 0.24`. */
  readonly name: string
  readonly hits: (counts: GroupCounts) => number
  readonly n: (counts: GroupCounts) => number
  /** What the denominator counts. */
  readonly of: string
}

const selection: RateKind = {
  metric: 'selectionRate',
  name: 'selection rate',
  hits: (c) => c.truePositives + c.falsePositives + c.selectedUnlabelled,
  n: sizeOf,
  of: 'prediction',
}
const truePositive: RateKind = {
  metric: 'truePositiveRate',
  name: 'true positive rate',
  hits: (c) => c.truePositives,
  n: (c) => c.truePositives + c.falseNegatives,
  of: 'labelled positive',
}
const falsePositive: RateKind = {
  metric: 'falsePositiveRate',
  name: 'false positive rate',
  hits: (c) => c.falsePositives,
  n: (c) => c.falsePositives + c.trueNegatives,
  of: 'labelled negative',
}
const precision: RateKind = {
  metric: 'precision',
  name: 'precision',
  hits: (c) => c.truePositives,
  n: (c) => c.truePositives + c.falsePositives,
  of: 'labelled prediction of the class',
}
const falseNegative: RateKind = {
  metric: 'falseNegativeRate',
  name: 'false negative rate',
  hits: (c) => c.falseNegatives,
  n: truePositive.n,
  of: truePositive.of,
}
const trueNegative: RateKind = {
  metric: 'trueNegativeRate',
  name: 'true negative rate',
  hits: (c) => c.trueNegatives,
  n: falsePositive.n,
  of: falsePositive.of,
}
const negativePrecision: RateKind = {
  metric: 'negativePredictiveValue',
  name: 'negative predictive value',
  hits: (c) => c.trueNegatives,
  n: (c) => c.trueNegatives + c.falseNegatives,
  of: 'labelled prediction of another class',
}
const base: RateKind = {
  metric: 'baseRate',
  name: 'share of labelled positives',
  hits: truePositive.n,
  n: labelledOf,
  of: 'label',
}
const accuracy: RateKind = {
  metric: 'accuracy',
  name: 'accuracy',
  hits: (c) => c.truePositives + c.trueNegatives,
  n: labelledOf,
  of: 'label',
}

/** Every rate that follows from the counts of a group. */
export const rateKinds: readonly RateKind[] = [
  selection,
  base,
  accuracy,
  truePositive,
  falsePositive,
  falseNegative,
  trueNegative,
  precision,
  negativePrecision,
]
/** The rates that the measures below compare. */
export const comparedRates: readonly RateKind[] = [selection, truePositive, falsePositive, precision, accuracy]

/**
 * The measures and the rates whose gaps they are: a difference is the largest of any two groups, a ratio the smallest.
 * Equalized odds takes the worse of true and false positive rates.
 */
const measures: readonly { metric: string; isRatio: boolean; rates: readonly RateKind[] }[] = [
  { metric: 'demographicParityDifference', isRatio: false, rates: [selection] },
  { metric: 'demographicParityRatio', isRatio: true, rates: [selection] },
  { metric: 'equalizedOddsDifference', isRatio: false, rates: [truePositive, falsePositive] },
  { metric: 'equalizedOddsRatio', isRatio: true, rates: [truePositive, falsePositive] },
  { metric: 'equalOpportunityDifference', isRatio: false, rates: [truePositive] },
  { metric: 'predictiveParityDifference', isRatio: false, rates: [precision] },
  { metric: 'accuracyDifference', isRatio: false, rates: [accuracy] },
]

/** Below this denominator an extreme rate is mentioned as resting on little. */
const fewInDenominator = 10

/** A group that is judged, with its counts in each stratum; one stratum where nothing is controlled for. */
export interface JudgedGroup {
  readonly group: number
  readonly strata: readonly GroupCounts[]
}

export interface FairnessMeasure {
  readonly metric: string
  readonly isRatio: boolean
  readonly estimate: Estimate
  /** The groups that make the gap; null without a value. */
  readonly extremes: Pick<Gap, 'higher' | 'lower'> | null
  /** `selection rate 0.24 of race=A against 0.05 of race=B` */
  readonly sentence: string
  /** Rates that are compared. */
  readonly rates: readonly RateKind[]
}

/** A rate of the groups that have a denominator for it in some stratum. */
export const rateSetOf = (kind: RateKind, groups: readonly JudgedGroup[]): RateSet =>
  groups
    .map(({ group, strata }) => ({
      group,
      cells: strata.map((counts) => ({ hits: kind.hits(counts), n: kind.n(counts) })),
    }))
    .filter(({ cells }) => cells.some(({ n }) => n > 0))

/**
 * Every measure over the judged groups, in fixed order. A group without a denominator for a rate does not take part in it; a measure
 * with fewer than two groups left has no value and says why. Over several strata groups are compared within each and the
 * contrasts combined (see `largestDifference`). `options` may be null only without groups.
 */
export function measureFairness(
  groups: readonly JudgedGroup[],
  names: readonly string[],
  options: GapOptions | null,
): FairnessMeasure[] {
  return measures.map(({ metric, isRatio, rates }) => measureGap(metric, isRatio, rates, groups, names, options))
}

/** The largest difference, or smallest ratio, of rates over all pairs of groups, as a measure. */
export function measureGap(
  metric: string,
  isRatio: boolean,
  rates: readonly RateKind[],
  groups: readonly JudgedGroup[],
  names: readonly string[],
  options: GapOptions | null,
): FairnessMeasure {
  const sets = rates.map((rate) => rateSetOf(rate, groups))
  const gap = options === null ? null : isRatio ? smallestRatio(sets, options) : largestDifference(sets, options)
  // Sets of one measure share their rows or split them (positives and negatives), so that adding them counts each row once.
  const n = sets.reduce((sum, set) => sum + rowsOf(set), 0)
  if (gap === null) {
    const short = sets.findIndex((set) => set.length < 2)
    const note =
      short < 0 ? `every ${rates[0].name} is 0` : `fewer than two groups have a ${rates[short].of} to compare`
    return { metric, isRatio, estimate: noEstimate(n, note), extremes: null, sentence: note, rates }
  }
  const kind = rates[gap.set]
  const little = [gap.higher, gap.lower].filter((extreme) => extreme.n < fewInDenominator)
  const note = little
    .map((extreme) => `rests on only ${sayMany(extreme.n, kind.of)} of ${names[extreme.group]}`)
    .join('; ')
  const say = (extreme: Gap['higher']) => `${sayNumber(extreme.rate)} of ${names[extreme.group]}`
  return {
    metric,
    isRatio,
    estimate: { value: gap.value, n, interval: gap.interval, ...(note && { note }) },
    extremes: gap,
    sentence: `${kind.name} ${say(gap.higher)} against ${say(gap.lower)}${note && ` (${note})`}`,
    rates,
  }
}

const rowsOf = (set: RateSet) =>
  set.reduce((sum, { cells }) => sum + cells.reduce((inGroup, { n }) => inGroup + n, 0), 0)
