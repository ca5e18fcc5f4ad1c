import type { DetailOf } from '../contract/report.ts'
import { noEstimate } from './estimates.ts'
import { type GapOptions, ratiosToBase } from './fairness-contrasts.ts'
import { type Grouping, sizeOf } from './fairness-groups.ts'
import { comparedRates, type FairnessMeasure, type JudgedGroup, rateSetOf } from './fairness-measures.ts'
import { valuesOf } from './fairness-rows.ts'
import type { ParametersOf } from './parameters.ts'
import { sayNumber } from './wording.ts'

const [selection] = comparedRates

/** The group that others are measured by. */
export interface Privileged {
  /** Its place among the groups; null where it is not there or too small to be judged. */
  readonly group: number | null
  readonly isNamed: boolean
  readonly values: Record<string, string>
  readonly groupColumns: readonly string[]
}

/** The group that was named, else the largest of those that are judged; null where there is none. */
export function findPrivileged(
  { groups }: Grouping,
  judged: readonly JudgedGroup[],
  { privileged, groupColumns }: ParametersOf<'fairness'>,
): Privileged | null {
  if (privileged !== null) {
    const found = judged.find(({ group }) =>
      groupColumns.every((column, i) => groups[group].values[i] === privileged[column]),
    )
    return { group: found?.group ?? null, isNamed: true, values: privileged, groupColumns }
  }
  if (judged.length === 0) return null
  const { group } = judged.reduce((largest, each) =>
    sizeOf(groups[each.group].counts) > sizeOf(groups[largest.group].counts) ? each : largest,
  )
  return { group, isNamed: false, values: valuesOf(groupColumns, groups[group].values), groupColumns }
}

/**
 * Disparate impact: every judged group's selection rate over that of the privileged one, and the smallest of these ratios as a
 * measure. The intervals of all ratios hold together, so the smallest of their ends bounds the smallest ratio.
 */
export function compareWithPrivileged(
  { groups }: Grouping,
  judged: readonly JudgedGroup[],
  names: readonly string[],
  privileged: Privileged | null,
  options: GapOptions,
): { readonly measure: FairnessMeasure; readonly detail: DetailOf<'fairness'>['disparateImpact'] } {
  const set = rateSetOf(selection, judged)
  const n = set.reduce((sum, { cells }) => sum + cells[0].n, 0)
  const rest = { metric: 'disparateImpact', isRatio: true, rates: [selection] }
  const none = (note: string) => ({
    measure: { ...rest, estimate: noEstimate(n, note), extremes: null, sentence: note },
    detail: undefined,
  })
  if (privileged === null) return none('there is no group large enough to be judged')
  const { group: base, values, groupColumns, isNamed } = privileged
  if (base === null) return none('the privileged group is not there, or too small to be judged')
  if (set.length < 2) return none('there is no other group large enough to be judged')
  const ratios = ratiosToBase(set, base, options)
  if (ratios === null || ratios.length === 0) return none(`nobody of ${names[base]} is selected`)
  const smallest = ratios.reduce((least, each) => (each.value < least.value ? each : least))
  const end = (group: number) => {
    const { hits, n: rows } = set.find((each) => each.group === group)?.cells[0] ?? { hits: 0, n: 1 }
    return { group, rate: hits / rows, n: rows }
  }
  const [least, baseEnd] = [end(smallest.group), end(base)]
  return {
    measure: {
      ...rest,
      estimate: {
        value: smallest.value,
        n,
        interval: [
          Math.min(...ratios.map(({ interval }) => interval[0])),
          Math.min(...ratios.map(({ interval }) => interval[1])),
        ],
      },
      extremes: { higher: baseEnd, lower: least },
      sentence: `selection rate ${sayNumber(least.rate)} of ${names[smallest.group]} against ${sayNumber(baseEnd.rate)} of ${names[base]}${isNamed ? '' : ', the largest group'}`,
    },
    detail: {
      privileged: values,
      isNamed,
      ratios: ratios.map(({ group, value, interval }) => ({
        group: valuesOf(groupColumns, groups[group].values),
        ratio: { value, n: sizeOf(groups[group].counts), interval },
      })),
    },
  }
}
