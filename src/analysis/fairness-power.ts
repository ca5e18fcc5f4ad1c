import type { DetailOf } from '../contract/report.ts'
import { sampleSizeNeededForDifference } from '../stats/sample-size.ts'
import { type GroupCounts, sizeOf } from './fairness-groups.ts'
import { comparedRates, type RateKind } from './fairness-measures.ts'
import type { ParametersOf } from './parameters.ts'
import { sayCount, sayMany, sayNumber, sayShare } from './wording.ts'

export type Power = NonNullable<DetailOf<'fairness'>['power']>

interface SizedGroup {
  readonly values: Record<string, string>
  readonly counts: GroupCounts
}

/**
 * How many rows each group needs for a difference of `maxDifference` in a rate to be found with probability `power`.
 *
 * For every pair of groups a two-sided test of two proportions at (1 − confidence) / pairs (Bonferroni), so that all pairs together
 * keep the level; one group is taken to have the rate of all rows, the other to lie `maxDifference` above or below, whichever takes more.
 * The need is in what the rate counts (labelled positives for true positive rates) and, at the share of rows that count, in rows.
 * Null where no row counts or the rate can move neither way so far. O(groups).
 * Source: Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions (2003), 4.14.
 */
export function needOf(
  groups: readonly SizedGroup[],
  overall: GroupCounts,
  { maxDifference: difference, power, confidence }: ParametersOf<'fairness'>,
): Power {
  const comparisons = Math.max(1, (groups.length * (groups.length - 1)) / 2)
  const alpha = (1 - confidence) / comparisons
  const rates = comparedRates.map((kind) => {
    const n = kind.n(overall)
    const expected = n === 0 ? null : kind.hits(overall) / n
    const neededN = expected === null || difference === 0 ? null : neededFrom(expected, difference, alpha, power)
    return {
      metric: kind.metric,
      expected,
      neededN,
      neededRows: neededN === null ? null : Math.ceil((neededN * sizeOf(overall)) / n),
      short:
        neededN === null
          ? []
          : groups.flatMap(({ values, counts }) =>
              kind.n(counts) < neededN ? [{ group: values, n: kind.n(counts) }] : [],
            ),
    }
  })
  return { difference, power, alpha, comparisons, rates }
}

function neededFrom(expected: number, difference: number, alpha: number, power: number): number | null {
  const needs = [expected - difference, expected + difference].flatMap((other) =>
    other < 0 || other > 1 ? [] : (sampleSizeNeededForDifference(expected, other, alpha, power) ?? []),
  )
  return needs.length === 0 ? null : Math.max(...needs)
}

/**
 * What a measure would have needed, where a group had less: `a difference of 0.1 is found with probability 80 % from 391
 * labelled positives a group; race=Other has 25`. Null where it had enough.
 */
export function sayNeed(rates: readonly RateKind[], { rates: needs, difference, power }: Power): string | null {
  const short = rates.flatMap((kind) => {
    const need = needs.find(({ metric }) => metric === kind.metric)
    return need && need.neededN !== null && need.short.length > 0 ? [{ kind, need, neededN: need.neededN }] : []
  })
  if (short.length === 0) return null
  const { kind, need, neededN } = short.reduce((most, each) => (each.neededN > most.neededN ? each : most))
  const least = need.short.reduce((smallest, each) => (each.n < smallest.n ? each : smallest))
  const group = Object.entries(least.group)
    .map(([column, value]) => `${column}=${value}`)
    .join(', ')
  return `to find a difference of ${sayNumber(difference)} in ${sayShare(power)} of cases takes ${sayMany(neededN, kind.of, pluralOf(kind.of))} a group, and ${group} has ${sayCount(least.n)}`
}

/** `labelled prediction of the class`: its first noun gets the s. */
const pluralOf = (what: string) => what.replace(/^((?:labelled )?\w+)/, '$1s')
