import type { EndpointConfig } from '../contract/connection.ts'

/** Why a call to an endpoint failed. `status` is the HTTP status where there was one. */
export interface EndpointProblem {
  readonly kind: 'timeout' | 'network' | 'status' | 'body' | 'shape' | 'request' | 'aborted'
  /** Plain sentence for the person who runs the endpoint. */
  readonly message: string
  readonly status: number | null
}

export type EndpointResult<T> =
  | { readonly ok: true; readonly value: T; readonly latencyMs: number }
  | { readonly ok: false; readonly problem: EndpointProblem; readonly latencyMs: number }

export const largestReplyBytes = 16 * 1024 * 1024

const failed = (kind: EndpointProblem['kind'], message: string, status: number | null = null): EndpointProblem => ({
  kind,
  message,
  status,
})

function authorisation(auth: EndpointConfig['auth'], secret: string | null): Record<string, string> {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'bearer':
      return { authorization: `Bearer ${secret ?? ''}` }
    case 'basic':
      return { authorization: `Basic ${Buffer.from(`${auth.username}:${secret ?? ''}`).toString('base64')}` }
    case 'header':
      return { [auth.header]: secret ?? '' }
  }
}

async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  if (!response.body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > maxBytes) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Failures of the connection by the code of the error, for every caller over HTTP. */
const networkReasons: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there; check the port and whether the server runs',
  ENOTFOUND: 'the host name is not known; check the address and the network',
  EAI_AGAIN: 'the host name is not known; check the address and the network',
  ECONNRESET: 'the server broke the connection',
  UND_ERR_SOCKET: 'the server broke the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed and not trusted here',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an authority that is not trusted here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'the server asks for a client certificate, and none was given',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'the server broke off the handshake; perhaps it asks for a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the server does not trust the authority of the client certificate',
  ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: 'the server does not accept the client certificate',
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: 'the private key does not belong to the client certificate',
}

function explainNetwork(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return networkReasons[code] ?? (cause instanceof Error ? cause.message || code : String(cause)).slice(0, 300)
}

const refusedStatus: Record<number, string> = {
  401: 'the endpoint asks for authentication, or refuses the secret given',
  403: 'the endpoint does not allow this',
  404: 'the endpoint does not know this model or path; check the address and the model name',
  413: 'the endpoint finds the request too large',
  429: 'the endpoint is asked too often',
  503: 'the endpoint is not ready',
}

/** The endpoint's own words, shortly: its `error` or `message` member where it has one, else the beginning of the body. */
function quote(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, 4096)).toString('utf8')
  let said = text
  try {
    const parsed: unknown = JSON.parse(text)
    const { error, message } = (parsed ?? {}) as { error?: unknown; message?: unknown }
    const own = error ?? message
    if (own !== undefined && own !== null) said = typeof own === 'string' ? own : JSON.stringify(own)
  } catch {
    // Not JSON: quoted as it is.
  }
  const clean = said.replace(/\s+/g, ' ').trim()
  return clean ? `: “${clean.length > 200 ? `${clean.slice(0, 200)}…` : clean}”` : ''
}

export interface HttpCaller {
  /**
   * One request with a time limit over connection, headers and body together: a GET, or a POST of `body` as JSON or of `bytes`.
   * The reply is parsed JSON, text, or null where `expects` is 'status'.
   */
  call(path: string, request: CallRequest): Promise<EndpointResult<unknown>>
}

export interface CallRequest {
  readonly body?: unknown
  readonly bytes?: Uint8Array
  readonly expects: 'json' | 'text' | 'status'
  /** Default: JSON, or anything where no JSON is expected. */
  readonly accept?: string
  readonly signal?: AbortSignal
}

function contentOf({ body, bytes }: CallRequest): { type: string; body: string | Uint8Array<ArrayBuffer> } | null {
  if (bytes !== undefined) return { type: 'application/octet-stream', body: Uint8Array.from(bytes) }
  return body === undefined ? null : { type: 'application/json', body: JSON.stringify(body) }
}

/** Calls one server. Never throws; every way to fail is a sentence. Redirects are not followed: a secret goes to nobody else. */
export function createCaller(
  config: Pick<EndpointConfig, 'url' | 'auth' | 'timeoutMs'>,
  secret: string | null,
  fetcher: typeof fetch = fetch,
): HttpCaller {
  const base = config.url.replace(/\/+$/, '')
  const headers = authorisation(config.auth, secret)

  async function attempt(path: string, request: CallRequest, signal: AbortSignal) {
    const content = contentOf(request)
    const response = await fetcher(base + path, {
      method: content === null ? 'GET' : 'POST',
      headers: {
        accept: request.accept ?? (request.expects === 'json' ? 'application/json' : '*/*'),
        ...(content && { 'content-type': content.type }),
        ...headers,
      },
      body: content?.body,
      redirect: 'manual',
      signal,
    })
    const body = await readBounded(response, largestReplyBytes)
    const { status } = response
    if (status !== 200) {
      const why = refusedStatus[status] ?? (status >= 500 ? 'the endpoint failed' : 'the endpoint refused')
      return failed('status', `${why} (status ${status})${body ? quote(body) : ''}`, status)
    }
    if (request.expects === 'status') return { value: null }
    if (body === null) return failed('body', `the reply is larger than ${largestReplyBytes / 2 ** 20} MiB`, status)
    const text = Buffer.from(body).toString('utf8')
    if (request.expects === 'text') return { value: text }
    try {
      return { value: JSON.parse(text) as unknown }
    } catch {
      const bare = text.match(/[:,[\s](NaN|-?Infinity)\s*[,\]}]/)
      return bare
        ? failed(
            'body',
            `the reply holds ${bare[1]}, which is no JSON number: the model computed something undefined`,
            status,
          )
        : failed('body', `the reply is not JSON${quote(body)}`, status)
    }
  }

  return {
    async call(path, request) {
      const startedAt = performance.now()
      const timeout = AbortSignal.timeout(config.timeoutMs)
      const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout
      try {
        const outcome = await attempt(path, request, signal)
        const latencyMs = performance.now() - startedAt
        return 'value' in outcome
          ? { ok: true, value: outcome.value, latencyMs }
          : { ok: false, problem: outcome, latencyMs }
      } catch (error) {
        const latencyMs = performance.now() - startedAt
        if (request.signal?.aborted)
          return { ok: false, problem: failed('aborted', 'the call was cancelled'), latencyMs }
        if (timeout.aborted)
          return {
            ok: false,
            problem: failed('timeout', `the endpoint did not answer within ${config.timeoutMs / 1000} s`),
            latencyMs,
          }
        return { ok: false, problem: failed('network', `${base}: ${explainNetwork(error)}`), latencyMs }
      }
    },
  }
}
