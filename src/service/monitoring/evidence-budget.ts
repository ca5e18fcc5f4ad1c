import type { DraftFinding, MonitorKind } from '../../contract/finding.ts'
import { twoSidedZ } from '../../stats/normal-distribution.ts'
import { createAlphaSpending, spendAlpha } from '../../stats/sequential-p-values.ts'

/*
 * A monitor that looks every day looks many times. What bounds its false alarms over its whole life is an error budget: look
 * k may call a breach only on evidence at the level alpha_k = alpha · w(k), and the weights w add up to one, so the
 * probability that a number which has not moved is ever called a breach is at most alpha (by the union bound, for any
 * dependence between looks: overlapping windows and one reference for all are allowed). The budget is that of one monitor
 * and one version: a new version is a new model with a new reference.
 *
 * - Numbers with a test (drift, bias, slices, what predictions rest on): the p-value, after Benjamini–Hochberg across what was tested together, is held
 *   against alpha_k. That bounds the whole family under the null that nothing in it has moved.
 * - Numbers with an interval (performance, fairness): the interval is widened about its value from its own confidence to
 *   1 − alpha_k before it is held against the limit. That bounds each number.
 *
 * The persistence of a limit (2 of 3) only lowers it further. Facts (a gap, a missing column) are not estimates and spend nothing.
 */

const tested: ReadonlySet<MonitorKind> = new Set(['drift', 'bias', 'errors', 'explanation'])
const measured: ReadonlySet<MonitorKind> = new Set(['performance', 'fairness'])

/** Whether looks of this kind spend from a budget. */
export const spendsBudget = (kind: MonitorKind): boolean => tested.has(kind) || measured.has(kind)

/** The level of evidence that the `look`th look (from 1) needs. */
export function levelOfLook(alpha: number, look: number): number {
  const spending = createAlphaSpending(alpha)
  spending.looks = look - 1
  return spendAlpha(spending, 1).limit
}

/** The finding as it is to be judged at a level: its interval as wide as that level wants. Others are as they were. */
export function atLevel(finding: DraftFinding, level: number, confidence: number): DraftFinding {
  const { value, interval } = finding
  if (!measured.has(finding.kind) || value === null || interval === null || finding.evidence?.pValue != null)
    return finding
  const factor = Math.max(1, twoSidedZ(1 - level) / twoSidedZ(confidence))
  return { ...finding, interval: [value - (value - interval[0]) * factor, value + (interval[1] - value) * factor] }
}
