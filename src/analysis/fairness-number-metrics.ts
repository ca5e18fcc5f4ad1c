import type { Estimate } from '../contract/primitives.ts'
import { meanIntervalFromMoments } from '../stats/mean-interval.ts'
import { computeMoments } from '../stats/moments.ts'
import { intervalEstimate, noEstimate, plainEstimate } from './estimates.ts'
import { type GapOptions, largestDifference, type RateSet, smallestRatio } from './fairness-contrasts.ts'
import type { RateEstimate } from './fairness-intervals.ts'
import { type Contrast, worstOf } from './fairness-metrics.ts'
import {
  cellOfTerms,
  type GroupCells,
  largestNumberDifference,
  smallestNumberRatio,
} from './fairness-number-contrasts.ts'
import type { NumberMetric } from './parameters.ts'
import { lossEstimate } from './performance/regression.ts'

/** Predictions and labels of some rows, NaN where missing. */
export interface NumberRows {
  readonly predicted: Float64Array
  readonly actual: Float64Array
}

interface Kind {
  /** In a sentence: `mean absolute error 3.2`. */
  readonly name: string
  /** What a row adds to the mean; NaN where it does not count. */
  readonly term: (predicted: number, actual: number, tolerance: number) => number
  /** How the mean gets its interval: a size of errors on the logarithm's scale, its root, Student's, or that of a rate. */
  readonly of: 'size' | 'root' | 'mean' | 'rate'
  readonly needs: string
}

const labelled = 'no labelled prediction'
const kinds: Record<NumberMetric, Kind> = {
  mae: { name: 'mean absolute error', term: (p, a) => Math.abs(p - a), of: 'size', needs: labelled },
  rmse: { name: 'root mean squared error', term: (p, a) => (p - a) ** 2, of: 'root', needs: labelled },
  bias: { name: 'mean of predicted less actual', term: (p, a) => p - a, of: 'mean', needs: labelled },
  withinTolerance: {
    name: 'share within the tolerance',
    term: (p, a, tolerance) => {
      const size = Math.abs(p - a)
      return Number.isNaN(size) ? Number.NaN : size <= tolerance ? 1 : 0
    },
    of: 'rate',
    needs: labelled,
  },
  meanPrediction: { name: 'mean prediction', term: (p) => p, of: 'mean', needs: 'no prediction' },
  meanLabel: { name: 'mean label', term: (_, a) => a, of: 'mean', needs: 'no label' },
}
export const sayNumberMetric = (metric: NumberMetric): string => kinds[metric].name

/** What each of some rows adds to the metric; rows that do not count are left out. O(n). */
export function termsOf(metric: NumberMetric, { predicted, actual }: NumberRows, tolerance: number): Float64Array {
  const { term } = kinds[metric]
  const terms = predicted.map((value, row) => term(value, actual[row], tolerance))
  return terms.filter((value) => Number.isFinite(value))
}

/** A metric over some rows with its interval. O(n). */
function estimateTerms(metric: NumberMetric, terms: Float64Array, confidence: number, rate: RateEstimate): Estimate {
  const { of, needs } = kinds[metric]
  const n = terms.length
  if (n === 0) return noEstimate(0, needs)
  if (of === 'rate')
    return rate(
      terms.reduce((sum, one) => sum + one, 0),
      n,
    )
  const moments = computeMoments(terms)
  if (of !== 'mean') return lossEstimate(moments, confidence, needs, of === 'root' ? Math.sqrt : undefined)
  const found = meanIntervalFromMoments(moments, confidence)
  return found.status === 'ok' ? intervalEstimate(found.value, n, found.interval) : plainEstimate(moments.mean, n)
}

export interface NumberFrame {
  readonly metric: NumberMetric
  readonly overall: Estimate
  readonly byGroup: readonly Estimate[]
  readonly difference: Contrast
  readonly ratio: Contrast
  readonly worst: number | null
}

/** What a frame is made of besides rows. */
export interface FrameOptions extends GapOptions {
  readonly tolerance: number
  readonly rate: RateEstimate
}

/**
 * A number over every group, with the largest difference and the smallest ratio between judged groups: rates by binomial draws
 * (`largestDifference`), means by a bootstrap-t over rows (`largestNumberDifference`).
 */
export function numberFrame(
  metric: NumberMetric,
  groups: readonly NumberRows[],
  overall: NumberRows,
  judged: readonly number[],
  options: FrameOptions,
): NumberFrame {
  const { tolerance, confidence, rate } = options
  const terms = groups.map((rows) => termsOf(metric, rows, tolerance))
  const estimate = (of: Float64Array) => estimateTerms(metric, of, confidence, rate)
  const byGroup = terms.map(estimate)
  const all = estimate(termsOf(metric, overall, tolerance))
  const known = judged.filter((group) => byGroup[group].value !== null)
  const contrasts = contrastsOf(
    metric,
    known.map((group) => ({ group, strata: [terms[group]] })),
    options,
  )
  return {
    metric,
    overall: all,
    byGroup,
    ...contrasts,
    worst: known.length < 2 ? null : worstOf(metric, known, byGroup, all.value ?? 0),
  }
}

/** Difference and ratio of a metric between groups, whose terms stand in one array a stratum. */
export function contrastsOf(
  metric: NumberMetric,
  groups: readonly { readonly group: number; readonly strata: readonly Float64Array[] }[],
  options: GapOptions,
): { readonly difference: Contrast; readonly ratio: Contrast } {
  const { of } = kinds[metric]
  const n = groups.reduce((sum, { strata }) => sum + strata.reduce((inGroup, { length }) => inGroup + length, 0), 0)
  const none = (why: string): Contrast => ({ estimate: noEstimate(n, why), higher: null, lower: null })
  const few = 'fewer than two groups have it'
  const positive = 'not above 0 in every group, so that no ratio means anything'
  const toContrast = (
    gap: { value: number; interval: [number, number]; higher: { group: number }; lower: { group: number } } | null,
    why: string,
  ): Contrast =>
    gap === null
      ? none(why)
      : {
          estimate: { value: gap.value, n, interval: gap.interval },
          higher: gap.higher.group,
          lower: gap.lower.group,
        }
  if (of === 'rate') {
    const set: RateSet = groups.map(({ group, strata }) => ({
      group,
      cells: strata.map((terms) => ({ hits: terms.reduce((sum, one) => sum + one, 0), n: terms.length })),
    }))
    return {
      difference: toContrast(largestDifference([set], options), few),
      ratio: toContrast(smallestRatio([set], options), few),
    }
  }
  const cells: GroupCells[] = groups.map(({ group, strata }) => ({
    group,
    cells: strata.map((terms) => cellOfTerms(terms, of === 'root')),
  }))
  return {
    difference: toContrast(largestNumberDifference(cells, options), few),
    // A bias about 0 has no ratio that means anything.
    ratio: metric === 'bias' ? none(positive) : toContrast(smallestNumberRatio(cells, options), positive),
  }
}
