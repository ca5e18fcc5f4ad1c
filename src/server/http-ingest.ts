import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { gunzip } from 'node:zlib'
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

/** The content of gzip, null when it is larger than `maxBytes`, undefined when it is none. */
function inflate(bytes: Buffer, maxBytes: number): Promise<Buffer | null | undefined> {
  return new Promise((resolve) =>
    gunzip(bytes, { maxOutputLength: maxBytes }, (error, content) => {
      if (error === null) resolve(content)
      else resolve('code' in error && error.code === 'ERR_BUFFER_TOO_LARGE' ? null : undefined)
    }),
  )
}

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
 * The push routes: `POST /ingest/v1/deployments/<key>/samples`, `…/labels`, `…/cloudevents`, `…/devices/<key>/telemetry` and
 * `…/otlp/v1/metrics`, JSON, plain or with gzip, with a token that the handler checks.
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
    const encoding = headers['content-encoding'] ?? 'identity'
    if (encoding !== 'gzip' && encoding !== 'identity')
      return problem(415, 'The content may be encoded with gzip alone')
    if (inProgress >= maxAtOnce) return problem(503, `More than ${maxAtOnce} pushes at once: try again in a second`)
    inProgress += 1
    try {
      const sent = await readBody(request, maxBytes)
      const body = sent === null || encoding === 'identity' ? sent : await inflate(sent, maxBytes)
      if (body === undefined) return problem(422, 'The content is not what gzip writes')
      if (body === null) return problem(413, `A push may have at most ${maxBytes} bytes`)
      const said = route.kind === 'cloudevents' ? { headers: saidInHeaders(headers) } : {}
      return await handle({ route, token, body, ...said })
    } finally {
      inProgress -= 1
    }
  }
}
