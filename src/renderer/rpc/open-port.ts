import type { ClientMessage } from '../../contract/rpc.ts'
import { shellChannels } from '../../contract/shell.ts'
import type { ClientPort } from './client.ts'

declare global {
  interface Window {
    /** Put here by the preload script of the desktop shell; absent in a browser. */
    readonly assay?: { openPort(nonce: string, ticket: string | null): void }
  }
}

const openTimeoutMs = 20_000

/** Opens a port to the service: through the desktop shell where there is one, else through a WebSocket. */
export function openPort(ticket?: string): Promise<ClientPort> {
  return window.assay === undefined ? openSocket(ticket) : openDesktopPort(window.assay, ticket)
}

function openDesktopPort(shell: NonNullable<Window['assay']>, ticket?: string): Promise<ClientPort> {
  const nonce = crypto.randomUUID()
  return new Promise((resolve, reject) => {
    const stop = () => {
      window.removeEventListener('message', receive)
      clearTimeout(timer)
    }
    const receive = ({ source, data, ports }: MessageEvent) => {
      // Only the preload script, which posts from this very window, knows the nonce.
      if (source !== window || data?.type !== shellChannels.port || data.nonce !== nonce || ports.length !== 1) return
      stop()
      resolve(portOverChannel(ports[0]))
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error('The service did not answer'))
    }, openTimeoutMs)
    window.addEventListener('message', receive)
    shell.openPort(nonce, ticket ?? null)
  })
}

function portOverChannel(channel: MessagePort): ClientPort {
  const closeListeners: (() => void)[] = []
  let isOpen = true
  const close = () => {
    if (!isOpen) return
    isOpen = false
    channel.close()
    for (const listener of closeListeners) listener()
  }
  channel.addEventListener('close', close)
  return {
    send: (message: ClientMessage) => channel.postMessage(message),
    onMessage(listener) {
      channel.addEventListener('message', ({ data }) => listener(data))
      channel.start()
    },
    onClose: (listener) => void closeListeners.push(listener),
    close,
  }
}

async function openSocket(ticket?: string): Promise<ClientPort> {
  if (ticket !== undefined) {
    const reply = await fetch('/session', { method: 'POST', body: JSON.stringify({ ticket }) })
    if (!reply.ok) throw new Error((await reply.text()).trim())
  }
  const socket = new WebSocket(new URL('/rpc', window.location.href.replace(/^http/, 'ws')))
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve())
    socket.addEventListener('error', () => reject(new Error('The console does not answer')))
  })
  return {
    send: (message: ClientMessage) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    onMessage: (listener) => socket.addEventListener('message', ({ data }) => listener(parse(data))),
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  }
}

/** What is not JSON becomes a message that no schema accepts. */
function parse(text: unknown): unknown {
  try {
    return JSON.parse(String(text))
  } catch {
    return undefined
  }
}
