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
  const compared = comparedIn(judgedIn)
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
  return {
    combined,
    control: describeControl(
      { groupColumns, controlColumns, grouping, levels, counts, judgedIn },
      (values, cell, status) => groupRowOf(values, cell, status, rate),
      { within: within.map(toMetrics), combined: toMetrics(combined) },
    ),
  }
}

/** Cells by level and group, and which groups are judged in each level. */
interface ControlledCells {
  readonly groupColumns: readonly string[]
  readonly controlColumns: readonly string[]
  readonly grouping: Grouping
  readonly levels: Grouping
  readonly counts: readonly (readonly GroupCounts[])[]
  readonly judgedIn: readonly (readonly number[])[]
}

/** Whether a group takes part in the comparison of a level: one alone has nothing to be compared with. */
export const comparedIn =
  (judgedIn: readonly (readonly number[])[]) =>
  (level: number, group: number): boolean =>
    judgedIn[level].length > 1 && judgedIn[level].includes(group)

/** What a report shows of a control, whatever is measured: the groups in each level, and the share of rows that was compared. */
export function describeControl(
  { groupColumns, controlColumns, grouping, levels, counts, judgedIn }: ControlledCells,
  rowOf: (
    values: Record<string, string>,
    cell: GroupCounts,
    status: 'ok' | 'insufficient',
  ) => Control['levels'][number]['groups'][number],
  measures: { readonly within: readonly Control['combined'][]; readonly combined: Control['combined'] },
): Control {
  const rowsIn = (keep: (level: number, group: number) => boolean) =>
    counts.reduce(
      (sum, ofLevel, level) =>
        sum + ofLevel.reduce((inLevel, cell, group) => inLevel + (keep(level, group) ? sizeOf(cell) : 0), 0),
      0,
    )
  const all = rowsIn((_, group) => !grouping.groups[group].hasMissing)
  return {
    columns: [...controlColumns],
    levels: levels.groups.map((level, place) => ({
      level: valuesOf(controlColumns, level.values),
      n: sizeOf(level.counts),
      groups: grouping.groups.flatMap(({ values }, group) => {
        const cell = counts[place][group]
        const status = judgedIn[place].includes(group) ? 'ok' : 'insufficient'
        return sizeOf(cell) === 0 ? [] : [rowOf(valuesOf(groupColumns, values), cell, status)]
      }),
      measures: measures.within[place],
    })),
    combined: measures.combined,
    coveredShare: all === 0 ? 0 : rowsIn(comparedIn(judgedIn)) / all,
    leftOut: levels.leftOut,
  }
}

export const toMetrics = (
  measures: readonly Pick<FairnessMeasure, 'metric' | 'estimate'>[],
): Record<string, FairnessMeasure['estimate']> =>
  Object.fromEntries(measures.map(({ metric, estimate }) => [metric, estimate]))

const nothing: GroupCounts = {
  truePositives: 0,
  falseNegatives: 0,
  falsePositives: 0,
  trueNegatives: 0,
  selectedUnlabelled: 0,
  rejectedUnlabelled: 0,
}
