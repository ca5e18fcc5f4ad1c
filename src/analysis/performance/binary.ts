import type { Estimate } from '../../contract/primitives.ts'
import { binaryMetrics } from '../../stats/binary-metrics.ts'
import type { BinaryCounts } from '../../stats/confusion.ts'
import { intervalEstimate, noEstimate, plainEstimate, shareEstimate } from '../estimates.ts'
import { type Bounds, drawShares, type ResampleOptions } from './resample.ts'

/** An estimate with an interval that was drawn; `note` says why there is no value. */
export function drawn(value: number | null, n: number, bounds: Bounds, note: string): Estimate {
  if (value === null) return noEstimate(n, note)
  return bounds === null
    ? plainEstimate(value, n)
    : intervalEstimate(value, n, { low: Math.min(value, bounds.low), high: Math.max(value, bounds.high) })
}

/** Jeffreys' prior of a two-by-two table. */
const prior = 0.5

/**
 * Measures of a yes/no classifier from its four counts: `accuracy`, `precision`, `recall`, `specificity`,
 * `negativePredictiveValue` with Wilson's intervals and the n of their own denominator; `f1`, `balancedAccuracy`, `matthews`,
 * `kappa` with intervals from {@link drawShares}. A measure whose denominator is empty has no value. O(resamples).
 */
export function binaryEstimates(counts: BinaryCounts, options: ResampleOptions): Record<string, Estimate> {
  const { truePositives: tp, falsePositives: fp, trueNegatives: tn, falseNegatives: fn } = counts
  const { confidence } = options
  const n = tp + fp + tn + fn
  const share = (hits: number, of: number, note: string) =>
    of === 0 ? noEstimate(0, note) : shareEstimate(hits, of, confidence)
  const combined = (cells: ArrayLike<number>) => {
    const { f1, balancedAccuracy, matthewsCorrelation, kappa } = binaryMetrics({
      truePositives: cells[0],
      falsePositives: cells[1],
      trueNegatives: cells[2],
      falseNegatives: cells[3],
    })
    return [f1, balancedAccuracy, matthewsCorrelation, kappa]
  }
  const cells = Float64Array.of(tp, fp, tn, fn)
  const [f1, balancedAccuracy, matthews, kappa] = combined(cells)
  const bounds = drawShares(cells, prior, 4, n / 2, combined, options)
  const oneClass = 'only one class is labelled or predicted'
  return {
    accuracy: share(tp + tn, n, 'no labelled sample'),
    precision: share(tp, tp + fp, 'nothing was predicted positive'),
    recall: share(tp, tp + fn, 'no label is positive'),
    specificity: share(tn, tn + fp, 'no label is negative'),
    negativePredictiveValue: share(tn, tn + fn, 'nothing was predicted negative'),
    f1: drawn(f1, n, bounds[0], 'no positive label or prediction'),
    balancedAccuracy: drawn(balancedAccuracy, n, bounds[1], 'only one class is labelled'),
    matthews: drawn(matthews, n, bounds[2], oneClass),
    kappa: drawn(kappa, n, bounds[3], oneClass),
  }
}
