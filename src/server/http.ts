import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { pushBytes } from '../collect/limits.ts'
import { pageHeaders } from '../contract/page.ts'
import type { IngestReply, IngestRequest } from '../service/console-service.ts'
import type { Dispatcher } from '../service/rpc/dispatcher.ts'
import type { Log } from '../service/rpc/log.ts'
import { defaultMessageLimits } from '../service/rpc/measure.ts'
import type { Sessions } from '../service/session/sessions.ts'
import { readBody } from './http-body.ts'
import { createGuard } from './http-guard.ts'
import { createIngestRoute, ingestPrefix } from './http-ingest.ts'
import { portOverWebSocket } from './ports.ts'
import { createDoor } from './ports-door.ts'
import { readPageFile, refusal, type StaticReply } from './static.ts'

export interface ConsoleServerOptions {
  /** 0 takes a free one. */
  readonly port: number
  /** Loopback unless said otherwise. */
  readonly host?: string
  /** More names, without the port, under which this host is reached. */
  readonly allowedHosts?: readonly string[]
  readonly dispatcher: Dispatcher
  readonly sessions: Sessions
  readonly ingest: (request: IngestRequest) => Promise<IngestReply>
  readonly maxIngestBytes?: number
  /** Folder of the built page. */
  readonly staticRoot: string
  /** 256 random bits as text that is safe in URLs and cookies. */
  readonly newSecret: () => string
  readonly log: Log
}

export interface ConsoleServer {
  readonly port: number
  /** A new link that opens the console in one browser, once. */
  newLaunchUrl(): string
  /** Lets replies out, then closes every connection; takes at most about two seconds. */
  close(): Promise<void>
}

const heartbeatMs = 30_000
const graceMs = 2_000
const maxSockets = 64
const ticketForm = z.strictObject({ ticket: z.string().max(200) })

/** Serves the page, its WebSocket and the push routes on one loopback port. Rejects when the port is taken. */
export async function startConsoleServer(options: ConsoleServerOptions): Promise<ConsoleServer> {
  const { dispatcher, sessions, log, newSecret, staticRoot, host = '127.0.0.1', allowedHosts = [] } = options
  const server = createServer({
    maxHeaderSize: 16 * 1024,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: 5_000,
  })
  server.maxConnections = 512
  server.listen(options.port, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  const names = ['127.0.0.1', 'localhost', '[::1]', host, ...allowedHosts]
  const guard = createGuard({ hosts: names.map((name) => `${name.toLowerCase()}:${port}`), port, newSecret })
  const ingest = createIngestRoute(options.ingest, { maxBytes: options.maxIngestBytes ?? pushBytes })
  const door = createDoor({ dispatcher, sessions, newConnectionId: newSecret })

  async function answer(request: IncomingMessage): Promise<StaticReply> {
    const { headers, method, url = '' } = request
    if (!guard.isKnownHost(headers)) return refusal(421, 'The console does not answer to this host name')
    if (!url.startsWith('/') || !URL.canParse(url, 'http://console')) return refusal(400, 'This is not an address')
    // The path as it was sent: a URL object would resolve `..` before it could be refused.
    const [path] = url.split(/[?#]/, 1)
    if (path.startsWith(ingestPrefix)) return jsonReply(await ingest(request, path))
    if (path === '/' && method === 'GET') {
      const token = new URL(url, 'http://console').searchParams.get('launch')
      if (token !== null) return launched(token)
    }
    if (!guard.isLaunched(headers)) {
      return refusal(403, 'Open the console with the link that it printed when it started')
    }
    if (path === '/session') return await beginSession(request)
    if (method !== 'GET' && method !== 'HEAD') return refusal(405, 'Only GET is possible here')
    return await readPageFile(staticRoot, path)
  }

  function launched(token: string): StaticReply {
    const cookie = guard.launch(token)
    if (cookie === null) {
      return refusal(403, 'This link has been used: press Enter where the console runs, and it prints a new one')
    }
    // Not a redirect: after a click in another site's page the browser would leave the new cookie out of it.
    const body = '<!doctype html><meta http-equiv="refresh" content="0;url=/"><title>Assay</title>'
    const headers = { ...pageHeaders, 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' }
    return { status: 200, headers: { ...headers, 'Set-Cookie': cookie }, body: Buffer.from(body) }
  }

  /** A ticket becomes a cookie that no script can read. */
  async function beginSession(request: IncomingMessage): Promise<StaticReply> {
    if (request.method !== 'POST') return refusal(405, 'Use POST')
    if (!guard.isOwnOrigin(request.headers)) return refusal(403, 'Only the console itself may do this')
    const body = await readBody(request, 1024)
    const ticket = body === null ? null : ticketIn(body)
    const redeemed = ticket === null ? null : sessions.redeem(ticket)
    if (redeemed === null) return refusal(401, 'The ticket is not good any more: sign in again')
    const before = guard.sessionToken(request.headers)
    const old = before === null ? null : sessions.byToken(before)
    if (old !== null) sessions.end(old.id)
    const headers = { ...pageHeaders, 'Cache-Control': 'no-store', 'Set-Cookie': guard.sessionCookie(redeemed.token) }
    return { status: 204, headers, body: new Uint8Array() }
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    answer(request)
      .catch((error) => {
        if (request.destroyed && !request.complete) return refusal(400, 'The request ended early')
        log.error({ method: request.method, error }, 'A request failed unexpectedly')
        return refusal(500, 'Something went wrong in the console; its log tells')
      })
      .then(({ status, headers, body }) => {
        // What was not read of a request would be taken for the next one.
        if (!request.complete) response.setHeader('Connection', 'close')
        response.writeHead(status, { ...headers, ...(status !== 204 && { 'Content-Length': body.byteLength }) })
        response.end(request.method === 'HEAD' ? undefined : body)
      })
  })

  const sockets = new WebSocketServer({ noServer: true, maxPayload: 2 * defaultMessageLimits.maxBytes })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    const { headers, url } = request
    const isOurs = guard.isKnownHost(headers) && guard.isOwnOrigin(headers) && guard.isLaunched(headers)
    if (url !== '/rpc' || !isOurs || sockets.clients.size >= maxSockets) {
      stream.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const token = guard.sessionToken(headers)
      keepAlive(socket)
      door.open(portOverWebSocket(socket), token === null ? null : sessions.byToken(token))
    })
  })

  return {
    port,
    newLaunchUrl() {
      const token = newSecret()
      guard.addLaunchToken(token)
      return `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${port}/?launch=${token}`
    },
    async close() {
      const closed = once(server, 'close')
      server.close()
      door.close()
      server.closeIdleConnections()
      const force = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate()
        server.closeAllConnections()
      }, graceMs)
      await closed
      clearTimeout(force)
    },
  }
}

/** Finds out when a page is gone without a word. */
function keepAlive(socket: WebSocket): void {
  let isAlive = true
  const beat = setInterval(() => {
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, heartbeatMs)
  beat.unref()
  socket.on('pong', () => {
    isAlive = true
  })
  socket.on('close', () => clearInterval(beat))
}

function jsonReply({ status, body }: IngestReply): StaticReply {
  const headers = { ...pageHeaders, 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' }
  return { status, headers, body: Buffer.from(JSON.stringify(body)) }
}

function ticketIn(body: Buffer): string | null {
  try {
    return ticketForm.safeParse(JSON.parse(body.toString('utf8'))).data?.ticket ?? null
  } catch {
    return null
  }
}
