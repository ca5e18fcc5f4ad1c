import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { parsePushRoute } from '../collect/route.ts'
import type { IngestReply, IngestRequest } from '../service/console-service.ts'
import { readBody } from './http-body.ts'

export const ingestPrefix = '/ingest/v1/'

const maxAtOnce = 16

const problem = (status: number, message: string): IngestReply => ({ status, body: { error: message } })

/** What a protocol may say in headers; never who is calling. */
const saidInHeaders = (headers: IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && /^(ce-.{1,100}|content-type)$/.test(name) ? [[name, value]] : [],
    ),
  )

/** The token of a request: a bearer token, or the password of senders that can only be given an address with one in it. */
function tokenOf(authorization: string): string | undefined {
  const bearer = /^Bearer ([A-Za-z0-9._~+/-]{1,512}=*)$/.exec(authorization)?.[1]
  if (bearer !== undefined) return bearer
  const basic = /^Basic ([A-Za-z0-9+/]{1,1024}={0,2})$/.exec(authorization)?.[1]
  if (basic === undefined) return undefined
  const pair = Buffer.from(basic, 'base64').toString('utf8')
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined
}

/**
 * The push routes: `POST /ingest/v1/deployments/<key>/samples`, `…/labels`, `…/cloudevents` and `…/devices/<key>/telemetry`,
 * JSON, with a token that the handler checks.
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
    const route = parsePushRoute(path.slice(ingestPrefix.length))
    if (route === null) return problem(404, 'There is no such push address')
    if (method !== 'POST') return problem(405, 'Use POST')
    const token = tokenOf(headers.authorization ?? '')
    if (token === undefined) return problem(401, 'An Authorization header with a bearer token is needed')
    if (route.kind !== 'cloudevents' && !/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) {
      return problem(415, 'The content type must be application/json')
    }
    if (headers['content-encoding'] !== undefined) return problem(415, 'The content must not be encoded')
    if (inProgress >= maxAtOnce) return problem(503, `More than ${maxAtOnce} pushes at once: try again in a second`)
    inProgress += 1
    try {
      const body = await readBody(request, maxBytes)
      if (body === null) return problem(413, `A push may have at most ${maxBytes} bytes`)
      const said = route.kind === 'cloudevents' ? { headers: saidInHeaders(headers) } : {}
      return await handle({ route, token, body, ...said })
    } finally {
      inProgress -= 1
    }
  }
}
