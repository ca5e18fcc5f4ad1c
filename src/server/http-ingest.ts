import type { IncomingMessage } from 'node:http'
import { parseRoute } from '../collect/route.ts'
import type { IngestReply, IngestRequest } from '../service/console-service.ts'
import { readBody } from './http-body.ts'

export const ingestPrefix = '/ingest/v1/'

const maxAtOnce = 16

const problem = (status: number, message: string): IngestReply => ({ status, body: { error: message } })

/**
 * The push routes: `POST /ingest/v1/deployments/<key>/samples`, `…/labels` and `…/devices/<key>/telemetry`, JSON, with a
 * bearer token that the handler checks.
 */
export function createIngestRoute(
  handle: (request: IngestRequest) => Promise<IngestReply>,
  { maxBytes }: { maxBytes: number },
): (request: IncomingMessage, path: string) => Promise<IngestReply> {
  let inProgress = 0
  return async (request, path) => {
    const { headers, method } = request
    // A service has no origin; a browser always says one when it posts.
    if (headers.origin !== undefined) return problem(403, 'Web pages may not push')
    const route = parseRoute(path.slice(ingestPrefix.length))
    if (route === null) return problem(404, 'There is no such push address')
    if (method !== 'POST') return problem(405, 'Use POST')
    const token = /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/.exec(headers.authorization ?? '')?.[1]
    if (token === undefined) return problem(401, 'An Authorization header with a bearer token is needed')
    if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
      return problem(415, 'The content type must be application/json')
    }
    if (headers['content-encoding'] !== undefined) return problem(415, 'The content must not be encoded')
    if (inProgress >= maxAtOnce) return problem(503, `More than ${maxAtOnce} pushes at once: try again in a second`)
    inProgress += 1
    try {
      const body = await readBody(request, maxBytes)
      if (body === null) return problem(413, `A push may have at most ${maxBytes} bytes`)
      return await handle({ route, token, body })
    } finally {
      inProgress -= 1
    }
  }
}
