import { type RequestOptions, request as requestTls } from 'node:https'
import { Readable } from 'node:stream'
import type { TlsIdentity } from '../contract/tls.ts'

/** Replies that have no body; a Response with one would not be made. */
const bodiless = new Set([204, 205, 304])

/**
 * A `fetch` for one server that shows a client certificate and trusts the given authority: Node's own takes neither. It knows what
 * callers here use (method, headers, text or bytes, signal) and never follows a redirect.
 */
export function createTlsFetch(tls: TlsIdentity, key: string | null): typeof fetch {
  const identity: RequestOptions = {
    ca: tls.caPem ?? undefined,
    cert: tls.certPem ?? undefined,
    key: key ?? undefined,
  }
  return (input, init = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(input instanceof Request ? input.url : input)
      if (url.protocol !== 'https:') {
        reject(new Error('certificates need an address that begins with https://'))
        return
      }
      const { method = 'GET', body, signal } = init
      const headers = Object.fromEntries(new Headers(init.headers))
      const options = { ...identity, method, headers, signal: signal ?? undefined, agent: false as const }
      const outgoing = requestTls(url, options, (incoming) => {
        const status = incoming.statusCode ?? 0
        const replyHeaders = new Headers()
        for (const [name, value] of Object.entries(incoming.headers))
          for (const each of [value ?? []].flat()) replyHeaders.append(name, each)
        const content = bodiless.has(status) ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>)
        if (content === null) incoming.resume()
        resolve(new Response(content, { status, headers: replyHeaders }))
      })
      outgoing.on('error', reject)
      outgoing.end(typeof body === 'string' || body instanceof Uint8Array ? body : undefined)
    })
}
