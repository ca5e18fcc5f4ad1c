import type { DetailOf } from '../contract/report.ts'
import type { GapOptions } from './fairness-contrasts.ts'
import { countWithin, type GroupCounts, type Grouping, sizeOf } from './fairness-groups.ts'
import type { RateEstimate } from './fairness-intervals.ts'
import { type FairnessMeasure, type JudgedGroup, measureFairness } from './fairness-measures.ts'
import { groupRowOf, valuesOf } from './fairness-rows.ts'

export type Control = NonNullable<DetailOf<'fairness'>['control']>

interface ControlInput {
  readonly groupColumns: readonly string[]
  readonly controlColumns: readonly string[]
  readonly grouping: Grouping
  readonly levels: Grouping
  readonly predicted: Int8Array
  readonly labelled: Int8Array | null
  readonly names: readonly string[]
  readonly minimumGroupSize: number
}

/**
 * The same measures within each level of what is controlled for, and combined over the levels: what is left of a gap between
 * groups when rows alike in the control are compared.
 *
 * Within a level a group of fewer than `minimumGroupSize` rows is shown and not judged, and takes no part in the combination; nor
 * does a level whose value is missing. The combined contrast of two groups is the mean of their contrasts weighted as by Mantel and
 * Haenszel (see `largestDifference`). O(n + levels · resamples · groups²).
 */
export function controlFor(
  { groupColumns, controlColumns, grouping, levels, predicted, labelled, names, minimumGroupSize }: ControlInput,
  options: GapOptions,
  rate: RateEstimate,
): { readonly control: Control; readonly combined: readonly FairnessMeasure[] } {
  const counts = countWithin(grouping, levels, predicted, labelled)
  const isJudged = (level: number, group: number) =>
    !grouping.groups[group].hasMissing &&
    !levels.groups[level].hasMissing &&
    sizeOf(counts[level][group]) >= minimumGroupSize
  const judgedIn = counts.map((ofLevel, level) =>
    ofLevel.flatMap((_, group) => (isJudged(level, group) ? [group] : [])),
  )
  const within = judgedIn.map((judged, level) =>
    measureFairness(
      judged.map((group): JudgedGroup => ({ group, strata: [counts[level][group]] })),
      names,
      options,
    ),
  )
  const compared = (level: number, group: number) => judgedIn[level].length > 1 && judgedIn[level].includes(group)
  const strata = grouping.groups.map(
    (_, group): JudgedGroup => ({
      group,
      strata: counts.map((ofLevel, level) => (compared(level, group) ? ofLevel[group] : nothing)),
    }),
  )
  const combined = measureFairness(
    strata.filter(({ strata: cells }) => cells.some((cell) => sizeOf(cell) > 0)),
    names,
    options,
  )
  const rows = (keep: (level: number, group: number) => boolean) =>
    counts.reduce(
      (sum, ofLevel, level) =>
        sum + ofLevel.reduce((inLevel, cell, group) => inLevel + (keep(level, group) ? sizeOf(cell) : 0), 0),
      0,
    )
  const all = rows((_, group) => !grouping.groups[group].hasMissing)
  return {
    combined,
    control: {
      columns: [...controlColumns],
      levels: levels.groups.map((level, place) => ({
        level: valuesOf(controlColumns, level.values),
        n: sizeOf(level.counts),
        groups: grouping.groups.flatMap(({ values }, group) =>
          sizeOf(counts[place][group]) === 0
            ? []
            : [
                groupRowOf(
                  valuesOf(groupColumns, values),
                  counts[place][group],
                  isJudged(place, group) ? 'ok' : 'insufficient',
                  rate,
                ),
              ],
        ),
        measures: toMetrics(within[place]),
      })),
      combined: toMetrics(combined),
      coveredShare: all === 0 ? 0 : rows(compared) / all,
      leftOut: levels.leftOut,
    },
  }
}

export const toMetrics = (measures: readonly FairnessMeasure[]) =>
  Object.fromEntries(measures.map(({ metric, estimate }) => [metric, estimate]))

const nothing: GroupCounts = {
  truePositives: 0,
  falseNegatives: 0,
  falsePositives: 0,
  trueNegatives: 0,
  selectedUnlabelled: 0,
  rejectedUnlabelled: 0,
}
