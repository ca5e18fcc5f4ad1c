import type { z } from 'zod'
import type { EndpointConfig } from '../contract/connection.ts'
import type { ColumnSpec, SchemaSpec } from '../contract/model.ts'
import { createCaller, type EndpointResult } from './http-call.ts'
import {
  type InferOutput,
  type InferRow,
  inferReply,
  type ModelMetadata,
  modelMetadata,
  readOutputs,
  serverMetadata,
  TensorFault,
  toInputTensors,
} from './inference-tensors.ts'

export type { EndpointProblem, EndpointResult } from './http-call.ts'
export type { InferOutput, InferRow, InferValue, ModelMetadata } from './inference-tensors.ts'

export interface EndpointClient {
  /** Name and version of the server. */
  server(signal?: AbortSignal): Promise<EndpointResult<{ name: string; version: string }>>
  metadata(signal?: AbortSignal): Promise<EndpointResult<ModelMetadata>>
  /** Whether the model is ready, by the status of the reply: bodies of health routes differ between servers. */
  ready(signal?: AbortSignal): Promise<EndpointResult<boolean>>
  /**
   * Predictions for rows, in their order. `columns` are the inputs in the order the model takes them; pictures are bytes. The
   * model's metadata is asked for once and kept until a call fails.
   */
  infer(
    rows: readonly InferRow[],
    columns: readonly ColumnSpec[],
    schema: SchemaSpec,
    signal?: AbortSignal,
  ): Promise<EndpointResult<InferOutput[]>>
}

/**
 * Client of one model behind the Open Inference Protocol v2 over HTTP. Never throws: a failure is a value with a sentence. One
 * attempt a call, limited in time and size; whoever calls decides about trying again.
 */
export function createEndpointClient(options: {
  readonly config: EndpointConfig
  readonly secret: string | null
  readonly fetch?: typeof fetch
}): EndpointClient {
  const { config } = options
  const http = createCaller(config, options.secret, options.fetch)
  const version = config.modelVersion === null ? '' : `/versions/${encodeURIComponent(config.modelVersion)}`
  const modelPath = `/v2/models/${encodeURIComponent(config.modelName)}${version}`
  let known: ModelMetadata | null = null

  const shapeFault = (message: string, latencyMs: number) =>
    ({ ok: false, problem: { kind: 'shape', message, status: null }, latencyMs }) as const

  async function ask<T extends z.ZodType>(path: string, shape: T, what: string, signal?: AbortSignal, body?: unknown) {
    const reply = await http.call(path, { expects: 'json', signal, body })
    if (!reply.ok) return reply
    const parsed = shape.safeParse(reply.value)
    if (parsed.success) return { ok: true, value: parsed.data as z.infer<T>, latencyMs: reply.latencyMs } as const
    const [issue] = parsed.error.issues
    const where = issue.path.map(String).join('.')
    return shapeFault(
      `the reply is no ${what}: ${where ? `${where}: ` : ''}${issue.message}`.slice(0, 500),
      reply.latencyMs,
    )
  }

  async function metadata(signal?: AbortSignal) {
    const reply = await ask(modelPath, modelMetadata, 'model metadata', signal)
    known = reply.ok ? reply.value : null
    return reply
  }

  return {
    metadata,
    server: (signal) => ask('/v2', serverMetadata, 'server metadata', signal),
    async ready(signal) {
      const reply = await http.call(`${modelPath}/ready`, { expects: 'status', signal })
      if (reply.ok) return { ...reply, value: true }
      // An honest “not ready” is an answer, not a failure to answer.
      return reply.problem.status === 503 || reply.problem.status === 400
        ? { ok: true, value: false, latencyMs: reply.latencyMs }
        : reply
    },
    async infer(rows, columns, schema, signal) {
      if (rows.length === 0) return { ok: true, value: [], latencyMs: 0 }
      if (!known) {
        const reply = await metadata(signal)
        if (!reply.ok) return reply
      }
      let latencyMs = 0
      try {
        const inputs = toInputTensors(rows, columns, known ?? { inputs: [] })
        const reply = await ask(`${modelPath}/infer`, inferReply, 'inference reply', signal, { inputs })
        if (!reply.ok) {
          known = null
          return reply
        }
        latencyMs = reply.latencyMs
        return { ok: true, value: readOutputs(reply.value, rows.length, schema), latencyMs }
      } catch (error) {
        if (error instanceof TensorFault) return shapeFault(error.message, latencyMs)
        throw error
      }
    },
  }
}
