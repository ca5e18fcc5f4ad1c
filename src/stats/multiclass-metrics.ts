import { ratio } from './binary-metrics.ts'
import { binaryCountsOf, type Confusion } from './confusion.ts'

export type ClassMetrics = {
  /** Dictionary code of the class. */
  readonly code: number
  /** Rows labelled so. */
  readonly support: number
  /** Rows predicted so. */
  readonly predicted: number
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

/** One measure averaged over classes. */
export type AveragedMetrics = {
  readonly precision: number | null
  readonly recall: number | null
  readonly f1: number | null
}

export type MulticlassMetrics = {
  readonly n: number
  readonly accuracy: number | null
  /** Mean recall over the classes that have labels. */
  readonly balancedAccuracy: number | null
  readonly matthewsCorrelation: number | null
  readonly kappa: number | null
  readonly macro: AveragedMetrics
  readonly weighted: AveragedMetrics
  readonly micro: AveragedMetrics
  readonly perClass: readonly ClassMetrics[]
}

/**
 * Measures of a classifier with any number of classes, from its confusion table.
 *
 * Averages run over the classes seen as label or prediction; there a class's undefined precision or recall counts as 0, as
 * is customary, while `perClass` says null. Weights are supports. Micro averages all equal the accuracy. Everything is
 * null for an empty table; Matthews' correlation and kappa also when labels or predictions hold one class only.
 * O(classes²). Source of the correlation: Gorodkin, Comput. Biol. Chem. 28 (2004) 367.
 */
export function multiclassMetrics(confusion: Confusion): MulticlassMetrics {
  const { classes, counts } = confusion
  const perClass = Array.from({ length: classes }, (_, code): ClassMetrics => {
    const { truePositives: tp, falsePositives: fp, falseNegatives: fn } = binaryCountsOf(confusion, code)
    return {
      code,
      support: tp + fn,
      predicted: tp + fp,
      precision: ratio(tp, tp + fp),
      recall: ratio(tp, tp + fn),
      f1: ratio(2 * tp, 2 * tp + fp + fn),
    }
  })
  let n = 0
  let correct = 0
  for (let i = 0; i < counts.length; i++) n += counts[i]
  for (let c = 0; c < classes; c++) correct += counts[c * classes + c]
  let agreement = 0
  let labelSquares = 0
  let predictionSquares = 0
  for (const { support, predicted } of perClass) {
    agreement += support * predicted
    labelSquares += support * support
    predictionSquares += predicted * predicted
  }
  const seen = perClass.filter(({ support, predicted }) => support + predicted > 0)
  const labelled = seen.filter(({ support }) => support > 0)
  const accuracy = ratio(correct, n)
  const margins = Math.sqrt(n * n - predictionSquares) * Math.sqrt(n * n - labelSquares)
  return {
    n,
    accuracy,
    balancedAccuracy: average(labelled, 'recall', () => 1),
    matthewsCorrelation: ratio(correct * n - agreement, margins),
    kappa: margins === 0 ? null : ratio(n * correct - agreement, n * n - agreement),
    macro: averages(seen, () => 1),
    weighted: averages(seen, ({ support }) => support),
    micro: { precision: accuracy, recall: accuracy, f1: accuracy },
    perClass,
  }
}

function averages(classes: readonly ClassMetrics[], weight: (metrics: ClassMetrics) => number): AveragedMetrics {
  return {
    precision: average(classes, 'precision', weight),
    recall: average(classes, 'recall', weight),
    f1: average(classes, 'f1', weight),
  }
}

function average(
  classes: readonly ClassMetrics[],
  key: 'precision' | 'recall' | 'f1',
  weight: (metrics: ClassMetrics) => number,
): number | null {
  let sum = 0
  let total = 0
  for (const metrics of classes) {
    sum += weight(metrics) * (metrics[key] ?? 0)
    total += weight(metrics)
  }
  return ratio(sum, total)
}
