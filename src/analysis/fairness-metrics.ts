import type { Estimate } from '../contract/primitives.ts'
import { intervalEstimate, noEstimate } from './estimates.ts'
import { type GapOptions, largestDifference, smallestRatio } from './fairness-contrasts.ts'
import type { GroupCounts } from './fairness-groups.ts'
import type { RateEstimate } from './fairness-intervals.ts'
import { rateKinds, rateSetOf } from './fairness-measures.ts'
import { type GroupNumber, isScoreMetric, measureScores, type ScoredRows } from './fairness-scores.ts'
import { type GroupValue, largestValueDifference, smallestValueRatio } from './fairness-values.ts'
import type { ClassMetric, GroupMetric } from './parameters.ts'
import { sayNumber } from './wording.ts'

/** Whether a high or a low value is good; `zero`: far from 0 is bad; `even`: far from all the rows is. */
const sides: Record<GroupMetric, 'high' | 'low' | 'zero' | 'even'> = {
  mae: 'low',
  rmse: 'low',
  bias: 'zero',
  withinTolerance: 'high',
  meanPrediction: 'even',
  meanLabel: 'even',
  selectionRate: 'even',
  baseRate: 'even',
  accuracy: 'high',
  truePositiveRate: 'high',
  falsePositiveRate: 'low',
  falseNegativeRate: 'low',
  trueNegativeRate: 'high',
  precision: 'high',
  negativePredictiveValue: 'high',
  f1: 'high',
  balancedAccuracy: 'high',
  meanScore: 'even',
  calibrationBias: 'zero',
  brier: 'low',
  logLoss: 'low',
  rocAuc: 'high',
}

/** What a group is measured on. Scores are null where there are none that are probabilities. */
export interface MeasuredGroup {
  readonly counts: GroupCounts
  readonly scored: ScoredRows | null
}

/** A metric by group and its contrasts between the judged groups. */
export interface Frame {
  readonly metric: GroupMetric
  readonly overall: Estimate
  readonly byGroup: readonly Estimate[]
  readonly difference: Contrast
  readonly ratio: Contrast
  /** Place of the group that fares worst; null where fewer than two have a value. */
  readonly worst: number | null
}
export interface Contrast {
  readonly estimate: Estimate
  /** Place of the groups that make it. */
  readonly higher: number | null
  readonly lower: number | null
}

/** Two groups that differ most, however that was measured. */
interface Gap {
  readonly value: number
  readonly interval: [number, number]
  readonly higher: { readonly group: number }
  readonly lower: { readonly group: number }
}

/**
 * One metric over every group, with the largest difference and smallest ratio between judged groups.
 *
 * Rates are contrasted by binomial draws (`largestDifference`), everything else by its standard error (`largestValueDifference`).
 * F1 given TP + FP + FN is a function of a binomial share J, 2J / (1 + J), so its interval is that of J, transformed; balanced
 * accuracy adds the intervals of its two rates in squares. O(n + resamples · groups²).
 */
export function frameOf(
  metric: ClassMetric,
  groups: readonly MeasuredGroup[],
  overall: MeasuredGroup,
  judged: readonly number[],
  options: GapOptions,
  rate: RateEstimate,
): Frame {
  const numberOf = (group: MeasuredGroup) => measureGroup(metric, group, rate, options.confidence)
  const numbers = groups.map(numberOf)
  const all = numberOf(overall).estimate
  const kind = rateKinds.find((each) => each.metric === metric)
  const byGroup = numbers.map(({ estimate }) => estimate)
  const known = judged.filter((group) => byGroup[group].value !== null)
  const n = known.reduce((sum, group) => sum + byGroup[group].n, 0)
  const worst = known.length < 2 ? null : worstOf(metric, known, byGroup, all.value ?? 0)
  const common = { metric, overall: all, byGroup, worst }
  const contrast = (gap: Gap | null, why: string): Contrast =>
    gap === null
      ? { estimate: noEstimate(n, why), higher: null, lower: null }
      : {
          estimate: { value: gap.value, n, interval: gap.interval },
          higher: gap.higher.group,
          lower: gap.lower.group,
        }
  const few = 'fewer than two groups have it'
  if (kind) {
    const sets = [
      rateSetOf(
        kind,
        known.map((group) => ({ group, strata: [groups[group].counts] })),
      ),
    ]
    return {
      ...common,
      difference: contrast(largestDifference(sets, options), few),
      ratio: contrast(smallestRatio(sets, options), known.length < 2 ? few : 'the rate is 0 in every group'),
    }
  }
  const values = known.flatMap((group): GroupValue[] => {
    const { estimate, standardError } = numbers[group]
    return estimate.value === null || standardError === null
      ? []
      : [{ group, value: estimate.value, standardError, n: estimate.n }]
  })
  return {
    ...common,
    difference: contrast(largestValueDifference(values, options), few),
    ratio: contrast(
      smallestValueRatio(values, options),
      values.length < 2 ? few : 'not above 0 in every group, so that no ratio means anything',
    ),
  }
}

