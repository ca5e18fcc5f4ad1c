import { z } from 'zod'
import type { ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { WireSample } from '../../contract/sample.ts'
import type { Refusal } from '../decode-json.ts'
import { readRowOutputs } from '../endpoints/row-outputs.ts'
import { type InferOutput, inferReply, readOutputs, TensorFault } from '../inference-tensors.ts'

/** Rows that one exchange may hold. */
const maxRows = 10_000

const tensor = z.looseObject({
  name: z.string().max(500),
  datatype: z.string().max(20),
  shape: z.array(z.int().min(0)).min(1).max(16),
  data: z.array(z.unknown()).max(5_000_000),
})
const forms = {
  v2: z.looseObject({ inputs: z.array(tensor).min(1).max(5000) }),
  v1: z.looseObject({ instances: z.array(z.unknown()).min(1).max(maxRows) }),
  split: z.looseObject({
    dataframe_split: z.looseObject({
      columns: z.array(z.string().max(500)).max(5000),
      data: z.array(z.array(z.unknown())).min(1).max(maxRows),
    }),
  }),
  records: z.looseObject({ dataframe_records: z.array(z.record(z.string(), z.unknown())).min(1).max(maxRows) }),
}
const v1Reply = z.looseObject({ predictions: z.unknown() })
const failure = z.looseObject({ error: z.string() })
const encoded = z.strictObject({ b64: z.string() })

type Row = Record<string, unknown>
const isRecord = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Values by the order of the columns; optional ones at the end may be left out. */
const byOrder = (values: readonly unknown[], columns: readonly ColumnSpec[], row: number): Row => {
  const isWhole = values.length <= columns.length && columns.slice(values.length).every(({ isRequired }) => !isRequired)
  if (!isWhole)
    throw new TensorFault(`row ${row} has ${values.length} values, the version declares ${columns.length} inputs`)
  return Object.fromEntries(values.map((value, i) => [columns[i].name, value]))
}

function rowsOfTensors({ inputs }: z.infer<typeof forms.v2>, columns: readonly ColumnSpec[]): Row[] {
  const [n] = inputs[0].shape
  if (n < 1 || n > maxRows) throw new TensorFault(`the request has ${n} rows; 1 to ${maxRows} are taken`)
  const flat = inputs.map(({ name, shape, data }) => {
    const values = data.some(Array.isArray) ? data.flat(16) : data
    const size = shape.reduce((product, length) => product * length, 1)
    if (shape[0] !== n || values.length !== size)
      throw new TensorFault(`input “${name}” has shape [${shape}] and ${values.length} values for ${n} rows`)
    return { name, values, width: size / n }
  })
  const [only] = flat
  const isPacked = flat.length === 1 && (only.width > 1 || !columns.some(({ name }) => name === only.name))
  return Array.from({ length: n }, (_, row) => {
    if (isPacked) return byOrder(only.values.slice(row * only.width, (row + 1) * only.width), columns, row)
    return Object.fromEntries(
      flat.map(({ name, values, width }) => {
        if (width !== 1) throw new TensorFault(`input “${name}” has ${width} values a row; a column has one`)
        return [name, values[row]]
      }),
    )
  })
}

const rowOfInstance = (instance: unknown, columns: readonly ColumnSpec[], row: number): Row => {
  if (isRecord(instance) && !encoded.safeParse(instance).success) return instance
  return byOrder(Array.isArray(instance) ? instance.flat(16) : [instance], columns, row)
}

function readRequest(request: unknown, columns: readonly ColumnSpec[]): Row[] {
  const v2 = forms.v2.safeParse(request)
  if (v2.success) return rowsOfTensors(v2.data, columns)
  const v1 = forms.v1.safeParse(request)
  if (v1.success) return v1.data.instances.map((instance, row) => rowOfInstance(instance, columns, row))
  const split = forms.split.safeParse(request)
  if (split.success) {
    const { columns: names, data } = split.data.dataframe_split
    return data.map((values) => Object.fromEntries(names.map((name, i) => [name, values[i]])))
  }
  const records = forms.records.safeParse(request)
  if (records.success) return records.data.dataframe_records
  throw new TensorFault('the request holds neither inputs nor instances nor a data frame')
}

function readResponse(response: unknown, n: number, schema: SchemaSpec): InferOutput[] {
  const v2 = inferReply.safeParse(response)
  if (v2.success) return readOutputs(v2.data, n, schema)
  const v1 = v1Reply.safeParse(response)
  if (v1.success && v1.data.predictions !== undefined) return readRowOutputs(v1.data.predictions, n, schema)
  const failed = failure.safeParse(response)
  throw new TensorFault(
    failed.success
      ? `the model answered with an error: “${failed.data.error.slice(0, 200)}”`
      : 'the response holds neither outputs nor predictions',
  )
}

/** Unwraps `{"b64": …}`; what no input may hold stays, and is refused with its path when the sample is checked. */
function unwrap(value: unknown): unknown {
  const wrapped = encoded.safeParse(value)
  return wrapped.success ? wrapped.data.b64 : value
}

/** What is known of one exchange beside its payloads. */
export interface ExchangeFacts {
  readonly id: string
  readonly at: number
  readonly latencyMs: number | null
  /** Name of the version that answered, where it is one of the model's. */
  readonly version: string | null
}

/**
 * Request and response of one inference (Open Inference Protocol v2, the V1 protocol, or a data frame) as samples in the documented
 * shape, one a row; with several rows the id is followed by a dot and the row. What cannot be read is refused whole.
 */
export function toWireSamples(
  facts: ExchangeFacts,
  request: unknown,
  response: unknown,
  schema: SchemaSpec,
): { readonly json: unknown[]; readonly refusal: null } | { readonly refusal: Refusal } {
  try {
    const columns = schema.columns.filter(({ role }) => role === 'input')
    const types = new Map(columns.map(({ name, type }) => [name, type]))
    const rows = readRequest(request, columns)
    const outputs = readResponse(response, rows.length, schema)
    const json = rows.map((row, index) => {
      const inputs: Row = {}
      const files = { image: {} as Row, audio: {} as Row, text: {} as Row }
      for (const [name, value] of Object.entries(row)) {
        const type = types.get(name)
        const isFile = value !== null && (type === 'image' || type === 'audio' || type === 'text')
        const into = isFile ? files[type] : inputs
        into[name] = unwrap(value)
      }
      const { prediction, scores } = outputs[index]
      return {
        id: rows.length === 1 ? facts.id : `${facts.id}.${index}`,
        at: facts.at,
        inputs: inputs as WireSample['inputs'],
        prediction,
        ...(scores && { scores }),
        ...(facts.latencyMs !== null && { latencyMs: facts.latencyMs }),
        ...(facts.version !== null && { version: facts.version }),
        ...(Object.keys(files.image).length > 0 && { images: files.image as WireSample['images'] }),
        ...(Object.keys(files.audio).length > 0 && { audio: files.audio as WireSample['audio'] }),
        ...(Object.keys(files.text).length > 0 && { texts: files.text as WireSample['texts'] }),
      }
    })
    return { json, refusal: null }
  } catch (error) {
    if (error instanceof TensorFault)
      return { refusal: { code: 'schema-mismatch', reason: error.message.slice(0, 500) } }
    throw error
  }
}

/** The version that a response names, if it names one. */
export const versionIn = (response: unknown): string | null => {
  const named = z.looseObject({ model_version: z.string().max(64) }).safeParse(response)
  return named.success ? named.data.model_version : null
}
