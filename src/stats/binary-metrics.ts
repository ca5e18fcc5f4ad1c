import type { BinaryCounts } from './confusion.ts'

/** Measures of a yes/no classifier; null where the formula divides by zero. */
export type BinaryMetrics = {
  readonly n: number
  readonly accuracy: number | null
  readonly precision: number | null
  readonly recall: number | null
  readonly specificity: number | null
  readonly negativePredictiveValue: number | null
  readonly falsePositiveRate: number | null
  readonly falseNegativeRate: number | null
  readonly f1: number | null
  readonly balancedAccuracy: number | null
  readonly matthewsCorrelation: number | null
  readonly kappa: number | null
  /** Share of rows whose label is positive. */
  readonly prevalence: number | null
  /** Share of rows predicted positive. */
  readonly selectionRate: number | null
}

/**
 * All counts-based measures of a yes/no classifier at once.
 *
 * A measure without a denominator is null, never 0: precision when nothing was predicted positive, recall when no label is
 * positive, Matthews' correlation and balanced accuracy when a class is absent. F1 = 2TP / (2TP + FP + FN) has a value as
 * soon as a positive was seen or predicted. Constant time.
 */
export function binaryMetrics(counts: BinaryCounts): BinaryMetrics {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts
  const n = tp + fp + tn + fn
  const recall = ratio(tp, tp + fn)
  const specificity = ratio(tn, tn + fp)
  const margins = Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn)
  const chance = (tp + fp) * (tp + fn) + (tn + fp) * (tn + fn)
  return {
    n,
    accuracy: ratio(tp + tn, n),
    precision: ratio(tp, tp + fp),
    recall,
    specificity,
    negativePredictiveValue: ratio(tn, tn + fn),
    falsePositiveRate: ratio(fp, fp + tn),
    falseNegativeRate: ratio(fn, fn + tp),
    f1: ratio(2 * tp, 2 * tp + fp + fn),
    balancedAccuracy: recall === null || specificity === null ? null : (recall + specificity) / 2,
    matthewsCorrelation: ratio(tp * tn - fp * fn, margins),
    kappa: ratio(n * (tp + tn) - chance, n * n - chance),
    prevalence: ratio(tp + fn, n),
    selectionRate: ratio(tp + fp, n),
  }
}

/** a / b, or null when b = 0. */
export function ratio(a: number, b: number): number | null {
  return b === 0 ? null : a / b
}
