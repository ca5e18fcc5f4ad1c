import type { LoggedHalf } from './read-events.ts'

/** A half that waits, with what is needed to keep it as a dead letter should the other never come. */
export interface WaitingHalf {
  readonly event: LoggedHalf
  readonly connectionId: string
  readonly deploymentKey: string
  /** The event as it is kept. */
  readonly payload: Uint8Array
  readonly arrivedAt: number
}

export interface Exchange {
  readonly request: WaitingHalf
  readonly response: WaitingHalf
}

export interface JoinOptions {
  readonly now: () => number
  /** How long a half waits for the other. */
  readonly waitMs: number
  readonly maxWaiting: number
  readonly maxBytes: number
  /** A half whose other has not come, or for which there is no room any more. */
  readonly onGivenUp: (half: WaitingHalf, why: 'late' | 'crowded') => void
}

/** Ids joined lately, so that a half sent again is known as a repetition. */
const remembered = 20_000

/** What both halves of an exchange have in common, and no other exchange has. */
export const keyOf = ({
  event,
  connectionId,
  deploymentKey,
}: Pick<WaitingHalf, 'event' | 'connectionId' | 'deploymentKey'>) =>
  `${connectionId} ${deploymentKey} ${event.service} ${event.id}`.toWellFormed()

/** Request and response, whichever of them came first; null when both are the same half. */
export function pairOf(one: WaitingHalf, other: WaitingHalf): Exchange | null {
  if (one.event.half === other.event.half) return null
  return one.event.half === 'request' ? { request: one, response: other } : { request: other, response: one }
}

/**
 * Joins requests and responses by id, whichever comes first. What waits is bounded in number, bytes and time; the oldest gives
 * way. It is all in memory: whoever uses it keeps what waits durably, and gives it back with `restore`.
 */
export function createExchangeJoin(options: JoinOptions) {
  // Maps keep the order of insertion, so the first is the oldest.
  const waiting = new Map<string, { readonly half: WaitingHalf; readonly since: number }>()
  const joined = new Set<string>()
  let bytes = 0
  let timer: NodeJS.Timeout | null = null

  function take(key: string): WaitingHalf | undefined {
    const half = waiting.get(key)?.half
    if (half === undefined) return undefined
    waiting.delete(key)
    bytes -= half.payload.length
    return half
  }

  function giveUpOldest(why: 'late' | 'crowded'): void {
    const [first] = waiting.keys()
    const half = take(first)
    if (half !== undefined) options.onGivenUp(half, why)
  }

  function sweep(): void {
    timer = null
    const until = options.now() - options.waitMs
    for (const { since } of [...waiting.values()]) {
      if (since > until) break
      giveUpOldest('late')
    }
    plan()
  }

  function plan(): void {
    const [oldest] = waiting.values()
    if (timer !== null || oldest === undefined) return
    timer = setTimeout(sweep, Math.max(10, oldest.since + options.waitMs - options.now()))
    timer.unref()
  }

  function wait(key: string, half: WaitingHalf): void {
    waiting.set(key, { half, since: options.now() })
    bytes += half.payload.length
    while (waiting.size > 1 && (waiting.size > options.maxWaiting || bytes > options.maxBytes)) giveUpOldest('crowded')
    plan()
  }

  function remember(key: string): void {
    joined.add(key)
    if (joined.size > remembered) joined.delete(joined.values().next().value as string)
  }

  return {
    /** The whole exchange, or what the half is: waiting for the other, or a repetition. */
    add(half: WaitingHalf): Exchange | 'waiting' | 'repeated' {
      const key = keyOf(half)
      if (joined.has(key)) return 'repeated'
      const before = waiting.get(key)?.half
      if (before !== undefined) {
        const exchange = pairOf(before, half)
        if (exchange === null) return 'repeated'
        take(key)
        remember(key)
        return exchange
      }
      wait(key, half)
      return 'waiting'
    },
    /** Gives back what waited and was joined before, oldest first. A half waits anew: while nothing ran, no other could come. */
    restore(halves: readonly WaitingHalf[], keys: readonly string[]): void {
      for (const key of keys) remember(key)
      for (const half of halves) wait(keyOf(half), half)
    },
    close(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
      waiting.clear()
      bytes = 0
    },
  }
}
