import { z } from 'zod'
import type { ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { EndpointResult } from '../http-call.ts'
import { type InferOutput, type InferRow, TensorFault } from '../inference-tensors.ts'
import { askReady, shapeFault } from './ask.ts'
import { type AdapterParts, type EndpointClient, unsaidMetadata } from './port.ts'
import { readRowOutputs } from './row-outputs.ts'
import { toRowObject } from './row-values.ts'

const enveloped = z.looseObject({ predictions: z.unknown() })

/**
 * A model behind TorchServe's inference interface. What a request and a reply look like is up to the model's handler; this adapter
 * speaks to the usual ones: a model with one picture gets its bytes, a request a row; every other gets `{"instances": [row objects]}`
 * and answers with a list, one element a row, bare or in `predictions`. For other handlers there is the JSON template.
 */
export function createTorchServeClient({ config, http }: AdapterParts): EndpointClient {
  const version = config.modelVersion === null ? '' : `/${encodeURIComponent(config.modelVersion)}`
  const path = `/predictions/${encodeURIComponent(config.modelName)}${version}`
  const ping = (signal?: AbortSignal) => askReady(http, '/ping', signal)

  async function predict(
    request: { readonly body: unknown } | { readonly bytes: Uint8Array },
    n: number,
    schema: SchemaSpec,
    signal?: AbortSignal,
  ): Promise<EndpointResult<InferOutput[]>> {
    const reply = await http.call(path, { ...request, expects: 'json', signal })
    if (!reply.ok) return reply
    const inner = enveloped.safeParse(reply.value)
    try {
      const said = inner.success && !schema.classes.includes('predictions') ? inner.data.predictions : reply.value
      return { ...reply, value: readRowOutputs(said, n, schema) }
    } catch (error) {
      if (error instanceof TensorFault) return shapeFault(error.message, reply.latencyMs)
      throw error
    }
  }

  async function predictPictures(
    rows: readonly InferRow[],
    { name }: ColumnSpec,
    schema: SchemaSpec,
    signal?: AbortSignal,
  ): Promise<EndpointResult<InferOutput[]>> {
    const value: InferOutput[] = []
    let latencyMs = 0
    for (const [index, row] of rows.entries()) {
      const bytes = row[name]
      if (!(bytes instanceof Uint8Array)) return shapeFault(`row ${index}: ${name} holds no picture`, latencyMs)
      const reply = await predict({ bytes }, 1, schema, signal)
      latencyMs += reply.latencyMs
      if (!reply.ok) return { ...reply, latencyMs }
      value.push(...reply.value)
    }
    return { ok: true, value, latencyMs }
  }

  return {
    ready: ping,
    async server(signal) {
      const reply = await ping(signal)
      return reply.ok ? { ...reply, value: { name: 'TorchServe', version: '' } } : reply
    },
    async metadata(signal) {
      const reply = await ping(signal)
      return reply.ok ? { ...reply, value: unsaidMetadata(config.modelName) } : reply
    },
    async infer(rows, columns, schema, signal) {
      if (rows.length === 0) return { ok: true, value: [], latencyMs: 0 }
      if (columns.length === 1 && columns[0].type === 'image')
        return await predictPictures(rows, columns[0], schema, signal)
      const body = { instances: rows.map((row) => toRowObject(row, columns)) }
      return await predict({ body }, rows.length, schema, signal)
    },
  }
}
