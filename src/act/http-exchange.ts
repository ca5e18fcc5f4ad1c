import type { Json } from '../contract/primitives.ts'
import { isDeeperThan } from './dot-path.ts'

export const maxReplyBytes = 1_048_576
const maxReplyDepth = 60

/** One reply, read whole up to 1 MiB. */
export interface Reply {
  readonly status: number
  readonly retryAfter: string | null
  readonly location: string | null
  readonly text: string
  readonly isCut: boolean
  /** Undefined when the text is not JSON, was cut, or is nested too deeply. */
  readonly json: Json | undefined
}

/**
 * What one request came to. `unreached`: it surely did nothing, because no connection was made. `lost`: it may have been received,
 * but no whole reply came. `cancelled`: the caller's signal fired.
 */
export type Exchange =
  | { readonly type: 'reply'; readonly reply: Reply }
  | { readonly type: 'unreached'; readonly message: string }
  | { readonly type: 'lost'; readonly message: string }
  | { readonly type: 'cancelled'; readonly wasSent: boolean; readonly message: string }

/** Errors that happen before a byte of the request has left. */
const beforeSending: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused: is it running, and is the port right?',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  UND_ERR_CONNECT_TIMEOUT: 'no connection was made in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by an unknown authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by an unknown authority',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
}

function codeOf(error: unknown): string {
  for (let here = error, depth = 0; here instanceof Error && depth < 5; here = here.cause, depth += 1)
    if ('code' in here && typeof here.code === 'string') return here.code
  return ''
}

/** The deepest sentence of an error: fetch wraps the one that tells. */
function sentenceOf(error: unknown): string {
  let text = String(error)
  for (let here = error, depth = 0; here instanceof Error && depth < 5; here = here.cause, depth += 1)
    if (here.message !== '') text = here.message
  return text
}

async function readReply(response: Response): Promise<Reply> {
  const chunks: Uint8Array[] = []
  let size = 0
  let isCut = false
  if (response.body !== null) {
    const reader = response.body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const room = maxReplyBytes - size
      chunks.push(value.subarray(0, room))
      size += Math.min(room, value.length)
      if (value.length > room) {
        isCut = true
        await reader.cancel().catch(() => undefined)
        break
      }
    }
  }
  const text = Buffer.concat(chunks).toString('utf8')
  let json: Json | undefined
  if (!isCut && text !== '')
    try {
      const parsed: Json = JSON.parse(text)
      if (!isDeeperThan(parsed, maxReplyDepth)) json = parsed
    } catch {
      json = undefined
    }
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    location: response.headers.get('location'),
    text,
    isCut,
    json,
  }
}

/**
 * Makes one request and reads its reply within `timeoutMs`. Redirects are not followed, since credentials would travel along. Never
 * rejects.
 */
export async function exchange(options: {
  readonly fetch: typeof globalThis.fetch
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly timeoutMs: number
  readonly signal: AbortSignal
}): Promise<Exchange> {
  const { signal, timeoutMs } = options
  if (signal.aborted) return { type: 'cancelled', wasSent: false, message: 'cancelled before it was sent' }
  const timeout = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
  try {
    const response = await options.fetch(options.url, {
      method: options.method,
      headers: options.headers,
      body: options.body,
      redirect: 'manual',
      signal: AbortSignal.any([signal, timeout]),
    })
    return { type: 'reply', reply: await readReply(response) }
  } catch (error) {
    if (signal.aborted) return { type: 'cancelled', wasSent: true, message: 'cancelled while waiting for the reply' }
    if (timeout.aborted) return { type: 'lost', message: `no reply within ${timeoutMs / 1000} s` }
    const code = codeOf(error)
    if (Object.hasOwn(beforeSending, code)) return { type: 'unreached', message: beforeSending[code] }
    return { type: 'lost', message: `the connection broke (${code || sentenceOf(error)})` }
  }
}

/** Milliseconds that a `Retry-After` header asks for, in seconds or as a date; null when it says nothing readable. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** Wait before attempt `attempt + 1`: doubling from 0.5 s to 30 s, between half and all of it, so that callers spread. */
export const backoffMs = (attempt: number, random: () => number): number =>
  Math.min(30_000, 500 * 2 ** (attempt - 1)) * (0.5 + random() / 2)

/** The beginning of a text for a log, on one line. */
export function excerpt(text: string, maxLength = 2000): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > maxLength ? `${line.slice(0, maxLength)}… (${line.length} characters)` : line
}
