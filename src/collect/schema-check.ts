import { type BlobMeasure, isBlobKind } from '../contract/blob.ts'
import type { ColumnSpec, SchemaSpec } from '../contract/model.ts'
import type { Outcome } from '../contract/sample.ts'
import { describe } from './decode-json.ts'

type InputValue = number | string | null

/** What a checked set of inputs came to: a value for every declared column, or the fault and where it is. */
export type CheckedInputs =
  | { readonly inputs: Record<string, InputValue>; readonly ignored: readonly string[]; readonly fault: null }
  | { readonly fault: string }

export interface SchemaCheck {
  /**
   * Inputs as declared: every declared column is there once, absent ones as null (integrity counts them as missing, so a
   * missing value never costs the sample); columns that nobody declared are kept out and named in `ignored`.
   * `blobs` holds digests or references by column of blobs.
   */
  checkInputs(inputs: Record<string, unknown>, blobs: ReadonlyMap<string, string> | null): CheckedInputs
  /** The outcome as the schema writes it, or a sentence in `fault`. */
  checkOutcome(
    outcome: Outcome,
    name: string,
  ): { readonly value: Outcome; readonly fault: null } | { readonly fault: string }
  /** A sentence when scores name a class that is not declared, else null. */
  checkScores(scores: Record<string, number>): string | null
  /** Columns that hold blobs, in the order declared. */
  readonly blobColumns: readonly BlobColumn[]
}

/** A column of blobs, and the columns that are filled by measuring what it holds. */
export interface BlobColumn {
  readonly spec: ColumnSpec
  readonly derived: readonly { readonly name: string; readonly measure: BlobMeasure }[]
}

const nothingIgnored: readonly string[] = []

function checkValue(column: ColumnSpec, value: unknown): InputValue | undefined {
  if (value === null || value === undefined) return null
  if (column.type === 'numeric') return typeof value === 'number' ? value : undefined
  if (isBlobKind(column.type)) return undefined
  if (typeof value === 'string') return value
  // Codes and flags are categories too: what is counted is the name.
  return typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined
}

const expected = {
  numeric: 'a number',
  categorical: 'a category (text, number or boolean)',
  image: 'a picture in images',
  audio: 'a recording in audio',
  text: 'a text',
  embedding: 'numbers in embeddings',
}

/** Compiles the checks of one declared schema; made once per version, used for every sample. */
export function compileSchema(schema: SchemaSpec): SchemaCheck {
  const columns = schema.columns
  const names = new Set(columns.map((column) => column.name))
  const blobColumns = columns.flatMap((spec): BlobColumn[] => {
    if (!isBlobKind(spec.type)) return []
    const derived = columns.flatMap(({ name, derived }) =>
      derived?.from === spec.name ? [{ name, measure: derived.measure }] : [],
    )
    return [{ spec, derived }]
  })
  const classes = new Set(schema.classes)
  const isRegression = schema.task === 'regression'
  const listed = schema.classes.slice(0, 10).join(', ') + (schema.classes.length > 10 ? ', …' : '')

  return {
    blobColumns,
    checkInputs(inputs, blobs) {
      const checked: Record<string, InputValue> = {}
      let taken = 0
      for (const column of columns) {
        const { name } = column
        const blob = blobs?.get(name)
        const isGiven = Object.hasOwn(inputs, name)
        if (isGiven) taken++
        if (blob !== undefined) {
          checked[name] = blob
          continue
        }
        const value = isGiven ? checkValue(column, inputs[name]) : null
        if (value === undefined)
          return { fault: `inputs.${name}: expected ${expected[column.type]}, got ${describe(inputs[name])}` }
        checked[name] = value
      }
      const given = Object.keys(inputs)
      const ignored = given.length === taken ? nothingIgnored : given.filter((name) => !names.has(name))
      return { inputs: checked, ignored, fault: null }
    },
    checkOutcome(outcome, name) {
      if (isRegression)
        return typeof outcome === 'number'
          ? { value: outcome, fault: null }
          : { fault: `${name}: expected a number, got ${describe(outcome)}` }
      const value = String(outcome)
      return classes.size === 0 || classes.has(value)
        ? { value, fault: null }
        : { fault: `${name}: expected one of ${listed}; got ${describe(outcome)}` }
    },
    checkScores(scores) {
      if (isRegression || classes.size === 0) return null
      for (const name of Object.keys(scores))
        if (!classes.has(name)) return `scores: no declared class is called ${describe(name)}; expected ${listed}`
      return null
    },
  }
}
