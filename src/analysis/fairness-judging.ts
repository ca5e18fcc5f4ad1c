import type { Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { FairnessMeasure } from './fairness-measures.ts'
import type { ParametersOf } from './parameters.ts'

/* What the answers about classes and about numbers have in common. */

export type Judged<M> = M & { readonly status: Status }
type Measure = Pick<FairnessMeasure, 'isRatio' | 'estimate' | 'extremes'>

/** `breach` when the whole interval lies past the limit, `warning` when only the value does. */
export function statusOfMeasure(
  { isRatio, estimate: { value, interval } }: Measure,
  { maxDifference, minRatio }: Pick<ParametersOf<'fairness'>, 'maxDifference' | 'minRatio'>,
): Status {
  if (value === null || interval === null) return 'insufficient'
  if (isRatio) return value >= minRatio ? 'ok' : interval[1] < minRatio ? 'breach' : 'warning'
  return value <= maxDifference ? 'ok' : interval[0] > maxDifference ? 'breach' : 'warning'
}

/** A group that makes a gap bears its status. */
export function markExtremes(groups: DetailOf<'fairness'>['groups'], measures: readonly Judged<Measure>[]) {
  const marked = groups.map((row) => ({ ...row }))
  for (const { status, extremes } of measures) {
    if (extremes === null || (status !== 'warning' && status !== 'breach')) continue
    for (const { group } of [extremes.higher, extremes.lower])
      if (marked[group].status !== 'breach') marked[group].status = status
  }
  return marked
}

/** Group columns as the column of a subject, so that each grouping has its own series. */
export const subjectColumnOf = (groupColumns: readonly string[]) => groupColumns.join(' × ').slice(0, 100)

/** Why the columns that are named cannot be asked of; null when they can. */
export function refusalOfColumns(
  columns: { has(name: string): boolean },
  { groupColumns, controlColumns }: Pick<ParametersOf<'fairness'>, 'groupColumns' | 'controlColumns'>,
  sayList: (names: readonly string[]) => string,
): string | null {
  const absent = [...groupColumns, ...controlColumns].filter((name) => !columns.has(name))
  if (groupColumns.length === 0) return 'no group column is named'
  const both = controlColumns.filter((name) => groupColumns.includes(name))
  if (both.length > 0) return `${sayList(both)} cannot be compared and controlled for at once`
  return absent.length > 0 ? `the samples have no column ${sayList(absent)}` : null
}
