import type { Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import { noEstimate } from './estimates.ts'
import { type GroupCounts, labelledOf, sizeOf } from './fairness-groups.ts'
import type { RateEstimate } from './fairness-intervals.ts'

type GroupRow = DetailOf<'fairness'>['overall']

/** `race=White, sex=Male` */
export const nameOfGroup = (columns: readonly string[], values: readonly string[]): string =>
  columns.map((column, i) => `${column}=${values[i]}`).join(', ')

/** Values of the group columns, by column. */
export const valuesOf = (columns: readonly string[], values: readonly string[]): Record<string, string> =>
  Object.fromEntries(columns.map((column, i) => [column, values[i]]))

/** The rates of one group as pages and exports show them. A rate without a denominator has no value and says why. */
export function groupRowOf(
  group: Record<string, string>,
  counts: GroupCounts | null,
  status: Status,
  estimate: RateEstimate,
): GroupRow {
  const tp = counts?.truePositives ?? 0
  const fn = counts?.falseNegatives ?? 0
  const fp = counts?.falsePositives ?? 0
  const tn = counts?.trueNegatives ?? 0
  const selected = tp + fp + (counts?.selectedUnlabelled ?? 0)
  const n = counts ? sizeOf(counts) : 0
  const labelled = counts ? labelledOf(counts) : 0
  const rate = (hits: number, of: number, why: string) => (of === 0 ? noEstimate(0, why) : estimate(hits, of))
  return {
    group,
    n,
    labelled,
    selectionRate: rate(selected, n, 'no predictions'),
    truePositiveRate: rate(tp, tp + fn, 'no labelled positives'),
    falsePositiveRate: rate(fp, fp + tn, 'no labelled negatives'),
    falseNegativeRate: rate(fn, tp + fn, 'no labelled positives'),
    trueNegativeRate: rate(tn, fp + tn, 'no labelled negatives'),
    precision: rate(tp, tp + fp, 'no labelled predictions of the class'),
    accuracy: rate(tp + tn, labelled, 'no labels'),
    status,
  }
}

/** A group of numeric predictions: it has rows and labels, and no rates. */
export function numberRowOf(group: Record<string, string>, counts: GroupCounts | null, status: Status): GroupRow {
  const none = noEstimate(0, 'numbers have no rates')
  return {
    group,
    n: counts ? sizeOf(counts) : 0,
    labelled: counts ? labelledOf(counts) : 0,
    selectionRate: none,
    truePositiveRate: none,
    falsePositiveRate: none,
    falseNegativeRate: none,
    trueNegativeRate: none,
    precision: none,
    accuracy: none,
    status,
  }
}
