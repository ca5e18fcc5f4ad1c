import type { ServiceToShell, ShellToService } from '../contract/shell.ts'
import type { ConsoleService } from '../service/console-service.ts'
import type { Dispatcher } from '../service/rpc/dispatcher.ts'
import type { Session } from '../service/session/sessions.ts'
import { type MainMessagePort, portOverMainMessagePort } from './ports.ts'
import { createDoor } from './ports-door.ts'
import type { SafeStorage } from './utility-vault.ts'

/** What this needs of the utility process's parent port. */
export interface ParentPort {
  postMessage(message: ServiceToShell): void
  on(event: 'message', listener: (event: { data: ShellToService; ports: MainMessagePort[] }) => void): unknown
}

/** The operating system's encryption, which only the shell can reach. */
export function createRemoteSafeStorage(parent: ParentPort): SafeStorage {
  const waiting = new Map<number, { resolve: (value: string) => void; reject: (error: Error) => void }>()
  let nextId = 0
  parent.on('message', ({ data }) => {
    if (data.type !== 'secret-reply') return
    const call = waiting.get(data.id)
    waiting.delete(data.id)
    if (data.value !== null) call?.resolve(data.value)
    else call?.reject(new Error(data.problem ?? 'The desktop refused'))
  })
  const ask = (operation: 'encrypt' | 'decrypt', value: string) =>
    new Promise<string>((resolve, reject) => {
      const id = nextId++
      waiting.set(id, { resolve, reject })
      parent.postMessage({ type: 'secret', id, operation, value })
    })
  return { encrypt: (plain) => ask('encrypt', plain), decrypt: (encrypted) => ask('decrypt', encrypted) }
}

/** Serves the pages whose ports the shell hands over, and hands notifications to the shell. Resolves when told to close. */
export function serveShell({
  parent,
  service,
  dispatcher,
  newConnectionId,
}: {
  parent: ParentPort
  service: Pick<ConsoleService, 'events' | 'sessions'>
  dispatcher: Dispatcher
  newConnectionId: () => string
}): Promise<void> {
  const { events, sessions } = service
  const door = createDoor({ dispatcher, sessions, newConnectionId })
  events.subscribe('notification.raised', (notification) => parent.postMessage({ type: 'notify', ...notification }))

  /** Who a page's port belongs to: a fresh ticket counts, then the session that the window had. */
  function sessionOf(windowId: number, ticket: string | null, sessionToken: string | null): Session | null {
    const redeemed = ticket === null ? null : sessions.redeem(ticket)
    const before = sessionToken === null ? null : sessions.byToken(sessionToken)
    if (redeemed === null) return before
    if (before !== null) sessions.end(before.id)
    parent.postMessage({ type: 'session', windowId, sessionToken: redeemed.token })
    return redeemed.session
  }

  return new Promise((resolve) => {
    parent.on('message', ({ data, ports }) => {
      if (data.type === 'open-port' && ports.length === 1) {
        door.open(portOverMainMessagePort(ports[0]), sessionOf(data.windowId, data.ticket, data.sessionToken))
      } else if (data.type === 'close') {
        door.close()
        resolve()
      }
    })
    parent.postMessage({ type: 'ready' })
  })
}
