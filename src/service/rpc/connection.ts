import type { EventName } from '../../contract/api.ts'
import { clientMessage, type Port, RpcError, type ServerMessage, type WireError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { Dispatcher, DispatcherParts, PortOwner } from './dispatcher.ts'
import { defaultMessageLimits, isWithinLimits, type MessageLimits } from './measure.ts'

export interface ConnectionLimits extends MessageLimits {
  /** Calls in progress on one port. */
  readonly maxCalls: number
  readonly maxSubscriptions: number
}
const defaultLimits: ConnectionLimits = { ...defaultMessageLimits, maxCalls: 256, maxSubscriptions: 256 }

/** An open port as the service sees it. */
export interface Connection {
  readonly owner: PortOwner
  /** Aborts what runs, answers it, then closes: the reply to a sign-out still arrives. */
  end(): void
}

type Parts = DispatcherParts &
  Pick<Dispatcher, 'invoke'> & { readonly requireEvent: (name: string, caller: Caller) => EventName }

const graceMs = 1_000

/** Speaks the wire protocol on one port: calls and cancels by id, subscriptions, limits, errors as the closed list. */
export function openConnection(port: Port<ServerMessage, unknown>, owner: PortOwner, parts: Parts): Connection {
  const limits = { ...defaultLimits, ...parts.limits }
  const { caller, connectionId, sessionId } = owner
  const calls = new Map<number, AbortController>()
  const subscriptions = new Map<number, () => void>()
  let state: 'open' | 'ending' | 'closed' = 'open'

  const send = (message: ServerMessage) => {
    if (state !== 'closed') port.send(message)
  }
  const refuse = (id: number, error: RpcError) => send({ type: 'error', id, error: wireForm(error) })

  async function call(id: number, method: string, input: unknown): Promise<void> {
    const controller = new AbortController()
    calls.set(id, controller)
    try {
      const output = await parts.invoke(method, input, { caller, signal: controller.signal, connectionId, sessionId })
      // Its id is free before the reply is out: the page may use it again at once.
      calls.delete(id)
      send({ type: 'ok', id, output })
    } catch (error) {
      calls.delete(id)
      refuse(id, toRpcError(error, controller.signal, method))
    }
    if (state === 'ending' && calls.size === 0) close()
  }

  function toRpcError(error: unknown, signal: AbortSignal, method: string): RpcError {
    if (error instanceof RpcError) return error
    if (signal.aborted) return new RpcError('cancelled', 'The call was cancelled')
    const logId = parts.newLogId()
    parts.log.error({ logId, method, userId: caller.userId, error }, 'A call failed unexpectedly')
    return new RpcError('internal', `Something went wrong in the console; its log names it ${logId}`, { logId })
  }

  function receive(message: unknown): void {
    if (state !== 'open') return
    const id = idOf(message)
    try {
      take(message)
    } catch (error) {
      if (id === null) abandon(error instanceof Error ? error.message : String(error))
      else refuse(id, toRpcError(error, new AbortController().signal, 'message'))
    }
  }

  function take(message: unknown): void {
    if (!isWithinLimits(message, limits)) {
      throw new RpcError('too-large', `A message may have ${limits.maxBytes} bytes and ${limits.maxDepth} levels`)
    }
    const { success, data } = clientMessage.safeParse(message)
    if (!success) throw new RpcError('invalid-input', 'This is not a message of the protocol')
    const { type, id } = data
    if (type === 'cancel') {
      calls.get(id)?.abort()
    } else if (type === 'unsubscribe') {
      subscriptions.get(id)?.()
      subscriptions.delete(id)
    } else if (owner.admit?.() === false) {
      refuse(id, new RpcError('signed-out', 'The session has ended: sign in again'))
      end()
    } else if (calls.has(id) || subscriptions.has(id)) {
      throw new RpcError('conflict', `The id ${id} is in use`)
    } else if (type === 'subscribe') {
      subscribe(id, data.event)
    } else if (calls.size >= limits.maxCalls) {
      throw new RpcError('unavailable', `More than ${limits.maxCalls} calls at once`)
    } else void call(id, data.method, data.input)
  }

  function subscribe(id: number, name: string): void {
    if (subscriptions.size >= limits.maxSubscriptions) {
      throw new RpcError('unavailable', `More than ${limits.maxSubscriptions} subscriptions`)
    }
    const event = parts.requireEvent(name, caller)
    const unsubscribe = parts.events.subscribe(event, (payload) => send({ type: 'event', id, payload }))
    subscriptions.set(id, unsubscribe)
  }

  /** A message that cannot even be answered; our own pages never send one. */
  function abandon(reason: string): void {
    parts.log.warn({ connectionId, userId: caller.userId }, `A connection was closed: ${reason}`)
    close()
  }

  function release(): void {
    state = 'closed'
    for (const controller of calls.values()) controller.abort()
    for (const unsubscribe of subscriptions.values()) unsubscribe()
    subscriptions.clear()
  }
  function close(): void {
    if (state === 'closed') return
    release()
    port.close()
  }
  function end(): void {
    if (state !== 'open') return
    state = 'ending'
    for (const unsubscribe of subscriptions.values()) unsubscribe()
    subscriptions.clear()
    for (const controller of calls.values()) controller.abort()
    if (calls.size === 0) close()
    else setTimeout(close, graceMs).unref()
  }

  port.onMessage(receive)
  port.onClose(release)
  return { owner, end }
}

function idOf(message: unknown): number | null {
  if (typeof message !== 'object' || message === null || !('id' in message)) return null
  return typeof message.id === 'number' && Number.isSafeInteger(message.id) && message.id >= 0 ? message.id : null
}

function wireForm({ code, message, issues, logId }: RpcError): WireError {
  return { code, message, ...(issues && { issues }), ...(logId && { logId }) }
}
