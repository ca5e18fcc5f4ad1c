import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { Aedes, type AuthErrorCode, type AuthenticateError } from 'aedes'
import { isSameSecret } from '../http/exchange.ts'

export interface Broker {
  /** `mqtt://127.0.0.1:port`. */
  readonly url: string
  /** Drops every connection and stops listening. */
  close(): Promise<void>
}

/** MQTT 3.1.1 names this refusal 4. */
const BAD_USERNAME_OR_PASSWORD = 4 as AuthErrorCode

/** A broker (MQTT 3.1.1) on loopback for one account, on `port` if that is free and on any free one otherwise. */
export async function startBroker(account: {
  readonly username: string
  readonly password: string
  readonly port?: number
}): Promise<Broker> {
  const { username, password, port = 0 } = account
  const aedes = await Aedes.createBroker({
    authenticate(_client, givenName, givenPassword, done) {
      const isRight = givenName === username && isSameSecret(givenPassword?.toString('utf8') ?? '', password)
      if (isRight) return done(null, true)
      const error = new Error('wrong user or password') as AuthenticateError
      error.returnCode = BAD_USERNAME_OR_PASSWORD
      done(error, false)
    },
  })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    aedes.handle(socket)
  })
  const listen = (wanted: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
  await listen(port).catch(() => listen(0))
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
