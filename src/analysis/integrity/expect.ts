import type { ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import type { Expectation } from './check-column.ts'

/** In a reference where more than this share of the values differ, a new value is nothing new (names, identifiers). */
const identifierShare = 0.5

/** What the columns ought to be: the declared ones, or without a schema those of the reference; null without either. */
export function expectColumns(
  schema: SchemaSpec | null,
  reference: SampleTable | null,
  rangeMargin: number,
): Expectation[] | null {
  if (schema !== null)
    return schema.columns.map((spec) => expectDeclared(spec, reference?.columns.get(spec.name) ?? null))
  if (reference === null) return null
  return [...reference.columns].map(([name, column]) => ({
    name,
    type: column.type,
    isRequired: true,
    range: column.type === 'numeric' ? widenedRange(column.values, rangeMargin) : null,
    categories: occurringCategories(column),
    varied: varies(column),
    missingShare: missingShare(column),
  }))
}

function expectDeclared(spec: ColumnSpec, column: Column | null): Expectation {
  const seen = column === null || spec.type !== 'categorical' ? null : occurringCategories(column)
  return {
    name: spec.name,
    type: spec.type,
    isRequired: spec.isRequired,
    range: spec.range ?? null,
    categories:
      spec.categories === undefined && seen === null ? null : new Set([...(spec.categories ?? []), ...(seen ?? [])]),
    varied: column === null ? null : varies(column),
    missingShare: column === null ? 0 : missingShare(column),
  }
}

/** What a column that nobody expects is checked for: that it holds something, and more than one thing. */
export const expectNothing = (name: string, column: Column): Expectation => ({
  name,
  type: column.type,
  isRequired: false,
  range: null,
  categories: null,
  varied: null,
  missingShare: 0,
})

function widenedRange(values: Float64Array, margin: number): [number, number] | null {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  if (low > high) return null
  const more = (high - low) * margin
  return Number.isFinite(more) ? [low - more, high + more] : null
}

function occurringCategories(column: Column): ReadonlySet<string> | null {
  if (column.type === 'numeric') return null
  const occurs = new Uint8Array(column.categories.length)
  let present = 0
  for (const code of column.codes) {
    if (code < 0) continue
    occurs[code] = 1
    present++
  }
  const names = column.categories.filter((_, code) => occurs[code] === 1)
  return present > 0 && names.length <= identifierShare * Math.max(present, 2) ? new Set(names) : null
}

function varies(column: Column): boolean | null {
  if (column.type === 'numeric') {
    const first = column.values.find((value) => !Number.isNaN(value))
    return first === undefined ? null : column.values.some((value) => value !== first && !Number.isNaN(value))
  }
  const first = column.codes.find((code) => code >= 0)
  return first === undefined ? null : column.codes.some((code) => code >= 0 && code !== first)
}

function missingShare(column: Column): number {
  let missing = 0
  if (column.type === 'numeric') for (const value of column.values) missing += Number.isNaN(value) ? 1 : 0
  else for (const code of column.codes) missing += code < 0 ? 1 : 0
  const n = column.type === 'numeric' ? column.values.length : column.codes.length
  return n === 0 ? 0 : missing / n
}
