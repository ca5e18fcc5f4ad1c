import type { SchemaSpec } from '../../contract/model.ts'
import type { CategoricalColumn, SampleTable } from '../../contract/table.ts'

/** A column that parts samples into devices, firmwares, sites or times of day, on both sides where the reference has it. */
export interface PartColumn {
  readonly by: string
  readonly current: CategoricalColumn
  readonly reference: CategoricalColumn | null
}

/** Names that tell where a sample is from. */
const originNames =
  /^(device|firmware|site|location|camera|sensor|station|host|region|room)([ _-]?(id|name|key|version))?$/i
/** More levels than this name rows rather than origins. */
const mostLevels = 1000

/**
 * Columns by which drift is parted: those that are asked for, else the schema's group columns and those whose names tell an origin; and
 * the time of day where samples have times.
 */
export function partColumns(
  reference: SampleTable,
  current: SampleTable,
  schema: SchemaSpec | null,
  asked: readonly string[] | null,
): PartColumn[] {
  const groups = new Set(schema?.columns.filter(({ isGroup }) => isGroup).map(({ name }) => name))
  const isWanted = (name: string) =>
    asked === null ? groups.has(name) || originNames.test(name) : asked.includes(name)
  const parts: PartColumn[] = []
  for (const [by, column] of current.columns) {
    if (!isWanted(by) || column.type !== 'categorical' || column.categories.length > mostLevels) continue
    const before = reference.columns.get(by)
    parts.push({ by, current: column, reference: before?.type === 'categorical' ? before : null })
  }
  if (current.at !== null && (asked === null || asked.includes(timeOfDay)))
    parts.push({
      by: timeOfDay,
      current: spansOf(current.at),
      reference: reference.at === null ? null : spansOf(reference.at),
    })
  return parts
}

export const timeOfDay = 'time of day'
const spans = ['night, 00 to 06 UTC', 'morning, 06 to 12 UTC', 'afternoon, 12 to 18 UTC', 'evening, 18 to 24 UTC']
const dayMs = 86_400_000

function spansOf(at: Float64Array): CategoricalColumn {
  const codes = Int32Array.from(at, (instant) =>
    Number.isFinite(instant) ? Math.floor(((((instant % dayMs) + dayMs) % dayMs) / dayMs) * spans.length) : -1,
  )
  return { type: 'categorical', codes, categories: spans }
}
