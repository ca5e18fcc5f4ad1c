import type { ColumnSpec } from '../../contract/model.ts'
import type { InferRow, InferValue } from '../inference-tensors.ts'

/** A value as plain JSON: pictures as base64, missing as null. */
export const plainValue = (value: InferValue | undefined): number | string | boolean | null =>
  value instanceof Uint8Array ? Buffer.from(value).toString('base64') : (value ?? null)

/** A row as an object by column. */
export const toRowObject = (row: InferRow, columns: readonly ColumnSpec[]) =>
  Object.fromEntries(columns.map(({ name }) => [name, plainValue(row[name])]))
