import { setTimeout as pause } from 'node:timers/promises'
import type { InferRow } from '../../../collect/endpoint.ts'
import type { Evidence } from '../evidence/shape.ts'
import { isAnswered } from '../evidence/tables.ts'
import type { GateOf } from '../judge/gates.ts'
import type { Asker } from './asker.ts'
import { spreadRows } from './measure-behaviour.ts'
import type { TestSet } from './test-set.ts'

/** Requests that may wait for an answer at a time; one more counts as failed, as it would at any client with bounded memory. */
const maxWaiting = 256
/** Different rows sent under load, read beforehand so that reading does not count. */
const maxDifferentRows = 200
/** More requests than this are not sent in one load. */
export const maxLoadRequests = 100_000

type LoadRequest = Evidence['requests'][number]

/**
 * Sends single rows at the planned instants whether or not earlier ones have been answered, so that a slow endpoint cannot slow the
 * load down. Latency counts from when a request left; how late it left is kept beside it.
 */
export async function measureLoad(
  gate: GateOf<'latency'>,
  testSet: TestSet,
  asker: Asker,
  options: {
    readonly monotonicMs: () => number
    readonly signal: AbortSignal
    readonly onProgress: (f: number) => void
  },
): Promise<LoadRequest[]> {
  const { monotonicMs, signal, onProgress } = options
  const total = Math.max(1, Math.floor((gate.requestsPerSecond * gate.durationMs) / 1000))
  const rows = spreadRows(testSet.n, Math.min(maxDifferentRows, total))
  const inputs: InferRow[] = await Promise.all(rows.map((row) => testSet.inferRow(row)))
  const requests: LoadRequest[] = []
  const waiting = new Set<Promise<void>>()
  let gone: unknown = null
  const startedAt = monotonicMs()

  const send = (number: number, dueMs: number, lateMs: number) => {
    const request = { gate: gate.id, row: rows[number % rows.length], dueMs, lateMs }
    if (waiting.size >= maxWaiting) {
      requests[number] = { ...request, latencyMs: null, problem: `${maxWaiting} requests were still waiting` }
      return
    }
    const sent = asker.one(inputs[number % inputs.length]).then(
      (answer) => {
        const problem = isAnswered(answer) ? null : answer.problem.message
        requests[number] = { ...request, latencyMs: answer.latencyMs, problem }
      },
      (error: unknown) => {
        gone ??= error
      },
    )
    waiting.add(sent)
    void sent.finally(() => waiting.delete(sent))
  }

  for (let number = 0; number < total && gone === null; number++) {
    const dueMs = (number * 1000) / gate.requestsPerSecond
    const aheadMs = dueMs - (monotonicMs() - startedAt)
    if (aheadMs > 0) await pause(aheadMs, undefined, { signal })
    signal.throwIfAborted()
    send(number, dueMs, Math.max(0, monotonicMs() - startedAt - dueMs))
    onProgress(number / total)
  }
  await Promise.all(waiting)
  if (gone !== null) throw gone
  return requests
}
