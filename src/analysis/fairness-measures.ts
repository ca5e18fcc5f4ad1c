import type { Estimate } from '../contract/primitives.ts'
import { noEstimate } from './estimates.ts'
import { type Gap, type GapOptions, largestDifference, type RateSet, smallestRatio } from './fairness-contrasts.ts'
import { type GroupCounts, labelledOf, sizeOf } from './fairness-groups.ts'
import { sayMany, sayNumber } from './wording.ts'

type RateKind = {
  /** In a sentence: `selection rate 0.24`. */
  readonly name: string
  readonly hits: (counts: GroupCounts) => number
  readonly n: (counts: GroupCounts) => number
  /** What the denominator counts. */
  readonly of: string
}

const selection: RateKind = {
  name: 'selection rate',
  hits: (c) => c.truePositives + c.falsePositives + c.selectedUnlabelled,
  n: sizeOf,
  of: 'prediction',
}
const truePositive: RateKind = {
  name: 'true positive rate',
  hits: (c) => c.truePositives,
  n: (c) => c.truePositives + c.falseNegatives,
  of: 'labelled positive',
}
const falsePositive: RateKind = {
  name: 'false positive rate',
  hits: (c) => c.falsePositives,
  n: (c) => c.falsePositives + c.trueNegatives,
  of: 'labelled negative',
}
const precision: RateKind = {
  name: 'precision',
  hits: (c) => c.truePositives,
  n: (c) => c.truePositives + c.falsePositives,
  of: 'labelled prediction of the class',
}
const accuracy: RateKind = {
  name: 'accuracy',
  hits: (c) => c.truePositives + c.trueNegatives,
  n: labelledOf,
  of: 'label',
}

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

export interface FairnessMeasure {
  readonly metric: string
  readonly isRatio: boolean
  readonly estimate: Estimate
  /** The groups that make the gap; null without a value. */
  readonly extremes: Pick<Gap, 'higher' | 'lower'> | null
  /** `selection rate 0.24 of race=A against 0.05 of race=B` */
  readonly sentence: string
}

/**
 * Every measure over the judged groups, in fixed order. A group without a denominator for a rate does not take part in it; a measure
 * with fewer than two groups left has no value and says why. `options` may be null only without groups.
 */
export function measureFairness(
  groups: readonly { readonly group: number; readonly counts: GroupCounts }[],
  names: readonly string[],
  options: GapOptions | null,
): FairnessMeasure[] {
  return measures.map(({ metric, isRatio, rates }) => {
    const sets: RateSet[] = rates.map((rate) =>
      groups
        .map(({ group, counts }) => ({ group, hits: rate.hits(counts), n: rate.n(counts) }))
        .filter(({ n }) => n > 0),
    )
    const gap = options === null ? null : isRatio ? smallestRatio(sets, options) : largestDifference(sets, options)
    // Sets of one measure share their rows or split them (positives and negatives), so that adding them counts each row once.
    const n = sets.reduce((sum, set) => sum + set.reduce((inSet, rate) => inSet + rate.n, 0), 0)
    if (gap === null) {
      const short = sets.findIndex((set) => set.length < 2)
      const note =
        short < 0 ? `every ${rates[0].name} is 0` : `fewer than two groups have a ${rates[short].of} to compare`
      return { metric, isRatio, estimate: noEstimate(n, note), extremes: null, sentence: note }
    }
    const kind = rates[sets.findIndex((set) => set.includes(gap.higher))]
    const little = [gap.higher, gap.lower].filter((rate) => rate.n < fewInDenominator)
    const note = little.map((rate) => `rests on only ${sayMany(rate.n, kind.of)} of ${names[rate.group]}`).join('; ')
    const say = (rate: Gap['higher']) => `${sayNumber(rate.hits / rate.n)} of ${names[rate.group]}`
    return {
      metric,
      isRatio,
      estimate: { value: gap.value, n, interval: gap.interval, ...(note && { note }) },
      extremes: gap,
      sentence: `${kind.name} ${say(gap.higher)} against ${say(gap.lower)}${note && ` (${note})`}`,
    }
  })
}
