import { createHash } from 'node:crypto'
import type { Caller, User } from '../../contract/user.ts'

/** Random bytes, so that tests can fix them. */
export type RandomSource = (bytes: number) => Uint8Array

export interface Session {
  readonly id: string
  readonly caller: Caller
  readonly startedAt: number
}

export interface SessionLimits {
  /** Ends a session that has called nothing for this long. */
  readonly idleMs: number
  /** Ends a session however busy. */
  readonly absoluteMs: number
  readonly ticketMs: number
}

const defaultLimits: SessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 3_600_000, ticketMs: 30_000 }

/** Who is signed in. Kept in memory alone: a restart signs everybody out. */
export interface Sessions {
  /** A one-time ticket with which a port, or a cookie, can be had for this person. */
  issueTicket(user: User): string
  /** Uses the ticket up and begins a session; null when it is unknown, used or too old. The token is its only secret. */
  redeem(ticket: string): { session: Session; token: string } | null
  /** The session of a token, without counting as activity. */
  byToken(token: string): Session | null
  /** Counts as activity; false when the session has ended. */
  touch(id: string): boolean
  end(id: string): void
  endAllOf(userId: string, exceptId?: string | null): void
  /** Ends what has run out. Called every few seconds, so that an open page does not go on hearing events. */
  sweep(): void
  /** Told the id of every session that ends; the result stops it. */
  onEnd(listener: (id: string) => void): () => void
}

export function callerOf(user: User): Caller {
  return { userId: user.id, name: user.name, roles: user.roles }
}

export const visitor: Caller = { userId: null, name: 'visitor', roles: ['visitor'] }

export function createSessions({
  now,
  random,
  limits: given,
}: {
  now: () => number
  random: RandomSource
  limits?: Partial<SessionLimits>
}): Sessions {
  const limits = { ...defaultLimits, ...given }
  // Only digests of the secrets are kept.
  const tickets = new Map<string, { user: User; issuedAt: number }>()
  const sessions = new Map<string, { session: Session; tokenDigest: string; usedAt: number }>()
  const idsByToken = new Map<string, string>()
  const listeners = new Set<(id: string) => void>()

  /** How long ago, by a clock that may have been set back: what lies ahead is as far away as what lies behind. */
  const since = (at: number) => Math.abs(now() - at)
  const newSecret = () => Buffer.from(random(32)).toString('base64url')

  function end(id: string): void {
    const entry = sessions.get(id)
    if (entry === undefined) return
    sessions.delete(id)
    idsByToken.delete(entry.tokenDigest)
    for (const listener of listeners) listener(id)
  }

  /** The entry, unless it has run out, in which case it ends here. */
  function current(id: string) {
    const entry = sessions.get(id)
    if (entry === undefined) return undefined
    const isOver = since(entry.usedAt) >= limits.idleMs || since(entry.session.startedAt) >= limits.absoluteMs
    if (!isOver) return entry
    end(id)
    return undefined
  }

  return {
    issueTicket(user) {
      for (const [digest, { issuedAt }] of tickets) if (since(issuedAt) >= limits.ticketMs) tickets.delete(digest)
      const ticket = newSecret()
      tickets.set(digestOf(ticket), { user, issuedAt: now() })
      return ticket
    },

    redeem(ticket) {
      const digest = digestOf(ticket)
      const issued = tickets.get(digest)
      tickets.delete(digest)
      if (issued === undefined || since(issued.issuedAt) >= limits.ticketMs) return null
      const token = newSecret()
      const tokenDigest = digestOf(token)
      const session: Session = {
        id: Buffer.from(random(12)).toString('hex'),
        caller: callerOf(issued.user),
        startedAt: now(),
      }
      sessions.set(session.id, { session, tokenDigest, usedAt: now() })
      idsByToken.set(tokenDigest, session.id)
      return { session, token }
    },

    byToken(token) {
      const id = idsByToken.get(digestOf(token))
      return id === undefined ? null : (current(id)?.session ?? null)
    },

    touch(id) {
      const entry = current(id)
      if (entry === undefined) return false
      entry.usedAt = now()
      return true
    },

    end,
    endAllOf(userId, exceptId = null) {
      for (const [digest, { user }] of tickets) if (user.id === userId) tickets.delete(digest)
      for (const { session } of [...sessions.values()]) {
        if (session.caller.userId === userId && session.id !== exceptId) end(session.id)
      }
    },
    sweep: () => {
      for (const id of [...sessions.keys()]) current(id)
    },
    onEnd(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64')
}
