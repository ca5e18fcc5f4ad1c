import type { Tensor } from 'onnxruntime-node'
import { readOutputs } from '../../../collect/inference-tensors.ts'
import type { SchemaSpec } from '../../../contract/model.ts'

/** Names of the Open Inference Protocol for the tensor types that a tabular model takes or gives. */
const datatypes: Readonly<Record<string, string>> = {
  float32: 'FP32',
  float64: 'FP64',
  int32: 'INT32',
  int64: 'INT64',
  uint8: 'UINT8',
  int8: 'INT8',
  int16: 'INT16',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  bool: 'BOOL',
  string: 'BYTES',
}

/** Answers for some rows: codes into the schema's classes, or values of a regression (the other is empty), and scores. */
export interface Answers {
  readonly codes: Int32Array
  readonly values: Float64Array
  /** rows x classes; null where the model gives labels alone. */
  readonly scores: Float64Array | null
}

/** Reads every output by the rules that endpoints are read by. Throws where they do not say what the schema declares. */
export function readAnswers(results: Readonly<Record<string, Tensor>>, n: number, schema: SchemaSpec): Answers {
  const outputs = Object.entries(results).map(([name, { type, data, dims }]) => {
    const values = type === 'bool' ? Array.from(data as Uint8Array, (value) => value === 1) : Array.from(data as never)
    return {
      name,
      datatype: datatypes[type] ?? type,
      shape: [...dims],
      data: type === 'int64' || type === 'uint64' ? values.map(Number) : values,
    }
  })
  const { classes, task } = schema
  const found = readOutputs({ outputs }, n, schema)
  const isRegression = task === 'regression'
  const k = classes.length
  const hasScores = !isRegression && n > 0 && found[0].scores !== null
  const scores = hasScores ? new Float64Array(n * k) : null
  found.forEach(({ scores: given }, row) => {
    if (scores !== null) for (let c = 0; c < k; c++) scores[row * k + c] = given?.[classes[c]] ?? Number.NaN
  })
  return {
    codes: isRegression
      ? new Int32Array()
      : Int32Array.from(found, ({ prediction }) => classes.indexOf(String(prediction))),
    values: isRegression ? Float64Array.from(found, ({ prediction }) => Number(prediction)) : new Float64Array(),
    scores,
  }
}

/** Whether two readings of the same rows agree. */
export const isSameAnswer = (left: Answers, right: Answers): boolean =>
  left.codes.length === right.codes.length &&
  left.codes.every((code, row) => code === right.codes[row]) &&
  left.values.every((value, row) => Object.is(value, right.values[row])) &&
  (left.scores === null) === (right.scores === null) &&
  (left.scores?.every((score, i) => score === right.scores?.[i]) ?? true)

/** Reads the one output that decides, straight from its numbers. */
export interface QuickReader {
  readonly output: string
  /** `needsScores` false: only the prediction is wanted. */
  read(result: Tensor, n: number, needsScores: boolean): Answers
}

type Numbers = Float32Array | Float64Array

/**
 * A reader of a single output that says all: a score a class, or the value of a regression. Null where there is none; the caller
 * compares it with `readAnswers` on some rows first, since a label output may follow a rule of its own.
 */
export function findQuickReader(
  results: Readonly<Record<string, Tensor>>,
  n: number,
  { task, classes }: SchemaSpec,
): QuickReader | null {
  const k = task === 'regression' ? 1 : classes.length
  const isFloat = ({ type }: Tensor) => type === 'float32' || type === 'float64'
  const wide = Object.entries(results).filter(([, result]) => isFloat(result) && result.data.length === n * k)
  const [name] = wide.find(([each]) => /prob|score|logit|confidence/i.test(each)) ?? wide[0] ?? []
  if (name === undefined || (task !== 'regression' && k < 2)) return null
  return {
    output: name,
    read({ data }, rows, needsScores) {
      const numbers = data as Numbers
      if (task === 'regression') return { codes: new Int32Array(), values: Float64Array.from(numbers), scores: null }
      const codes = new Int32Array(rows)
      for (let row = 0, at = 0; row < rows; row++, at += k) {
        let best = 0
        for (let c = 1; c < k; c++) if (numbers[at + c] > numbers[at + best]) best = c
        // What is no number is no answer: a linear model about a missing value.
        codes[row] = Number.isNaN(numbers[at + best]) ? -1 : best
      }
      return { codes, values: new Float64Array(), scores: needsScores ? Float64Array.from(numbers) : null }
    },
  }
}
