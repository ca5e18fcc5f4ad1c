import type { EventName, InputOf, MethodName, OutputOf, PayloadOf } from '../../contract/api.ts'
import { type ClientMessage, type Port, RpcError, serverMessage } from '../../contract/rpc.ts'

/** The page's end of a port; what arrives is parsed here. */
export type ClientPort = Port<ClientMessage, unknown>

export interface CallOptions {
  readonly signal?: AbortSignal
}

/** Typed calls and events. Rejections are always an RpcError. */
export interface RpcClient {
  call<M extends MethodName>(method: M, input: InputOf<M>, options?: CallOptions): Promise<OutputOf<M>>
  /** `onRefused` is told when the service does not allow it; the result unsubscribes. */
  subscribe<E extends EventName>(
    event: E,
    listener: (payload: PayloadOf<E>) => void,
    onRefused?: (error: RpcError) => void,
  ): () => void
  close(): void
}

type Pending = { resolve: (output: unknown) => void; reject: (error: RpcError) => void }
type Subscription = { listener: (payload: unknown) => void; onRefused?: (error: RpcError) => void }

/** Speaks the wire protocol over one port until it closes; then everything pending is rejected as `unavailable`. */
export function createClient(port: ClientPort): RpcClient & { onClose(listener: () => void): void } {
  const pending = new Map<number, Pending>()
  const subscriptions = new Map<number, Subscription>()
  const closeListeners: (() => void)[] = []
  let isOpen = true
  let nextId = 0

  port.onMessage((raw) => {
    const parsed = serverMessage.safeParse(raw)
    if (!parsed.success) return port.close()
    const message = parsed.data
    if (message.type === 'event') return subscriptions.get(message.id)?.listener(message.payload)
    const call = pending.get(message.id)
    pending.delete(message.id)
    if (message.type === 'ok') return call?.resolve(message.output)
    const { code, message: sentence, issues, logId } = message.error
    const error = new RpcError(code, sentence, { issues, logId })
    call?.reject(error)
    subscriptions.get(message.id)?.onRefused?.(error)
    subscriptions.delete(message.id)
  })

  port.onClose(() => {
    isOpen = false
    for (const { reject } of pending.values()) reject(new RpcError('unavailable', 'The connection was lost'))
    pending.clear()
    subscriptions.clear()
    for (const listener of closeListeners) listener()
  })

  return {
    call<M extends MethodName>(method: M, input: InputOf<M>, { signal }: CallOptions = {}) {
      if (!isOpen) return Promise.reject(new RpcError('unavailable', 'There is no connection'))
      if (signal?.aborted) return Promise.reject(cancelled())
      const id = nextId++
      return new Promise<OutputOf<M>>((resolve, reject) => {
        const abort = () => {
          pending.delete(id)
          port.send({ type: 'cancel', id })
          reject(cancelled())
        }
        const settle = () => signal?.removeEventListener('abort', abort)
        pending.set(id, {
          resolve: (output) => {
            settle()
            // The service has checked it against the contract of this very method.
            resolve(output as OutputOf<M>)
          },
          reject: (error) => {
            settle()
            reject(error)
          },
        })
        signal?.addEventListener('abort', abort, { once: true })
        port.send({ type: 'call', id, method, input })
      })
    },

    subscribe(event, listener, onRefused) {
      if (!isOpen) return () => {}
      const id = nextId++
      // The service has checked each payload against the contract of this very event.
      subscriptions.set(id, { listener: listener as Subscription['listener'], onRefused })
      port.send({ type: 'subscribe', id, event })
      return () => {
        if (subscriptions.delete(id) && isOpen) port.send({ type: 'unsubscribe', id })
      }
    },

    onClose: (listener) => void closeListeners.push(listener),
    close: () => port.close(),
  }
}

/** The page stops waiting; a command that had begun may still have taken effect. */
function cancelled(): RpcError {
  return new RpcError('cancelled', 'The call was cancelled')
}
