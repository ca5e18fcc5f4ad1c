import type { Intake, MessageOutcome } from './intake.ts'
import { pushBytes } from './limits.ts'
import { busy, findByToken, type PushConnection, storePushed } from './push.ts'
import { parseRoute, type Route } from './route.ts'

export interface IngestRequest {
  readonly route: Route['kind']
  /** Deployment key, or device key for telemetry. */
  readonly key: string
  /** Bearer token, null when none was sent. */
  readonly token: string | null
  readonly body: Uint8Array
  readonly contentType: string | null
}

export interface IngestReply {
  readonly status: 202 | 401 | 404 | 413 | 415 | 422 | 503
  readonly body: {
    readonly accepted?: number
    readonly refused?: number
    /** Held apart, durably, because their event time lies in the future: not to be sent again. */
    readonly held?: number
    /** At most 100, each naming what is wrong and where. */
    readonly errors?: readonly { readonly index: number | null; readonly code: string; readonly message: string }[]
    /** Columns that the version does not declare, kept out. */
    readonly ignored?: readonly string[]
    readonly message?: string
  }
}

export interface IngestOptions {
  readonly intake: Intake
  /** Enabled push connections. */
  readonly connections: () => readonly PushConnection[]
  /** How long a caller waits for durability before being asked to try again. */
  readonly patienceMs?: number
}

function replyFor(outcome: MessageOutcome, route: Route): IngestReply {
  const { accepted, ignored } = outcome
  const refused = outcome.refused.filter(({ aheadAt }) => aheadAt === undefined)
  const held = outcome.refused.length - refused.length
  const errors = refused.slice(0, 100).map(({ index, code, reason }) => ({ index, code, message: reason }))
  const body = {
    accepted,
    refused: refused.length,
    errors,
    ...(held > 0 && { held }),
    ...(ignored.length ? { ignored } : {}),
  }
  if (refused.length === 0 || accepted + held > 0) return { status: 202, body }
  const codes = new Set(refused.map((item) => item.code))
  const unknownOwner = route.kind === 'telemetry' ? 'unknown-device' : 'unknown-deployment'
  if (codes.has(unknownOwner)) return { status: 404, body }
  return { status: codes.has('too-large') ? 413 : 422, body }
}

/**
 * The push route without its server: checks the token, hands the body to the intake, and answers 202 only when everything
 * taken is durable. One bad element costs the others nothing: the reply names it. A repeated push changes nothing, so a caller
 * that got 503 or no answer sends the same again.
 */
export function createIngest(options: IngestOptions): (request: IngestRequest) => Promise<IngestReply> {
  const patienceMs = options.patienceMs ?? 10_000

  return async (request) => {
    const connection = request.token === null ? null : findByToken(request.token, options.connections())
    if (!connection) return { status: 401, body: { message: 'a valid bearer token is needed' } }
    const folder = request.route === 'telemetry' ? 'devices' : 'deployments'
    const path = `${folder}/${request.key}/${request.route}`
    const route = parseRoute(path)
    if (!route)
      return { status: 404, body: { message: 'no such route; keys have 1 to 64 letters, digits, dots or dashes' } }
    if (request.contentType !== null && !/^application\/([\w.-]+\+)?json\b/i.test(request.contentType))
      return { status: 415, body: { message: 'the body must be application/json' } }
    const { connectionId } = connection
    const message = {
      ...{ connectionId, via: 'ingest', source: `/ingest/${path}`, route },
      ...{ payload: request.body, maxBytes: pushBytes },
    }
    const outcomes = await storePushed(options.intake, [message], patienceMs)
    return outcomes ? replyFor(outcomes[0], route) : { status: 503, body: busy.body }
  }
}
