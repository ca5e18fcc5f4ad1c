import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { checkToken, readText, sendJson } from './exchange.ts'
import { Refusal } from './refusal.ts'

const MAX_BODY_BYTES = 256 * 1024

/** One call as a route sees it. */
export interface Call {
  /** What the groups of the route's path matched. */
  readonly params: readonly string[]
  readonly headers: IncomingHttpHeaders
  readonly query: URLSearchParams
  /** The body as it came, for signatures. */
  readonly text: string
}

export type Reply = { readonly status: number; readonly body: unknown } | { readonly bytes: Uint8Array }

export interface Route {
  readonly method: 'GET' | 'POST'
  /** Matched against the whole path, which is not decoded. */
  readonly path: RegExp
  /** Bearer token of the route; null when the route guards itself. */
  readonly token: string | null
  readonly handle: (call: Call) => Promise<Reply>
}

export interface JsonService {
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string
  close(): Promise<void>
}

/** Reads a JSON body of a declared shape; throws a `Refusal` (400) that names the place. */
export function readBody<T extends z.ZodType>(text: string, shape: T): z.output<T> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is not JSON')
  }
  const parsed = shape.safeParse(json)
  if (parsed.success) return parsed.data
  throw new Refusal(400, z.prettifyError(parsed.error).replaceAll('\n', ' '))
}

/** Serves routes on loopback, on `port` if that is free and on any free one otherwise. */
export async function startJsonService(options: {
  readonly routes: readonly Route[]
  readonly port?: number
  /** Told of a defect of a route, which the caller sees only as 500. */
  readonly onDefect?: (error: unknown) => void
}): Promise<JsonService> {
  const { routes, onDefect } = options

  async function answer(request: IncomingMessage): Promise<Reply> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const matching = routes.filter((route) => route.path.test(url.pathname))
    const route = matching.find(({ method }) => method === request.method)
    if (!route) {
      const [status, sentence] = matching.length > 0 ? [405, 'not allowed here'] : [404, 'there is nothing here']
      throw new Refusal(Number(status), `${request.method} ${url.pathname.slice(0, 200)}: ${sentence}`)
    }
    if (route.token !== null) checkToken(request, route.token)
    const params = (route.path.exec(url.pathname) ?? []).slice(1)
    const text = request.method === 'POST' ? await readText(request, MAX_BODY_BYTES) : ''
    return route.handle({ params, headers: request.headers, query: url.searchParams, text })
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const reply = await answer(request)
      if ('bytes' in reply) {
        response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': reply.bytes.length })
        response.end(reply.bytes)
      } else sendJson(response, reply.status, reply.body)
    } catch (error) {
      if (response.destroyed) return
      if (error instanceof Refusal) return sendJson(response, error.status, { error: error.message })
      onDefect?.(error)
      sendJson(response, 500, { error: 'the service failed' })
    }
  }

  const server = createServer({ requestTimeout: 60_000 }, (request, response) => void serve(request, response))
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(options.port ?? 0).catch(() => listen(0))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
