import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { type InferRow, type ModelMetadata, readOutputs, toInputTensors } from '../../../collect/inference-tensors.ts'
import type { SchemaSpec, Version } from '../../../contract/model.ts'
import type { Column, SampleTable } from '../../../contract/table.ts'
import type { BlobStore } from '../../../store/store.ts'

/** Asks a model about rows; the column holds one prediction a row. */
export type Predict = (rows: SampleTable) => Promise<Column>

/** Rows that go through the model at once. */
const batchRows = 10_000

/** Loaded where it is needed: most workers never open a model. */
type Runtime = typeof import('onnxruntime-node')

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

const isOnnx = ({ name, mediaType }: Version['artifacts'][number]) => /\.onnx$/i.test(name) || /onnx/i.test(mediaType)

function tensorOf({ Tensor }: Runtime, type: string, data: readonly unknown[], shape: readonly number[]): Tensor {
  const numbers = () => data.map((value) => (value === null ? Number.NaN : Number(value)))
  if (type === 'FP32') return new Tensor('float32', Float32Array.from(numbers()), shape)
  if (type === 'FP64') return new Tensor('float64', Float64Array.from(numbers()), shape)
  if (type === 'BYTES') return new Tensor('string', data.map(String), shape)
  if (type === 'BOOL')
    return new Tensor(
      'bool',
      Uint8Array.from(data, (value) => Number(value === true)),
      shape,
    )
  if (type === 'INT64')
    return new Tensor(
      'int64',
      BigInt64Array.from(data, (value) => BigInt(Number(value))),
      shape,
    )
  if (type === 'INT32') return new Tensor('int32', Int32Array.from(numbers()), shape)
  throw new Error(`The model takes ${type}, which is not supported here`)
}

/** Missing numbers are null on the wire; missing categories too. */
function rowsOf(table: SampleTable, names: readonly string[], from: number, to: number): InferRow[] {
  return Array.from({ length: to - from }, (_, offset) => {
    const row: Record<string, number | string | null> = {}
    for (const name of names) {
      const column = table.columns.get(name)
      const at = from + offset
      if (column === undefined) row[name] = null
      else if (column.type === 'numeric') row[name] = Number.isNaN(column.values[at]) ? null : column.values[at]
      else row[name] = column.codes[at] < 0 ? null : column.categories[column.codes[at]]
    }
    return row
  })
}

function columnOf(outcomes: readonly (string | number)[], schema: SchemaSpec): Column {
  if (schema.task === 'regression') return { type: 'numeric', values: Float64Array.from(outcomes, Number) }
  const codes = new Map<string, number>()
  const assigned = Int32Array.from(outcomes, (outcome) => {
    const name = String(outcome)
    const code = codes.get(name) ?? codes.size
    codes.set(name, code)
    return code
  })
  return { type: 'categorical', codes: assigned, categories: [...codes.keys()] }
}

/**
 * Opens the ONNX file of a version in this thread; null when it has none that takes tables (pictures among its inputs, a file
 * that does not load, inputs or outputs that are not what the schema declares: it is tried on `sample` first).
 */
export async function openOnnx(
  blobs: Pick<BlobStore, 'get'>,
  version: Version,
  sample: SampleTable,
): Promise<{ predict: Predict; close: () => Promise<void> } | null> {
  const artifact = version.artifacts.find(isOnnx)
  const inputs = version.schema.columns.filter(({ role }) => role === 'input')
  if (artifact === undefined || inputs.length === 0 || inputs.some(({ type }) => type === 'image')) return null
  const bytes = await blobs.get(artifact.digest)
  if (bytes === null) return null
  const runtime = await import('onnxruntime-node')
  let session: InferenceSession
  try {
    session = await runtime.InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 })
  } catch {
    return null
  }
  const metadata: Pick<ModelMetadata, 'inputs'> = {
    inputs: session.inputMetadata.flatMap((input) =>
      input.isTensor
        ? [
            {
              name: input.name,
              datatype: datatypes[input.type] ?? input.type,
              shape: input.shape.map((size) => (typeof size === 'number' ? size : -1)),
            },
          ]
        : [],
    ),
  }
  // Maps and sequences, which some converters add, cannot be read here; the tensors beside them can.
  const outputNames = session.outputMetadata.flatMap((output) => (output.isTensor ? [output.name] : []))
  const names = inputs.map(({ name }) => name)

  async function predictSome(table: SampleTable, from: number, to: number) {
    const tensors = toInputTensors(rowsOf(table, names, from, to), inputs, metadata)
    const feeds = Object.fromEntries(
      tensors.map(({ name, datatype, data, shape }) => [name, tensorOf(runtime, datatype, data, shape)]),
    )
    const results = await session.run(feeds, outputNames)
    const outputs = outputNames.map((name) => {
      const { type, data, dims } = results[name]
      const values =
        type === 'bool' ? Array.from(data as Uint8Array, (value) => value === 1) : Array.from(data as never)
      return {
        name,
        datatype: datatypes[type] ?? type,
        shape: [...dims],
        data: type === 'int64' || type === 'uint64' ? values.map(Number) : values,
      }
    })
    return readOutputs({ outputs }, to - from, version.schema).map(({ prediction }) => prediction)
  }

  const predict: Predict = async (table) => {
    const outcomes: (string | number)[] = []
    for (let from = 0; from < table.n; from += batchRows)
      outcomes.push(...(await predictSome(table, from, Math.min(table.n, from + batchRows))))
    return columnOf(outcomes, version.schema)
  }
  try {
    if (sample.n > 0) await predictSome(sample, 0, 1)
    return { predict, close: () => session.release() }
  } catch {
    await session.release()
    return null
  }
}
