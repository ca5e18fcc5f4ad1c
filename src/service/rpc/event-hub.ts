import { api, type EventName, type PayloadOf } from '../../contract/api.ts'
import { mergers } from './event-merge.ts'
import type { Log } from './log.ts'

/** Runs a callback once, later; the result cancels it. */
export type Schedule = (callback: () => void, delayMs: number) => () => void

/** Where the service tells what happened, and pages listen. */
export interface EventHub {
  /** Never throws and never waits: a payload that does not fit the contract is logged and dropped. */
  publish<E extends EventName>(event: E, payload: PayloadOf<E>): void
  /** One page's interest in one event; the result ends it. */
  subscribe<E extends EventName>(event: E, listener: (payload: PayloadOf<E>) => void): () => void
}

interface Subscription {
  offer(payload: unknown): void
  end(): void
}

export const runLater: Schedule = (callback, delayMs) => {
  const timer = setTimeout(callback, delayMs)
  timer.unref?.()
  return () => clearTimeout(timer)
}

/**
 * A hub whose listeners hear of one event at most once every `intervalMs`: the first payload at once, what follows merged.
 * `job.updated` may bring several jobs at one such instant; notifications are neither merged nor held.
 */
export function createEventHub({
  log,
  schedule = runLater,
  intervalMs = 500,
}: {
  log: Log
  schedule?: Schedule
  intervalMs?: number
}): EventHub {
  const subscriptions = new Map<EventName, Set<Subscription>>()

  function deliver<E extends EventName>(event: E, listener: (payload: PayloadOf<E>) => void, payload: PayloadOf<E>) {
    try {
      listener(payload)
    } catch (error) {
      log.error({ event, error }, 'A listener failed on an event')
    }
  }

  return {
    publish(event, payload) {
      const parsed = api[event].payload.safeParse(payload)
      if (!parsed.success) {
        log.error({ event, issues: parsed.error.issues }, 'An event does not fit the contract and was dropped')
        return
      }
      for (const subscription of subscriptions.get(event) ?? []) subscription.offer(parsed.data)
    },

    subscribe<E extends EventName>(event: E, listener: (payload: PayloadOf<E>) => void) {
      const merge = mergers[event]
      let waiting: PayloadOf<E>[] = []
      let cancelFlush: (() => void) | null = null

      const flush = () => {
        cancelFlush = null
        if (waiting.length === 0) return
        const ready = waiting
        waiting = []
        cancelFlush = schedule(flush, intervalMs)
        for (const payload of ready) deliver(event, listener, payload)
      }
      const subscription: Subscription = {
        offer(payload) {
          // Parsed by the schema of this very event when it was published.
          const next = payload as PayloadOf<E>
          if (merge === null) deliver(event, listener, next)
          else {
            waiting = merge(waiting, next)
            if (cancelFlush === null) flush()
          }
        },
        end: () => {
          cancelFlush?.()
          waiting = []
        },
      }
      const listeners = subscriptions.get(event) ?? new Set()
      subscriptions.set(event, listeners.add(subscription))
      return () => {
        subscription.end()
        listeners.delete(subscription)
      }
    },
  }
}
