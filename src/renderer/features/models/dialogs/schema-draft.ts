import { z } from 'zod'
import type { ColumnMapping, ColumnSpec, SchemaSpec } from '../../../../contract/model.ts'

/** What a typed schema is, or what is wrong with it and where. */
export type ReadSchema = { schema: SchemaSpec; problems: [] } | { schema: null; problems: string[] }

/** Reads a schema as JSON: first whether it is JSON at all, then field by field. */
export function readSchema(text: string, shape: z.ZodType<SchemaSpec>): ReadSchema {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { schema: null, problems: [`This is not JSON: ${error instanceof Error ? error.message : String(error)}`] }
  }
  const parsed = shape.safeParse(value)
  if (parsed.success) return { schema: parsed.data, problems: [] }
  return {
    schema: null,
    problems: parsed.error.issues.map(({ path, message }) => `${placeOf(path, value)}: ${message}`),
  }
}

/** `columns.3 (tilt).range` rather than `columns.3.range`: people count by name. */
function placeOf(path: PropertyKey[], value: unknown): string {
  if (path.length === 0) return 'the schema'
  const named = z.object({ columns: z.array(z.object({ name: z.string() }).nullish().catch(null)) }).safeParse(value)
  const [first, index, ...rest] = path
  const name =
    first === 'columns' && typeof index === 'number' && named.success ? named.data.columns[index]?.name : undefined
  return name === undefined || name === ''
    ? path.join('.')
    : [`columns.${String(index)} (${name})`, ...rest.map(String)].join('.')
}

export const newColumn = (name: string): ColumnSpec => ({
  name,
  type: 'numeric',
  role: 'input',
  isGroup: false,
  isRequired: true,
})

/** Columns of a data set as a first draft of a schema: features are inputs, groups are context. */
export function columnsFrom(mappings: readonly ColumnMapping[]): ColumnSpec[] {
  return mappings
    .filter(({ role }) => role === 'feature' || role === 'group')
    .map(({ name, type, role }) => ({
      ...newColumn(name),
      type,
      ...(role === 'group' && { role: 'context' as const, isGroup: true, type: 'categorical' as const }),
    }))
}

/** "cat, dog" as names, in order, without repeats. */
export function namesIn(text: string): string[] {
  return [...new Set(text.split(',').map((name) => name.trim()))].filter((name) => name !== '')
}
