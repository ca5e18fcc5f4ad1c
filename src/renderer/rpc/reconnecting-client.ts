import type { EventName, PayloadOf } from '../../contract/api.ts'
import { RpcError } from '../../contract/rpc.ts'
import { type ClientPort, createClient, type RpcClient } from './client.ts'

export type ConnectionState = 'connecting' | 'connected' | 'lost'

/** A client that outlives its port: it opens another, with growing pauses, and subscribes again. */
export interface ReconnectingClient extends RpcClient {
  state(): ConnectionState
  /** Rises by one with each port that opened: what was asked before may have missed events. */
  opened(): number
  onState(listener: () => void): () => void
  /** Opens a port that belongs to the person the ticket was given to, or to whoever the session is now. */
  reopen(ticket?: string): Promise<void>
}

export interface ReconnectingParts {
  /** Opens a port; rejects when it cannot. */
  readonly openPort: (ticket?: string) => Promise<ClientPort>
  readonly random?: () => number
  readonly wait?: (delayMs: number) => Promise<void>
}

const firstDelayMs = 250
const maxDelayMs = 10_000

/**
 * Calls made while no port is open wait for the first one, and are rejected as `unavailable` after it was lost: pages
 * ask again when the state changes. A command is never sent twice.
 */
export function createReconnectingClient({
  openPort,
  random = Math.random,
  wait = (delayMs) => new Promise((resolve) => setTimeout(resolve, delayMs)),
}: ReconnectingParts): ReconnectingClient {
  const stateListeners = new Set<() => void>()
  const subscriptions = new Set<{
    event: EventName
    listener: (payload: never) => void
    onRefused?: (error: RpcError) => void
    unsubscribe: () => void
  }>()
  let state: ConnectionState = 'connecting'
  let opened = 0
  let isClosed = false
  let current: ReturnType<typeof createClient> | null = null
  /** Only the newest attempt may install its port. */
  let attempt = 0

  function change(next: ConnectionState): void {
    state = next
    for (const listener of stateListeners) listener()
  }

  function install(port: ClientPort): void {
    const client = createClient(port)
    current = client
    for (const each of subscriptions) {
      each.unsubscribe = client.subscribe(each.event, each.listener as (payload: unknown) => void, each.onRefused)
    }
    client.onClose(() => {
      if (current !== client) return
      current = null
      if (isClosed) return
      change('lost')
      void keepTrying(++attempt)
    })
    opened += 1
    change('connected')
  }

  async function tryOnce(mine: number, ticket?: string): Promise<void> {
    const port = await openPort(ticket)
    if (mine !== attempt || isClosed) port.close()
    else install(port)
  }

  async function keepTrying(mine: number): Promise<void> {
    for (let delayMs = firstDelayMs; mine === attempt && !isClosed; delayMs = Math.min(2 * delayMs, maxDelayMs)) {
      try {
        await tryOnce(mine)
        return
      } catch {
        // Half fixed, half random, so that many pages do not come back at one instant.
        await wait(delayMs * (0.5 + 0.5 * random()))
      }
    }
  }

  const firstPort = keepTrying(attempt)

  return {
    state: () => state,
    opened: () => opened,
    onState(listener) {
      stateListeners.add(listener)
      return () => stateListeners.delete(listener)
    },

    async call(method, input, options) {
      if (opened === 0) await firstPort
      if (current === null) throw new RpcError('unavailable', 'The connection to the console was lost')
      return await current.call(method, input, options)
    },

    subscribe<E extends EventName>(
      event: E,
      listener: (payload: PayloadOf<E>) => void,
      onRefused?: (error: RpcError) => void,
    ) {
      const unsubscribe = current?.subscribe(event, listener, onRefused) ?? (() => {})
      const entry = { event, listener, onRefused, unsubscribe }
      subscriptions.add(entry)
      return () => {
        subscriptions.delete(entry)
        entry.unsubscribe()
      }
    },

    async reopen(ticket) {
      const mine = ++attempt
      const before = current
      current = null
      before?.close()
      change('connecting')
      try {
        await tryOnce(mine, ticket)
      } catch (error) {
        if (mine === attempt) void keepTrying(++attempt)
        throw error
      }
    },

    close() {
      isClosed = true
      current?.close()
    },
  }
}