/** The groups at the ends of a contrast: `f1 0.81 of race=A against 0.62 of race=B`. */
export function sayContrast(
  { metric, byGroup }: Frame,
  { higher, lower, estimate }: Contrast,
  names: readonly string[],
) {
  if (higher === null || lower === null) return estimate.note ?? 'no value'
  const said = metric.replace(
    /([a-z])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  )
  const of = (group: number) => `${sayNumber(byGroup[group].value ?? 0)} of ${names[group]}`
  return `${said} ${of(higher)} against ${of(lower)}`
}

/** Of groups with a value the one that fares worst. */
export function worstOf(
  metric: GroupMetric,
  known: readonly number[],
  byGroup: readonly Estimate[],
  overall: number,
): number {
  const badness = (group: number) => {
    const value = byGroup[group].value ?? 0
    const side = sides[metric]
    if (side === 'high') return -value
    return side === 'low' ? value : Math.abs(side === 'zero' ? value : value - overall)
  }
  return known.reduce((worst, group) => (badness(group) > badness(worst) ? group : worst))
}

function measureGroup(
  metric: ClassMetric,
  { counts, scored }: MeasuredGroup,
  rate: RateEstimate,
  confidence: number,
): GroupNumber {
  const kind = rateKinds.find((each) => each.metric === metric)
  if (kind) {
    const n = kind.n(counts)
    return { estimate: n === 0 ? noEstimate(0, `no ${kind.of}`) : rate(kind.hits(counts), n), standardError: null }
  }
  if (isScoreMetric(metric))
    return scored === null
      ? { estimate: noEstimate(0, 'there are no scores in [0, 1]'), standardError: null }
      : measureScores(metric, scored, confidence)
  return metric === 'f1' ? measureF1(counts, rate) : measureBalancedAccuracy(counts, rate)
}

const spreadOf = (hits: number, n: number) => {
  const p = (hits + 0.5) / (n + 1)
  return Math.sqrt((p * (1 - p)) / n)
}

function measureF1({ truePositives, falsePositives, falseNegatives }: GroupCounts, rate: RateEstimate): GroupNumber {
  const n = truePositives + falsePositives + falseNegatives
  if (n === 0) return { estimate: noEstimate(0, 'nothing is called or labelled the class'), standardError: null }
  const toF1 = (share: number) => (2 * share) / (1 + share)
  const { value, interval } = rate(truePositives, n)
  const share = value ?? 0
  const [low, high] = interval ?? [0, 1]
  return {
    estimate: intervalEstimate(toF1(share), n, { low: toF1(low), high: toF1(high) }),
    standardError: (2 / (1 + share) ** 2) * spreadOf(truePositives, n),
  }
}

function measureBalancedAccuracy(
  { truePositives, falseNegatives, trueNegatives, falsePositives }: GroupCounts,
  rate: RateEstimate,
): GroupNumber {
  const positives = truePositives + falseNegatives
  const negatives = trueNegatives + falsePositives
  const n = positives + negatives
  if (positives === 0 || negatives === 0)
    return { estimate: noEstimate(n, 'it takes labels of both kinds'), standardError: null }
  const [hit, missed] = [rate(truePositives, positives), rate(trueNegatives, negatives)]
  const [p, q] = [hit.value ?? 0, missed.value ?? 0]
  const value = (p + q) / 2
  const margin = (side: 0 | 1) => Math.hypot(p - (hit.interval?.[side] ?? p), q - (missed.interval?.[side] ?? q)) / 2
  return {
    estimate: intervalEstimate(value, n, { low: value - margin(0), high: value + margin(1) }),
    standardError: Math.hypot(spreadOf(truePositives, positives), spreadOf(trueNegatives, negatives)) / 2,
  }
}
