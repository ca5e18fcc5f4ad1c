import type { ColumnSpec } from '../../contract/model.ts'
import type { CategoricalColumn, NumericColumn, SampleTable } from '../../contract/table.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { robustSpread } from '../../stats/robust-spread.ts'
import { type InputValue, valueAt } from './sample.ts'

/** What one column of a sample could be instead. */
export interface ChangeSpace {
  readonly column: string
  readonly own: InputValue
  /** Other values to try, without its own. */
  readonly values: readonly InputValue[]
  /** How far a value is from its own. */
  distance(value: InputValue): number
  /** Halfway between two values that it may take; null where there is none. */
  between(near: InputValue, far: InputValue): InputValue
}

const levels = 12
const mostCategories = 20

/** For each column that could be otherwise: declared ranges and categories, else those of the reference. */
export function changeSpaces(
  reference: SampleTable,
  row: SampleTable,
  columns: readonly string[],
  specs: readonly ColumnSpec[],
): ChangeSpace[] {
  return columns.flatMap((name) => {
    const own = row.columns.get(name)
    const known = reference.columns.get(name)
    const spec = specs.find((each) => each.name === name)
    const space =
      own?.type === 'numeric' && known?.type === 'numeric'
        ? ofNumbers(name, valueAt(own), known, spec?.range)
        : own?.type === 'categorical' && known?.type === 'categorical'
          ? ofCategories(name, valueAt(own), known, spec?.categories)
          : null
    return space === null || space.values.length === 0 ? [] : [space]
  })
}

function ofNumbers(
  column: string,
  own: InputValue,
  { values }: NumericColumn,
  range: readonly [number, number] | undefined,
): ChangeSpace | null {
  const sorted = values.filter(Number.isFinite).sort()
  if (typeof own !== 'number' || sorted.length === 0) return null
  const [low, high] = range ?? [sorted[0], sorted[sorted.length - 1]]
  // What holds whole numbers only is counted in whole numbers.
  const isWhole = Number.isInteger(own) && sorted.every(Number.isInteger)
  const tidy = (value: number) => Math.min(high, Math.max(low, isWhole ? Math.round(value) : value))
  const wanted = Array.from({ length: levels }, (_, i) => quantileSorted(sorted, i / (levels - 1)) ?? own)
  const steps = Array.from({ length: levels }, (_, i) => low + ((high - low) * i) / (levels - 1))
  const spread = robustSpread(sorted)
  return {
    ...{ column, own },
    values: [...new Set([...wanted, ...steps].map(tidy))].filter((value) => value !== own),
    distance: (value) => Math.abs(Number(value) - own) / spread,
    between(near, far) {
      const middle = tidy((Number(near) + Number(far)) / 2)
      return Number.isFinite(middle) ? middle : null
    },
  }
}

function ofCategories(
  column: string,
  own: InputValue,
  { codes, categories }: CategoricalColumn,
  declared: readonly string[] | undefined,
): ChangeSpace {
  const counts = new Map<string, number>()
  for (const code of codes) if (code >= 0) counts.set(categories[code], (counts.get(categories[code]) ?? 0) + 1)
  const common = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([name]) => name)
  const allowed = declared ?? common
  return {
    ...{ column, own },
    values: allowed.filter((name) => name !== own).slice(0, mostCategories),
    distance: (value) => (value === own ? 0 : 1),
    between: () => null,
  }
}
