import type { EndpointClient, EndpointResult, InferOutput, InferRow } from '../../../collect/endpoint.ts'
import type { ColumnSpec, SchemaSpec } from '../../../contract/model.ts'
import type { Answer } from '../evidence/shape.ts'
import { RunFault } from './run-fault.ts'

/** After so many failures to connect or to answer in time, one after the other, an endpoint counts as gone. */
const maxSilences = 8

/** Asks one endpoint for predictions and tells what came of it. Unless told otherwise it gives up on one that has gone. */
export interface Asker {
  one(row: InferRow): Promise<Answer>
  /** Answers in the order of the rows. A request that is refused as a whole is tried again row by row. */
  many(rows: readonly InferRow[]): Promise<Answer[]>
}

export function createAsker(parts: {
  readonly client: Pick<EndpointClient, 'infer'>
  readonly inputs: readonly ColumnSpec[]
  readonly schema: SchemaSpec
  /** Of the deployment, for sentences. */
  readonly name: string
  readonly signal: AbortSignal
  /** False where silence is an answer to be judged, e.g. under load. */
  readonly givesUp?: boolean
}): Asker {
  const { client, inputs, schema, name, signal, givesUp = true } = parts
  let silences = 0

  async function ask(rows: readonly InferRow[]): Promise<EndpointResult<InferOutput[]>> {
    signal.throwIfAborted()
    const result = await client.infer(rows, inputs, schema, signal)
    signal.throwIfAborted()
    const isSilent = !result.ok && (result.problem.kind === 'timeout' || result.problem.kind === 'network')
    silences = isSilent ? silences + 1 : 0
    if (!result.ok && givesUp && silences >= maxSilences)
      throw new RunFault(`${name} has stopped answering: ${result.problem.message}`)
    return result
  }

  function answerOf({ prediction, scores }: InferOutput, latencyMs: number): Answer {
    // In the order of the classes, and only when there is one for each.
    const listed = scores && schema.classes.length > 0 ? schema.classes.map((name) => scores[name]) : null
    return { prediction, scores: listed?.every(Number.isFinite) ? listed : null, latencyMs }
  }

  function answersOf(result: EndpointResult<InferOutput[]>, n: number): Answer[] {
    if (result.ok) return result.value.map((output) => answerOf(output, result.latencyMs))
    const { kind, status, message } = result.problem
    const answer: Answer = { problem: { kind, status, message: message.slice(0, 2000) }, latencyMs: result.latencyMs }
    return Array.from({ length: n }, () => answer)
  }

  const one = async (row: InferRow) => answersOf(await ask([row]), 1)[0]
  return {
    one,
    async many(rows) {
      const result = await ask(rows)
      if (result.ok || rows.length === 1) return answersOf(result, rows.length)
      const answers: Answer[] = []
      for (const row of rows) answers.push(await one(row))
      return answers
    },
  }
}

/** Works through items, at most `concurrency` at a time; the first that fails ends it. Results in the order of the items. */
export async function mapBounded<T, R>(
  items: readonly T[],
  concurrency: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length)
  let next = 0
  let hasFailed = false
  const lane = async () => {
    while (next < items.length && !hasFailed) {
      const place = next++
      try {
        results[place] = await work(items[place], place)
      } catch (error) {
        hasFailed = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, lane))
  return results
}
