import type { FairnessOfNumbers } from '../contract/fairness-frame.ts'
import type { DetailOf } from '../contract/report.ts'
import { computeMoments } from '../stats/moments.ts'
import { normalQuantile, twoSidedZ } from '../stats/normal-distribution.ts'
import { sampleSizeNeededForDifference } from '../stats/sample-size.ts'
import { type Grouping, sizeOf } from './fairness-groups.ts'
import { type NumberRows, sayNumberMetric, termsOf } from './fairness-number-metrics.ts'
import type { NumberMetric, ParametersOf } from './parameters.ts'
import { sayCount, sayMany, sayNumber, sayShare } from './wording.ts'

export type NumberNeed = NonNullable<DetailOf<'fairness'>['power']>

const judgedMetrics: readonly NumberMetric[] = ['mae', 'bias', 'withinTolerance', 'meanPrediction']

/**
 * How many rows each group needs for a difference that matters to be found with probability `power`: of means,
 * n = 2 (z_{α/2} + z_{power})² σ² / δ² with σ² the variance of what a row adds and δ the difference that matters; of the share within the
 * tolerance as for any rate. α is parted among the pairs of groups (Bonferroni). O(n · groups). Null where nothing varies or counts.
 * Source: Chow, Shao and Wang, Sample Size Calculations in Clinical Research (2008) 3.2.
 */
export function needOfNumbers(
  groups: readonly NumberRows[],
  values: readonly Record<string, string>[],
  { groups: counted, overall: allCounts }: Grouping,
  overall: NumberRows,
  { tolerance, matters }: FairnessOfNumbers,
  { maxDifference, power, confidence }: ParametersOf<'fairness'>,
): NumberNeed {
  const named = counted.flatMap(({ hasMissing }, group) => (hasMissing ? [] : [group]))
  const comparisons = Math.max(1, (named.length * (named.length - 1)) / 2)
  const alpha = (1 - confidence) / comparisons
  const rates = judgedMetrics.map((metric) => {
    const limit = tolerance ?? Number.NaN
    const { n, mean, m2 } = computeMoments(termsOf(metric, overall, limit))
    const neededN =
      n < 2
        ? null
        : metric === 'withinTolerance'
          ? neededForShare(mean, maxDifference, alpha, power)
          : neededForMean(m2 / (n - 1), matters, alpha, power)
    return {
      metric,
      expected: n === 0 ? null : mean,
      neededN,
      neededRows: neededN === null ? null : Math.ceil((neededN * sizeOf(allCounts)) / n),
      short:
        neededN === null
          ? []
          : named.flatMap((group) => {
              const inGroup = termsOf(metric, groups[group], limit).length
              return inGroup < neededN ? [{ group: values[group], n: inGroup }] : []
            }),
    }
  })
  return { difference: maxDifference, power, alpha, comparisons, rates }
}

function neededForMean(variance: number, matters: number | null, alpha: number, power: number): number | null {
  if (matters === null || matters === 0 || variance === 0) return null
  const z = twoSidedZ(1 - alpha) + normalQuantile(power)
  return Math.max(2, Math.ceil((2 * z * z * variance) / (matters * matters)))
}

function neededForShare(expected: number, difference: number, alpha: number, power: number): number | null {
  const needs = [expected - difference, expected + difference].flatMap((other) =>
    other < 0 || other > 1 ? [] : (sampleSizeNeededForDifference(expected, other, alpha, power) ?? []),
  )
  return needs.length === 0 ? null : Math.max(...needs)
}

/** What a metric would have needed, where a group had less; null where all had enough. */
export function sayNumberNeed(metric: NumberMetric, { rates, difference, power }: NumberNeed): string | null {
  const need = rates.find((rate) => rate.metric === metric)
  if (need === undefined || need.neededN === null || need.short.length === 0) return null
  const least = need.short.reduce((smallest, each) => (each.n < smallest.n ? each : smallest))
  const group = Object.entries(least.group)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')
  const unit = metric === 'withinTolerance' ? '' : ' deviations'
  return `to find a difference of ${sayNumber(difference)}${unit} in ${sayNumberMetric(metric)} in ${sayShare(power)} of cases takes ${sayMany(need.neededN, metric === 'meanPrediction' ? 'prediction' : 'labelled prediction')} a group, and ${group} has ${sayCount(least.n)}`
}
