import type { SchemaSpec } from '../../contract/model.ts'
import type { EndpointResult } from '../http-call.ts'
import { type InferOutput, type InferRow, TensorFault } from '../inference-tensors.ts'
import { askReady, shapeFault } from './ask.ts'
import { asksByRow, fillBody, TemplateFault } from './json-template.ts'
import { pick } from './pick.ts'
import { type AdapterParts, type EndpointClient, unsaidMetadata } from './port.ts'
import { readRowOutputs } from './row-outputs.ts'

/** Scores of one row: by class, in the order of the classes, or the one of the positive class. */
function readScores(said: unknown, schema: SchemaSpec): Record<string, number> {
  const { classes } = schema
  const [{ scores }] = readRowOutputs([said], 1, schema, [{ name: 'score', datatype: 'FP64', shape: [-1] }])
  const isWhole = scores !== null && Object.keys(scores).every((name) => classes.includes(name))
  if (!isWhole) throw new TensorFault('the scores are neither numbers by class nor one number for each class')
  return scores
}

/**
 * A service that speaks JSON of its own: a template makes the request, paths find predictions and scores in the reply. Whether and
 * what it serves is the word of whoever set up the connection.
 */
export function createJsonClient({ config, http }: AdapterParts): EndpointClient {
  const { template } = config

  async function ready(signal?: AbortSignal): Promise<EndpointResult<boolean>> {
    if (template?.readyPath) return await askReady(http, template.readyPath, signal)
    const reply = await http.call('', { expects: 'status', signal })
    // Without a path of its own for this, any answer says that somebody is there; a failing one says that it is not well.
    const { ok, latencyMs } = reply
    if (!ok && (reply.problem.status === null || [401, 403].includes(reply.problem.status))) return reply
    return { ok: true, value: ok || (reply.problem.status ?? 500) < 500, latencyMs }
  }

  function readReply(reply: unknown, n: number, schema: SchemaSpec): InferOutput[] {
    if (!template) return []
    const said = pick(reply, template.outputPath)
    if (said === undefined)
      throw new TensorFault(
        `the reply has nothing at ${template.outputPath || 'its top'} (the path to the predictions)`,
      )
    const outputs = readRowOutputs(said, n, schema)
    if (template.scoresPath === null || schema.task === 'regression') return outputs
    const scores = pick(reply, template.scoresPath)
    const list = n === 1 && !(Array.isArray(scores) && scores.length === 1) ? [scores] : scores
    if (!Array.isArray(list) || list.length !== n)
      throw new TensorFault(`the reply has no scores for ${n} rows at ${template.scoresPath}`)
    return outputs.map((output, row) => ({ ...output, scores: readScores(list[row], schema) }))
  }

  async function ask(rows: readonly InferRow[], schema: SchemaSpec, body: unknown, signal?: AbortSignal) {
    const reply = await http.call(template?.path ?? '', { expects: 'json', body, signal })
    return reply.ok ? { ...reply, value: readReply(reply.value, rows.length, schema) } : reply
  }

  return {
    ready,
    async server(signal) {
      const reply = await ready(signal)
      return reply.ok ? { ...reply, value: { name: 'JSON service', version: '' } } : reply
    },
    async metadata(signal) {
      const reply = await ready(signal)
      return reply.ok ? { ...reply, value: unsaidMetadata(config.modelName) } : reply
    },
    async infer(rows, columns, schema, signal) {
      if (!template) return shapeFault('the connection has no template for its requests', 0)
      const batches = asksByRow(template) ? rows.map((row) => [row]) : rows.length > 0 ? [rows] : []
      const value: InferOutput[] = []
      let latencyMs = 0
      try {
        for (const batch of batches) {
          const reply = await ask(batch, schema, fillBody(template, config, batch, columns), signal)
          latencyMs += reply.latencyMs
          if (!reply.ok) return { ...reply, latencyMs }
          value.push(...reply.value)
        }
        return { ok: true, value, latencyMs }
      } catch (error) {
        if (error instanceof TensorFault || error instanceof TemplateFault) return shapeFault(error.message, latencyMs)
        throw error
      }
    },
  }
}
