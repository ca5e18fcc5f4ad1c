import type { Log } from './rpc/log.ts'

/** Facts told to whoever in the service listens; the result of `listen` ends it. */
export interface Feed<T> {
  listen(listener: (fact: T) => void): () => void
}

export interface Teller<T> extends Feed<T> {
  /** Tells every listener at once, in the order in which they began to listen. One that throws is logged and harms nobody. */
  tell(fact: T): void
}

export function createFeed<T>(log: Log): Teller<T> {
  const listeners = new Set<(fact: T) => void>()
  return {
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    tell(fact) {
      for (const listener of listeners)
        try {
          listener(fact)
        } catch (error) {
          log.error({ error }, 'A listener failed')
        }
    },
  }
}
