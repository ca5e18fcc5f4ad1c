import type { SchemaSpec } from '../../contract/model.ts'
import { type InferOutput, readOutputs, TensorFault, type TensorMetadata } from '../inference-tensors.ts'

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whole numbers, one a row, are class numbers unless the server declared otherwise. */
function guessDatatype(values: readonly unknown[], width: number): string {
  if (values.every((value) => typeof value === 'string')) return 'BYTES'
  if (values.every((value) => typeof value === 'boolean')) return 'BOOL'
  return width === 1 && values.every(Number.isInteger) ? 'INT64' : 'FP64'
}

function toTensor(name: string, perRow: readonly unknown[], declared: TensorMetadata | undefined) {
  const rows = perRow.map((value) => (Array.isArray(value) ? value.flat(16) : [value]))
  const width = rows[0].length
  const odd = rows.findIndex((row) => row.length !== width)
  if (odd >= 0)
    throw new TensorFault(`output “${name}”, row ${odd}: ${rows[odd].length} values where row 0 has ${width}`)
  const data = rows.flat()
  const datatype = declared?.datatype ?? guessDatatype(data, width)
  return { name, datatype, shape: [perRow.length, width], data }
}

/** Scores by class as some handlers answer, e.g. the five best: the highest wins, classes not named have no score. */
function readScoreMaps(rows: readonly Record<string, unknown>[], classes: readonly string[]): InferOutput[] | null {
  const isScoreMap = (row: Record<string, unknown>) => {
    const entries = Object.entries(row)
    return entries.length > 0 && entries.every(([name, value]) => classes.includes(name) && Number.isFinite(value))
  }
  if (!rows.every(isScoreMap)) return null
  return rows.map((row) => {
    const scores = row as Record<string, number>
    const [first, ...others] = Object.keys(scores)
    const prediction = others.reduce((best, name) => (scores[name] > scores[best] ? name : best), first)
    return { prediction, scores }
  })
}

/**
 * Reads what servers answer row by row: a list with one element a row (a number, a text, a list, an object of named outputs or of
 * scores by class), or an object of lists by output. `declared` gives names and types where the server said them.
 */
export function readRowOutputs(
  predictions: unknown,
  n: number,
  schema: SchemaSpec,
  declared: readonly TensorMetadata[] = [],
): InferOutput[] {
  const byName = new Map(declared.map((output) => [output.name, output]))
  const tensors = (outputs: ReturnType<typeof toTensor>[]) => readOutputs({ outputs }, n, schema)
  if (isRecord(predictions)) {
    const columns = Object.entries(predictions)
    const areColumns = columns.every(([, list]) => Array.isArray(list) && list.length === n)
    if (columns.length > 0 && areColumns)
      return tensors(columns.map(([name, list]) => toTensor(name, list as unknown[], byName.get(name))))
  }
  const rows = Array.isArray(predictions) ? predictions : n === 1 ? [predictions] : null
  if (rows === null) throw new TensorFault('the predictions are no list with one element a row')
  if (rows.length !== n) throw new TensorFault(`${rows.length} predictions for ${n} rows asked`)
  if (!rows.every(isRecord)) {
    if (rows.some(isRecord)) throw new TensorFault('the predictions mix objects with bare values')
    const only = declared.length === 1 ? declared[0] : undefined
    return tensors([toTensor(only?.name ?? 'prediction', rows, only)])
  }
  const scored = readScoreMaps(rows, schema.classes)
  if (scored) return scored
  const names = [...new Set(rows.flatMap(Object.keys))]
  if (names.length === 0) throw new TensorFault('the predictions are empty objects')
  const whole = names.filter((name) => rows.every((row) => Object.hasOwn(row, name)))
  if (whole.length === 0) throw new TensorFault(`no output is there for every row; there are ${names.slice(0, 20)}`)
  return tensors(
    whole.map((name) =>
      toTensor(
        name,
        rows.map((row) => row[name]),
        byName.get(name),
      ),
    ),
  )
}
