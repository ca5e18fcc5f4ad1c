import { z } from 'zod'
import { isBlobKind } from '../contract/blob.ts'
import type { ColumnSpec, SchemaSpec } from '../contract/model.ts'
import type { Outcome } from '../contract/sample.ts'

/** Tensor as the Open Inference Protocol v2 declares and carries it. */
const tensorMetadata = z.looseObject({
  name: z.string().max(500),
  datatype: z.string().max(20),
  shape: z.array(z.int()).max(16),
})
export type TensorMetadata = Pick<z.infer<typeof tensorMetadata>, 'name' | 'datatype' | 'shape'>

export const modelMetadata = z.looseObject({
  name: z.string().max(500),
  versions: z.array(z.string()).nullish(),
  platform: z.string().nullish(),
  inputs: z.array(tensorMetadata).max(5000),
  outputs: z.array(tensorMetadata).max(1000),
})
export type ModelMetadata = z.infer<typeof modelMetadata>

export const serverMetadata = z.looseObject({ name: z.string().max(500), version: z.string().max(200) })

const outputTensor = z.looseObject({ ...tensorMetadata.shape, data: z.array(z.unknown()) })
export const inferReply = z.looseObject({ outputs: z.array(outputTensor).min(1).max(1000) })
export type InferReply = z.infer<typeof inferReply>

/** Value of one input: pictures as bytes, missing as null. */
export type InferValue = number | string | boolean | null | Uint8Array
export type InferRow = Readonly<Record<string, InferValue | undefined>>

export interface InferOutput {
  /** Class name (classification) or number (regression). */
  readonly prediction: Outcome
  readonly scores: Readonly<Record<string, number>> | null
}

interface InputTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly datatype: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly data: readonly (number | string | boolean | null)[]
}

/** A fault that a person reads; thrown inside this file's callers only. */
export class TensorFault extends Error {}

const isWhole = (datatype: string) => /^U?INT(8|16|32|64)$/.test(datatype)
const isFloat = (datatype: string) => /^(FP(16|32|64)|BF16)$/.test(datatype)

/** Whether a whole number fits the datatype; what exceeds 2^53 is not exact as a JSON number and is refused before this. */
function fitsWhole(number: number, datatype: string): boolean {
  const bits = Number(/\d+$/.exec(datatype)?.[0])
  return datatype.startsWith('U') ? number >= 0 && number < 2 ** bits : Math.abs(number + 0.5) < 2 ** (bits - 1)
}

function encode(column: ColumnSpec, value: InferValue | undefined, datatype: string, row: number) {
  const where = `row ${row}, input ${column.name}`
  if (value instanceof Uint8Array) {
    if (datatype !== 'BYTES') throw new TensorFault(`${where}: a picture cannot be sent as ${datatype}`)
    return Buffer.from(value).toString('base64')
  }
  if (value === null || value === undefined) return datatype === 'BYTES' ? '' : null
  if (datatype === 'BYTES') return String(value)
  if (datatype === 'BOOL') {
    if (value === true || value === 'true' || value === 1) return true
    if (value === false || value === 'false' || value === 0) return false
    throw new TensorFault(`${where}: ${JSON.stringify(value)} is neither true nor false`)
  }
  const number = typeof value === 'number' ? value : typeof value === 'boolean' ? Number(value) : Number.NaN
  if (!Number.isFinite(number))
    throw new TensorFault(`${where}: ${JSON.stringify(value)} cannot be sent as ${datatype}`)
  if (isWhole(datatype) && !Number.isSafeInteger(number))
    throw new TensorFault(`${where}: ${number} is not whole, and the model takes ${datatype}`)
  if (isWhole(datatype) && !fitsWhole(number, datatype))
    throw new TensorFault(`${where}: ${number} does not fit ${datatype}, which the model takes`)
  return number
}

/**
 * Writes rows as input tensors. A model with one two-dimensional input takes all columns packed in the order given; any other
 * gets one tensor per column, by name. Missing numbers are sent as null, missing categories as the empty text. Pictures are
 * base64 in BYTES, marked by `content_type`.
 */
export function toInputTensors(
  rows: readonly InferRow[],
  columns: readonly ColumnSpec[],
  metadata: Pick<ModelMetadata, 'inputs'>,
): InputTensor[] {
  const n = rows.length
  const [only] = metadata.inputs
  const isPacked =
    metadata.inputs.length === 1 &&
    only.shape.length === 2 &&
    (columns.length > 1 || columns[0]?.name !== only.name) &&
    columns.every((column) => !isBlobKind(column.type))
  if (isPacked) {
    const width = only.shape[1]
    if (width > 0 && width !== columns.length)
      throw new TensorFault(
        `the model takes ${width} values a row in “${only.name}”, the version declares ${columns.length} inputs`,
      )
    const data = rows.flatMap((row, i) => columns.map((column) => encode(column, row[column.name], only.datatype, i)))
    return [{ name: only.name, shape: [n, columns.length], datatype: only.datatype, data }]
  }
  const declared = new Map(metadata.inputs.map((input) => [input.name, input]))
  return columns.map((column) => {
    const input = declared.get(column.name)
    if (metadata.inputs.length > 0 && !input)
      throw new TensorFault(
        `the model has no input called “${column.name}”; it takes ${[...declared.keys()].slice(0, 20).join(', ')}`,
      )
    const datatype = input?.datatype ?? (column.type === 'numeric' ? 'FP64' : 'BYTES')
    const data = rows.map((row, i) => encode(column, row[column.name], datatype, i))
    const shape = input && input.shape.length > 1 ? [n, ...input.shape.slice(1).map(() => 1)] : [n]
    const parameters =
      column.type === 'image' || column.type === 'audio' ? { parameters: { content_type: 'base64' } } : {}
    return { name: column.name, shape, datatype, ...parameters, data }
  })
}

