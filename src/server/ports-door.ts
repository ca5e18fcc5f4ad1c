import type { Port, ServerMessage } from '../contract/rpc.ts'
import type { Connection } from '../service/rpc/connection.ts'
import type { Dispatcher } from '../service/rpc/dispatcher.ts'
import { type Session, type Sessions, visitor } from '../service/session/sessions.ts'

const sweepEveryMs = 15_000

/** Where ports of every kind come in: each gets its owner, and ends with its owner's session. */
export interface Door {
  /** Serves a port that belongs to the session's person, or to a visitor. */
  open(port: Port<ServerMessage, unknown>, session: Session | null): void
  /** Ends every open connection. */
  close(): void
}

export function createDoor({
  dispatcher,
  sessions,
  newConnectionId,
}: {
  dispatcher: Dispatcher
  sessions: Sessions
  newConnectionId: () => string
}): Door {
  const connections = new Set<Connection>()
  const stopListening = sessions.onEnd((id) => {
    for (const connection of [...connections]) if (connection.owner.sessionId === id) connection.end()
  })
  const sweeping = setInterval(() => sessions.sweep(), sweepEveryMs)
  sweeping.unref()

  return {
    open(port, session) {
      const connection = dispatcher.connect(port, {
        caller: session?.caller ?? visitor,
        connectionId: newConnectionId(),
        sessionId: session?.id ?? null,
        ...(session && { admit: () => sessions.touch(session.id) }),
      })
      connections.add(connection)
      port.onClose(() => connections.delete(connection))
    },
    close() {
      clearInterval(sweeping)
      stopListening()
      for (const connection of [...connections]) connection.end()
    },
  }
}
