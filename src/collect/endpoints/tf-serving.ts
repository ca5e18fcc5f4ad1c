import { z } from 'zod'
import type { EndpointResult } from '../http-call.ts'
import { type ModelMetadata, TensorFault, type TensorMetadata, toInputTensors } from '../inference-tensors.ts'
import { ask, requestFault, shapeFault } from './ask.ts'
import type { AdapterParts, EndpointClient } from './port.ts'
import { readRowOutputs } from './row-outputs.ts'

const modelStatus = z.looseObject({
  model_version_status: z.array(z.looseObject({ version: z.string().max(100), state: z.string().max(100) })).max(1000),
})

const tensorInfo = z.looseObject({
  dtype: z.string().max(50),
  tensor_shape: z
    .looseObject({
      dim: z
        .array(z.looseObject({ size: z.union([z.string(), z.number()]) }))
        .max(16)
        .optional(),
    })
    .optional(),
})
const signature = z.looseObject({
  inputs: z.record(z.string().max(500), tensorInfo).default({}),
  outputs: z.record(z.string().max(500), tensorInfo).default({}),
})
const servedMetadata = z.looseObject({
  model_spec: z.looseObject({ version: z.string().max(100).optional() }).optional(),
  metadata: z.looseObject({
    signature_def: z.looseObject({ signature_def: z.record(z.string().max(500), z.unknown()) }),
  }),
})

const predictReply = z.looseObject({ predictions: z.array(z.unknown()).max(1_000_000) })

const datatypes: Record<string, string> = {
  DT_FLOAT: 'FP32',
  DT_DOUBLE: 'FP64',
  DT_HALF: 'FP16',
  DT_BFLOAT16: 'BF16',
  DT_BOOL: 'BOOL',
  DT_STRING: 'BYTES',
  DT_INT8: 'INT8',
  DT_INT16: 'INT16',
  DT_INT32: 'INT32',
  DT_INT64: 'INT64',
  DT_UINT8: 'UINT8',
  DT_UINT16: 'UINT16',
  DT_UINT32: 'UINT32',
  DT_UINT64: 'UINT64',
}

const toTensors = (infos: Record<string, z.infer<typeof tensorInfo>>): TensorMetadata[] =>
  Object.entries(infos).map(([name, { dtype, tensor_shape }]) => ({
    name,
    datatype: datatypes[dtype] ?? dtype,
    shape: (tensor_shape?.dim ?? []).map(({ size }) => Number(size)),
  }))

/** Tensors as rows: one tensor alone is the bare value of each row, several are an object by name. Pictures become `b64`. */
function toInstances(tensors: ReturnType<typeof toInputTensors>, n: number): unknown[] {
  const takeRow = ({ name, shape, data, parameters }: (typeof tensors)[number], row: number) => {
    const width = data.length / n
    const values = data.slice(row * width, (row + 1) * width).map((value) => {
      if (value === null)
        throw new TensorFault(`row ${row}, input ${name}: it is missing, and this protocol has no null`)
      return parameters ? { b64: value } : value
    })
    return shape.length === 1 ? values[0] : values
  }
  return Array.from({ length: n }, (_, row) =>
    tensors.length === 1
      ? takeRow(tensors[0], row)
      : Object.fromEntries(tensors.map((tensor) => [tensor.name, takeRow(tensor, row)])),
  )
}

/**
 * A model behind TensorFlow Serving's REST interface, asked in the row format with the signature `serving_default`. Names and types
 * of the tensors come from its metadata, asked for once and kept until a call fails.
 */
export function createTfServingClient({ config, http }: AdapterParts): EndpointClient {
  const version = config.modelVersion === null ? '' : `/versions/${encodeURIComponent(config.modelVersion)}`
  const modelPath = `/v1/models/${encodeURIComponent(config.modelName)}${version}`
  let known: ModelMetadata | null = null

  const status = (signal?: AbortSignal) => ask(http, modelPath, { shape: modelStatus, what: 'model status', signal })

  async function metadata(signal?: AbortSignal): Promise<EndpointResult<ModelMetadata>> {
    const said = await ask(http, `${modelPath}/metadata`, { shape: servedMetadata, what: 'model metadata', signal })
    if (!said.ok) return said
    const states = await status(signal)
    if (!states.ok) return states
    const signatures = said.value.metadata.signature_def.signature_def
    const serving = signature.safeParse(signatures.serving_default)
    if (!serving.success) {
      const names = Object.keys(signatures).slice(0, 20).join(', ')
      return shapeFault(`the model has no usable signature “serving_default”; it has ${names}`, said.latencyMs)
    }
    const versions = states.value.model_version_status
      .filter(({ state }) => state === 'AVAILABLE')
      .map((each) => each.version)
    known = {
      ...{ name: config.modelName, versions, platform: 'tensorflow' },
      ...{ inputs: toTensors(serving.data.inputs), outputs: toTensors(serving.data.outputs) },
    }
    return { ok: true, value: known, latencyMs: said.latencyMs }
  }

  return {
    metadata,
    async server(signal) {
      // The protocol has no word for the server itself.
      const reply = await status(signal)
      return reply.ok ? { ...reply, value: { name: 'TensorFlow Serving', version: '' } } : reply
    },
    async ready(signal) {
      const reply = await status(signal)
      if (!reply.ok) return reply
      return { ...reply, value: reply.value.model_version_status.some(({ state }) => state === 'AVAILABLE') }
    },
    async infer(rows, columns, schema, signal) {
      if (rows.length === 0) return { ok: true, value: [], latencyMs: 0 }
      if (!known) {
        const reply = await metadata(signal)
        if (!reply.ok) return reply
      }
      const { inputs, outputs } = known ?? { inputs: [], outputs: [] }
      let body: { instances: unknown[] }
      try {
        body = { instances: toInstances(toInputTensors(rows, columns, { inputs }), rows.length) }
      } catch (error) {
        if (error instanceof TensorFault) return requestFault(error.message)
        throw error
      }
      const reply = await ask(http, `${modelPath}:predict`, { shape: predictReply, what: 'prediction', signal, body })
      if (!reply.ok) {
        known = null
        return reply
      }
      const { latencyMs } = reply
      try {
        return { ok: true, value: readRowOutputs(reply.value.predictions, rows.length, schema, outputs), latencyMs }
      } catch (error) {
        if (error instanceof TensorFault) return shapeFault(error.message, latencyMs)
        throw error
      }
    },
  }
}