interface FlatOutput {
  readonly name: string
  readonly datatype: string
  /** Values a row. */
  readonly width: number
  readonly data: readonly unknown[]
}

function flatten(output: InferReply['outputs'][number], n: number): FlatOutput {
  const data: unknown[] = output.data.some(Array.isArray) ? output.data.flat(16) : output.data
  const size = output.shape.reduce((product, length) => product * length, 1)
  if (size !== data.length)
    throw new TensorFault(`output “${output.name}” has ${data.length} values, its shape [${output.shape}] says ${size}`)
  if (output.shape[0] !== n || data.length % n !== 0)
    throw new TensorFault(`output “${output.name}” has shape [${output.shape}] for ${n} rows asked`)
  const bad = data.findIndex((value) =>
    output.datatype === 'BYTES'
      ? typeof value !== 'string'
      : output.datatype === 'BOOL'
        ? typeof value !== 'boolean'
        : typeof value !== 'number' || !(isWhole(output.datatype) ? Number.isInteger(value) : Number.isFinite(value)),
  )
  const width = data.length / n
  if (bad >= 0)
    throw new TensorFault(
      `output “${output.name}”, row ${Math.floor(bad / width)}: ${JSON.stringify(data[bad])?.slice(0, 60)} is no ${output.datatype} value`,
    )
  return { name: output.name, datatype: output.datatype, width, data }
}

const labelNames = /^(output_)?(label|labels|class|classes|prediction|predictions|predicted_label|y|predict)$/i
const scoreNames = /prob|score|logit|confidence/i

/** Whether the only output is a probability: as many models with one sigmoid answer. Whole numbers may as well be classes. */
function isOnlyScore({ width, data, name }: FlatOutput, outputs: readonly FlatOutput[]): boolean {
  const isShare = (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1
  if (outputs.length > 1 || width !== 1 || !data.every(isShare)) return false
  return !labelNames.test(name) || !data.every(Number.isInteger)
}

function classOf(value: unknown, datatype: string, classes: readonly string[]): string {
  const text = String(value)
  if (classes.includes(text)) return text
  if (isWhole(datatype) && typeof value === 'number' && value >= 0 && value < classes.length) return classes[value]
  if (datatype === 'BOOL' && classes.length === 2) return classes[value === true ? 1 : 0]
  throw new TensorFault(
    `the model answered ${JSON.stringify(value)}, which is none of the declared classes ${classes.slice(0, 10).join(', ')}`,
  )
}

/**
 * Reads outputs as one prediction a row. Classification: a label output by name or type, scores from a floating-point output as
 * wide as there are classes (in the order of `schema.classes`); with two classes a single score is that of the positive one, by its
 * name or because the model answers with nothing but one fraction between 0 and 1.
 * Without labels the highest score wins, the first of equals. Regression: the first numeric output with one value a row.
 */
export function readOutputs(reply: InferReply, n: number, schema: SchemaSpec): InferOutput[] {
  const outputs = reply.outputs.map((output) => flatten(output, n))
  const names = outputs.map((output) => output.name).join(', ')
  if (schema.task === 'regression') {
    const values = outputs.find(
      (output) => output.width === 1 && output.datatype !== 'BYTES' && output.datatype !== 'BOOL',
    )
    if (!values) throw new TensorFault(`no output holds one number a row; the model answered with ${names}`)
    return values.data.map((value) => ({ prediction: Number(value), scores: null }))
  }
  const { classes } = schema
  const k = classes.length
  const floats = outputs.filter((output) => isFloat(output.datatype))
  const wide = floats.filter((output) => output.width === k && k > 1)
  const full = wide.find((output) => scoreNames.test(output.name)) ?? wide[0] ?? null
  const single =
    !full && k === 2
      ? (floats.find(
          (output) => output.width === 1 && (scoreNames.test(output.name) || isOnlyScore(output, outputs)),
        ) ?? null)
      : null
  const narrow = outputs.filter((output) => output.width === 1 && !isFloat(output.datatype))
  const labels =
    narrow.find((output) => labelNames.test(output.name)) ??
    outputs.find((output) => output.width === 1 && labelNames.test(output.name) && output !== single) ??
    narrow[0] ??
    null
  if (!labels && !full && !single)
    throw new TensorFault(
      `no output holds a label or a score for each of the ${k} classes; the model answered with ${names}`,
    )
  const positive = schema.positiveClass !== null ? classes.indexOf(schema.positiveClass) : 1

  return Array.from({ length: n }, (_, row) => {
    let scores: Record<string, number> | null = null
    let best = 0
    if (full) {
      scores = {}
      for (let c = 0; c < k; c++) {
        const score = Number(full.data[row * k + c])
        scores[classes[c]] = score
        if (score > Number(full.data[row * k + best])) best = c
      }
    } else if (single) {
      const score = Number(single.data[row])
      scores = { [classes[positive]]: score, [classes[1 - positive]]: 1 - score }
      best = score >= 0.5 ? positive : 1 - positive
    }
    const prediction = labels
      ? classOf(
          labels.data[row],
          isFloat(labels.datatype) && Number.isInteger(labels.data[row]) ? 'INT64' : labels.datatype,
          classes,
        )
      : classes[best]
    return { prediction, scores }
  })
}
