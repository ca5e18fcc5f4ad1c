import type { Estimate } from '../contract/primitives.ts'
import { type Control, comparedIn, describeControl, toMetrics } from './fairness-control.ts'
import { countWithin, type Grouping, sizeOf } from './fairness-groups.ts'
import type { Contrast } from './fairness-metrics.ts'
import { contrastsOf, type FrameOptions, type NumberRows, termsOf } from './fairness-number-metrics.ts'
import type { NumberMeasure } from './fairness-of-numbers.ts'
import { numberRowOf } from './fairness-rows.ts'
import type { NumberMetric } from './parameters.ts'

type Which = readonly [NumberMetric, 'difference' | 'ratio']
interface ControlledNumbers {
  readonly groupColumns: readonly string[]
  readonly controlColumns: readonly string[]
  readonly grouping: Grouping
  readonly levels: Grouping
  readonly predicted: Int8Array
  readonly labelled: Int8Array
  readonly rows: NumberRows
  readonly minimumGroupSize: number
  readonly contrasts: readonly Which[]
  readonly measureOf: (
    metric: NumberMetric,
    which: 'difference' | 'ratio',
    contrast: Contrast,
    byGroup: readonly Estimate[],
  ) => NumberMeasure
}

/**
 * The same contrasts within each level of what is controlled for, and combined over the levels by the weights of Mantel and Haenszel.
 *
 * As `controlFor` of rates: a group of fewer than `minimumGroupSize` rows in a level is shown there and not compared, nor is a
 * level whose value is missing.
 */
export function controlNumbers(
  given: ControlledNumbers,
  options: FrameOptions,
): { readonly control: Control; readonly combined: readonly NumberMeasure[] } {
  const { groupColumns, controlColumns, grouping, levels, rows, minimumGroupSize, contrasts, measureOf } = given
  const groups = grouping.groups.length
  const counts = countWithin(grouping, levels, given.predicted, given.labelled)
  const cells = splitCells(rows, grouping.groupOfRow, levels.groupOfRow, groups, levels.groups.length)
  const judgedIn = counts.map((ofLevel, level) =>
    ofLevel.flatMap((cell, group) =>
      !grouping.groups[group].hasMissing && !levels.groups[level].hasMissing && sizeOf(cell) >= minimumGroupSize
        ? [group]
        : [],
    ),
  )
  const isCompared = comparedIn(judgedIn)
  const metrics = [...new Set(contrasts.map(([metric]) => metric))]
  const none = new Float64Array()
  const within = judgedIn.map((judged, level) =>
    Object.fromEntries(
      metrics.flatMap((metric) => {
        const found = contrastsOf(
          metric,
          judged.map((group) => ({ group, strata: [termsOf(metric, cells[level][group], options.tolerance)] })),
          options,
        )
        return contrasts
          .filter(([of]) => of === metric)
          .map(([of, which]) => [measureOf(of, which, found[which], []).metric, found[which].estimate] as const)
      }),
    ),
  )
  const combined = metrics.flatMap((metric) => {
    const strata = grouping.groups.flatMap((_, group) => {
      const ofGroup = levels.groups.map((_level, level) =>
        isCompared(level, group) ? termsOf(metric, cells[level][group], options.tolerance) : none,
      )
      return ofGroup.some(({ length }) => length > 0) ? [{ group, strata: ofGroup }] : []
    })
    const found = contrastsOf(metric, strata, options)
    // Of a group over the levels it is compared in, as its rows are.
    const byGroup = grouping.groups.map((_, group): Estimate => {
      const terms = strata.find((each) => each.group === group)?.strata.flatMap((of) => [...of]) ?? []
      const mean = terms.reduce((sum, one) => sum + one, 0) / terms.length
      return { value: metric === 'rmse' ? Math.sqrt(mean) : mean, n: terms.length, interval: null }
    })
    return contrasts.filter(([of]) => of === metric).map(([of, which]) => measureOf(of, which, found[which], byGroup))
  })
  return {
    combined,
    control: describeControl({ groupColumns, controlColumns, grouping, levels, counts, judgedIn }, numberRowOf, {
      within,
      combined: toMetrics(combined),
    }),
  }
}

/** Rows by level and group, in one pass. */
function splitCells(
  { predicted, actual }: NumberRows,
  groupOfRow: Int32Array,
  levelOfRow: Int32Array,
  groups: number,
  levels: number,
): NumberRows[][] {
  const places: number[][][] = Array.from({ length: levels }, () => Array.from({ length: groups }, () => []))
  for (let row = 0; row < groupOfRow.length; row++)
    if (groupOfRow[row] >= 0 && levelOfRow[row] >= 0) places[levelOfRow[row]][groupOfRow[row]].push(row)
  return places.map((ofLevel) =>
    ofLevel.map((rows) => ({
      predicted: Float64Array.from(rows, (row) => predicted[row]),
      actual: Float64Array.from(rows, (row) => actual[row]),
    })),
  )
}
