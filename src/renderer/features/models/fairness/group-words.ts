import type { DetailOf } from '../../../../contract/report.ts'
import { spellOut } from '../../shared/words.ts'

type Values = DetailOf<'fairness'>['groups'][number]['group']

/** `race White, sex Male`; nothing for all rows together. */
export const sayGroup = (group: Values): string =>
  Object.entries(group)
    .map(([column, value]) => `${column} ${value}`)
    .join(', ')

/** What can be compared between groups, as a person chooses it. */
export const groupMetrics: readonly (readonly [id: string, name: string])[] = [
  ['baseRate', 'Share of labelled positives'],
  ['falseNegativeRate', 'False negative rate'],
  ['trueNegativeRate', 'True negative rate'],
  ['negativePredictiveValue', 'Negative predictive value'],
  ['f1', 'F1'],
  ['balancedAccuracy', 'Balanced accuracy'],
  ['meanScore', 'Mean score'],
  ['calibrationBias', 'Calibration bias (observed less score)'],
  ['brier', 'Brier score'],
  ['logLoss', 'Log loss'],
  ['rocAuc', 'ROC AUC'],
]

/** The same of predicted numbers. */
export const numberMetrics: readonly (readonly [id: string, name: string])[] = [
  ['mae', 'Mean absolute error'],
  ['rmse', 'Root mean squared error'],
  ['bias', 'Bias (predicted less actual)'],
  ['withinTolerance', 'Share within the tolerance'],
  ['meanPrediction', 'Mean prediction'],
  ['meanLabel', 'Mean label'],
]

/** A metric by group as a heading. */
export function sayMetric(metric: string): string {
  const known = [...groupMetrics, ...numberMetrics].find(([id]) => id === metric)?.[1]
  const said = spellOut(metric)
  return known ?? said.charAt(0).toUpperCase() + said.slice(1)
}
