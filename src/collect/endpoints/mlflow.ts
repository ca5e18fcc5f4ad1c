import { z } from 'zod'
import type { ColumnSpec } from '../../contract/model.ts'
import { type InferRow, TensorFault } from '../inference-tensors.ts'
import { ask, askReady, shapeFault } from './ask.ts'
import { type AdapterParts, type EndpointClient, unsaidMetadata } from './port.ts'
import { readRowOutputs } from './row-outputs.ts'
import { plainValue } from './row-values.ts'

const invocationReply = z.looseObject({ predictions: z.unknown() })

const toSplit = (rows: readonly InferRow[], columns: readonly ColumnSpec[]) => ({
  columns: columns.map(({ name }) => name),
  data: rows.map((row) => columns.map(({ name }) => plainValue(row[name]))),
})

/**
 * A model behind MLflow's scoring server (`/invocations`), sent as a data frame by column name. The server does not say which model
 * or version it serves: that is the word of whoever set up the connection.
 */
export function createMlflowClient({ config, http }: AdapterParts): EndpointClient {
  const ping = (signal?: AbortSignal) => askReady(http, '/ping', signal)
  return {
    ready: ping,
    async server(signal) {
      const reply = await http.call('/version', { expects: 'text', signal })
      return reply.ok
        ? { ...reply, value: { name: 'MLflow', version: String(reply.value).trim().slice(0, 200) } }
        : reply
    },
    async metadata(signal) {
      const reply = await ping(signal)
      return reply.ok ? { ...reply, value: unsaidMetadata(config.modelName) } : reply
    },
    async infer(rows, columns, schema, signal) {
      if (rows.length === 0) return { ok: true, value: [], latencyMs: 0 }
      const body = { dataframe_split: toSplit(rows, columns) }
      const reply = await ask(http, '/invocations', { shape: invocationReply, what: 'prediction', signal, body })
      if (!reply.ok) return reply
      try {
        return { ...reply, value: readRowOutputs(reply.value.predictions, rows.length, schema) }
      } catch (error) {
        if (error instanceof TensorFault) return shapeFault(error.message, reply.latencyMs)
        throw error
      }
    },
  }
}
