import { isBlobKind } from '../../contract/blob.ts'
import type { ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { OnnxValue } from './inspect-onnx.ts'

const isNumeric = (type: string | null) => type !== null && type !== 'string'
const some = (names: readonly string[]) => names.slice(0, 5).join(', ') + (names.length > 5 ? ', …' : '')

function typeFault({ name, type }: OnnxValue, column: ColumnSpec | undefined): string | null {
  if (column?.type !== 'numeric' || isNumeric(type)) return null
  return `the file takes ${type === null ? 'something that is no tensor' : 'text'} in “${name}”, which the schema declares as numeric`
}

/**
 * Where an ONNX file contradicts the declared inputs, in a sentence; null when it does not, or when they cannot be
 * compared: models over pictures take derived features, and files whose inputs bear other names altogether take what
 * somebody prepares for them.
 */
export function findOnnxFault(inputs: readonly OnnxValue[], schema: SchemaSpec): string | null {
  const columns = schema.columns.filter(({ role }) => role === 'input')
  if (inputs.length === 0) return 'the file takes no input'
  if (columns.length === 0 || columns.some(({ type }) => isBlobKind(type))) return null
  const [only] = inputs
  if (inputs.length === 1 && only.shape.length === 2) {
    const width = only.shape[1]
    const isOneColumn = columns.length === 1 && columns[0].name === only.name
    if (!isOneColumn && columns.every(({ type }) => type === 'numeric')) {
      if (!isNumeric(only.type)) return `the file takes text in “${only.name}”, and the schema declares numbers`
      if (typeof width === 'number' && width > 0 && width !== columns.length)
        return `the file takes ${width} values a row in “${only.name}”, and the schema declares ${columns.length} inputs`
    }
    if (!isOneColumn) return null
  }
  const declared = new Map(columns.map((column) => [column.name, column]))
  const unknown = inputs.filter(({ name }) => !declared.has(name)).map(({ name }) => name)
  if (unknown.length === inputs.length) return null
  if (unknown.length > 0) return `the file takes inputs that the schema does not declare: ${some(unknown)}`
  const taken = new Set(inputs.map(({ name }) => name))
  const missing = columns.filter(({ name }) => !taken.has(name)).map(({ name }) => name)
  if (missing.length > 0) return `the schema declares inputs that the file does not take: ${some(missing)}`
  for (const input of inputs) {
    const fault = typeFault(input, declared.get(input.name))
    if (fault !== null) return fault
  }
  return null
}
