import {
  inferReply,
  type ModelMetadata,
  modelMetadata,
  readOutputs,
  serverMetadata,
  TensorFault,
  toInputTensors,
} from '../inference-tensors.ts'
import { ask, askReady, requestFault, shapeFault } from './ask.ts'
import type { AdapterParts, EndpointClient } from './port.ts'

/**
 * A model behind the Open Inference Protocol v2 over HTTP (KServe, Triton, MLServer, OpenVINO). Its metadata are asked for once
 * and kept until a call fails.
 */
export function createOipV2Client({ config, http }: AdapterParts): EndpointClient {
  const version = config.modelVersion === null ? '' : `/versions/${encodeURIComponent(config.modelVersion)}`
  const modelPath = `/v2/models/${encodeURIComponent(config.modelName)}${version}`
  let known: ModelMetadata | null = null

  async function metadata(signal?: AbortSignal) {
    const reply = await ask(http, modelPath, { shape: modelMetadata, what: 'model metadata', signal })
    known = reply.ok ? reply.value : null
    return reply
  }

  return {
    metadata,
    server: (signal) => ask(http, '/v2', { shape: serverMetadata, what: 'server metadata', signal }),
    ready: (signal) => askReady(http, `${modelPath}/ready`, signal),
    async infer(rows, columns, schema, signal) {
      if (rows.length === 0) return { ok: true, value: [], latencyMs: 0 }
      if (!known) {
        const reply = await metadata(signal)
        if (!reply.ok) return reply
      }
      let inputs: ReturnType<typeof toInputTensors>
      try {
        inputs = toInputTensors(rows, columns, known ?? { inputs: [] })
      } catch (error) {
        if (error instanceof TensorFault) return requestFault(error.message)
        throw error
      }
      const request = { shape: inferReply, what: 'inference reply', signal, body: { inputs } }
      const reply = await ask(http, `${modelPath}/infer`, request)
      if (!reply.ok) {
        known = null
        return reply
      }
      const { latencyMs } = reply
      try {
        return { ok: true, value: readOutputs(reply.value, rows.length, schema), latencyMs }
      } catch (error) {
        if (error instanceof TensorFault) return shapeFault(error.message, latencyMs)
        throw error
      }
    },
  }
}
