import type { LoggedHalf } from './read-events.ts'

/** A half that waits, with what is needed to keep it as a dead letter should the other never come. */
export interface WaitingHalf {
  readonly event: LoggedHalf
  readonly connectionId: string
  readonly source: string
  readonly deploymentKey: string
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
  readonly onGivenUp: (half: WaitingHalf, why: 'late' | 'crowded' | 'closing') => void
}

/** Ids joined lately, so that a half sent again is known as a repetition. */
const remembered = 20_000

const keyOf = ({ event, connectionId, deploymentKey }: WaitingHalf) =>
  `${connectionId} ${deploymentKey} ${event.service} ${event.id}`

/**
 * Joins requests and responses by id, whichever comes first. What waits is bounded in number, bytes and time; the oldest gives
 * way. Halves wait in memory alone: a process that is killed loses them, as the sender, which never sends twice, would.
 */
export function createExchangeJoin(options: JoinOptions) {
  // Maps keep the order of insertion, so the first is the oldest.
  const waiting = new Map<string, WaitingHalf>()
  const joined = new Set<string>()
  let bytes = 0
  let timer: NodeJS.Timeout | null = null

  function take(key: string): WaitingHalf | undefined {
    const half = waiting.get(key)
    if (half === undefined) return undefined
    waiting.delete(key)
    bytes -= half.payload.length
    return half
  }

  function giveUpOldest(why: 'late' | 'crowded' | 'closing'): void {
    const [first] = waiting.keys()
    const half = take(first)
    if (half !== undefined) options.onGivenUp(half, why)
  }

  function sweep(): void {
    timer = null
    const until = options.now() - options.waitMs
    for (const { arrivedAt } of [...waiting.values()]) {
      if (arrivedAt > until) break
      giveUpOldest('late')
    }
    plan()
  }

  function plan(): void {
    const [oldest] = waiting.values()
    if (timer !== null || oldest === undefined) return
    timer = setTimeout(sweep, Math.max(10, oldest.arrivedAt + options.waitMs - options.now()))
    timer.unref()
  }

  return {
    /** The whole exchange, or what the half is: waiting for the other, or a repetition. */
    add(half: WaitingHalf): Exchange | 'waiting' | 'repeated' {
      const key = keyOf(half)
      if (joined.has(key)) return 'repeated'
      const before = waiting.get(key)
      if (before?.event.half === half.event.half) return 'repeated'
      const other = take(key)
      if (other !== undefined) {
        joined.add(key)
        if (joined.size > remembered) joined.delete(joined.values().next().value as string)
        return half.event.half === 'response' ? { request: other, response: half } : { request: half, response: other }
      }
      waiting.set(key, half)
      bytes += half.payload.length
      while (waiting.size > 1 && (waiting.size > options.maxWaiting || bytes > options.maxBytes))
        giveUpOldest('crowded')
      plan()
      return 'waiting'
    },
    /** Makes an exchange unknown again that could not be stored, so that it can be sent again. */
    forget: (half: WaitingHalf) => void joined.delete(keyOf(half)),
    waiting: () => waiting.size,
    close(): void {
      if (timer !== null) clearTimeout(timer)
      timer = null
      while (waiting.size > 0) giveUpOldest('closing')
    },
  }
}
