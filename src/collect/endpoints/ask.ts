import type { z } from 'zod'
import type { EndpointProblem, EndpointResult, HttpCaller } from '../http-call.ts'

/** A reply that is not what the protocol says. */
export function shapeFault(message: string, latencyMs: number) {
  const problem: EndpointProblem = { kind: 'shape', message: message.slice(0, 500), status: null }
  return { ok: false, problem, latencyMs } as const
}

/** A request that cannot be made in this protocol: nothing was sent. */
export function requestFault(message: string) {
  const problem: EndpointProblem = { kind: 'request', message: message.slice(0, 500), status: null }
  return { ok: false, problem, latencyMs: 0 } as const
}

/** Calls a path and parses the JSON of the reply; `what` names the expected shape in the sentence of a failure. */
export async function ask<T extends z.ZodType>(
  http: HttpCaller,
  path: string,
  request: { readonly shape: T; readonly what: string; readonly signal?: AbortSignal; readonly body?: unknown },
): Promise<EndpointResult<z.infer<T>>> {
  const reply = await http.call(path, { expects: 'json', signal: request.signal, body: request.body })
  if (!reply.ok) return reply
  const parsed = request.shape.safeParse(reply.value)
  if (parsed.success) return { ok: true, value: parsed.data, latencyMs: reply.latencyMs }
  const [issue] = parsed.error.issues
  const where = issue.path.map(String).join('.')
  return shapeFault(`the reply is no ${request.what}: ${where ? `${where}: ` : ''}${issue.message}`, reply.latencyMs)
}

/** Whether a model is ready, from a route that says it by its status: bodies of health routes differ between servers. */
export async function askReady(http: HttpCaller, path: string, signal?: AbortSignal): Promise<EndpointResult<boolean>> {
  const reply = await http.call(path, { expects: 'status', signal })
  if (reply.ok) return { ...reply, value: true }
  // An honest “not ready” is an answer, not a failure to answer.
  return reply.problem.status === 503 || reply.problem.status === 400
    ? { ok: true, value: false, latencyMs: reply.latencyMs }
    : reply
}
