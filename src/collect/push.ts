import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, Intake, MessageOutcome } from './intake.ts'
import { pushBytes } from './limits.ts'

/** A push connection as its check needs it. */
export interface PushConnection {
  readonly connectionId: string
  /** SHA-256 of the token, hexadecimal. */
  readonly tokenDigest: string
}

export interface PushReply {
  readonly status: 200 | 202 | 401 | 404 | 413 | 415 | 422 | 503
  readonly body: object
}

const digestOf = (token: string) => createHash('sha256').update(token, 'utf8').digest()

/** Connection of a token. Every digest is compared, in constant time, so that the time taken tells nothing. */
export function findByToken(token: string, connections: readonly PushConnection[]): PushConnection | null {
  const given = digestOf(token)
  let found: PushConnection | null = null
  for (const connection of connections)
    if (timingSafeEqual(given, Buffer.from(connection.tokenDigest, 'hex'))) found = connection
  return found
}

export const unauthorised: PushReply = { status: 401, body: { message: 'a valid token is needed' } }
export const busy: PushReply = {
  status: 503,
  body: { message: 'not stored yet; send the same again in a few seconds' },
}

/** What the promise comes to within so long; null when it takes longer, or rejects. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | null> {
  let handle: NodeJS.Timeout | undefined
  const patience = new Promise<null>((resolve) => {
    handle = setTimeout(resolve, ms, null)
  })
  try {
    return await Promise.race([promise, patience])
  } catch {
    return null
  } finally {
    clearTimeout(handle)
  }
}

/**
 * Offers messages of one push connection and waits until all are durable, at most `patienceMs`; null when they are not by then, or
 * the intake closes. What was offered becomes durable or is rejected at closing, and either is fine: a repetition changes nothing.
 */
export async function storePushed(
  intake: Intake,
  messages: readonly IncomingMessage[],
  patienceMs: number,
): Promise<MessageOutcome[] | null> {
  let handle: NodeJS.Timeout | undefined
  const patience = new Promise<null>((resolve) => {
    handle = setTimeout(resolve, patienceMs, null)
  })
  try {
    const outcomes: Promise<MessageOutcome>[] = []
    for (const message of messages) {
      if (intake.isFull(message.connectionId)) {
        const room = await Promise.race([intake.whenRoom(message.connectionId).then(() => true), patience])
        if (!room) return null
      }
      const durable = intake.offer(message)
      durable.catch(() => {})
      outcomes.push(durable)
    }
    return await Promise.race([Promise.all(outcomes), patience])
  } catch {
    return null
  } finally {
    clearTimeout(handle)
  }
}

/** What became of several messages, as the body of one reply. */
export function summarise(outcomes: readonly MessageOutcome[]) {
  const all = outcomes.flatMap((outcome) => outcome.refused)
  const refused = all.filter(({ aheadAt }) => aheadAt === undefined)
  const held = all.length - refused.length
  const ignored = [...new Set(outcomes.flatMap((outcome) => outcome.ignored))]
  return {
    accepted: outcomes.reduce((sum, outcome) => sum + outcome.accepted, 0),
    refused: refused.length,
    ...(held > 0 && { held }),
    errors: refused.slice(0, 100).map(({ index, code, reason }) => ({ index, code, message: reason })),
    ...(ignored.length > 0 ? { ignored } : {}),
  }
}

/** A pushed message for the mappings of its connection. `source` is its topic, `raw/…`. */
export async function pushRaw(
  intake: Intake,
  connectionId: string,
  source: string,
  payload: Uint8Array,
  patienceMs = 10_000,
): Promise<PushReply> {
  const message = { connectionId, via: 'ingest', source, route: null, payload, maxBytes: pushBytes }
  const outcomes = await storePushed(intake, [message], patienceMs)
  if (outcomes === null) return busy
  const body = summarise(outcomes)
  return { status: body.refused > 0 && body.accepted === 0 ? 422 : 202, body }
}
