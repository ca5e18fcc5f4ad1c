import type { MessagePort as WorkerMessagePort } from 'node:worker_threads'
import type { RawData, WebSocket } from 'ws'
import type { Port } from '../contract/rpc.ts'

/** What this needs of Electron's MessagePortMain, so that a test can stand in for it. */
export interface MainMessagePort {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** Two ends of one channel in memory. What is sent is cloned and arrives later, as it would over a wire. */
export function createPortPair<A, B>(): [Port<A, B>, Port<B, A>] {
  const left = createEnd<A, B>()
  const right = createEnd<B, A>()
  left.join(right)
  right.join(left)
  return [left.port, right.port]
}

function createEnd<Out, In>() {
  let far: { receive(message: Out): void; shut(): void } | null = null
  let listener: ((message: In) => void) | null = null
  let isOpen = true
  const early: In[] = []
  const closeListeners: (() => void)[] = []
  const shut = () => {
    if (!isOpen) return
    isOpen = false
    for (const listen of closeListeners) listen()
  }
  const port: Port<Out, In> = {
    send(message) {
      const copy = structuredClone(message)
      if (isOpen) queueMicrotask(() => far?.receive(copy))
    },
    onMessage(listen) {
      listener = listen
      for (const message of early.splice(0)) listen(message)
    },
    onClose: (listen) => void closeListeners.push(listen),
    close() {
      shut()
      queueMicrotask(() => far?.shut())
    },
  }
  return {
    port,
    join: (other: NonNullable<typeof far>) => {
      far = other
    },
    receive(message: In) {
      if (!isOpen) return
      if (listener) listener(message)
      else early.push(message)
    },
    shut,
  }
}

/** A port over a MessagePort of `node:worker_threads`. */
export function portOverMessagePort<Out, In>(channel: WorkerMessagePort): Port<Out, In> {
  return {
    send: (message) => channel.postMessage(message),
    onMessage: (listener) => void channel.on('message', listener),
    onClose: (listener) => void channel.on('close', listener),
    close: () => channel.close(),
  }
}

/** A port over the end of a MessageChannelMain that Electron handed to this process. */
export function portOverMainMessagePort<Out, In>(channel: MainMessagePort): Port<Out, In> {
  return {
    send: (message) => channel.postMessage(message),
    onMessage(listener) {
      channel.on('message', (event) => listener(event.data as In))
      channel.start()
    },
    onClose: (listener) => void channel.on('close', listener),
    close: () => channel.close(),
  }
}

/** A page that does not read would fill the memory of the service. */
const maxBufferedBytes = 64 * 2 ** 20

const policyViolation = 1008
const unsupportedData = 1003
const invalidPayload = 1007

/** A port over one WebSocket, a JSON text per message; anything else closes it. */
export function portOverWebSocket<Out, In>(socket: WebSocket): Port<Out, In> {
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return
      if (socket.bufferedAmount > maxBufferedBytes) socket.close(policyViolation, 'the page reads too slowly')
      else socket.send(JSON.stringify(message))
    },
    onMessage(listener) {
      socket.on('message', (bytes: RawData, isBinary: boolean) => {
        if (isBinary) return socket.close(unsupportedData, 'text only')
        let message: In
        try {
          message = JSON.parse(String(bytes))
        } catch {
          return socket.close(invalidPayload, 'not JSON')
        }
        listener(message)
      })
    },
    onClose(listener) {
      socket.on('close', listener)
      // A message above the limit ends in an error, then a close; the close says enough.
      socket.on('error', () => socket.terminate())
    },
    close: () => socket.close(),
  }
}
