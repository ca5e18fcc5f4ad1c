import { api } from '../../src/contract/api.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import type { Caller, Role } from '../../src/contract/user.ts'
import type { Handlers } from '../../src/service/rpc/handlers.ts'
import type { Log } from '../../src/service/rpc/log.ts'

/** A whole handler table in which every method is `unavailable` but those given. */
export function handlersWith(some: Partial<Handlers>): Handlers {
  const missing = Object.entries(api)
    .filter(([, entry]) => entry.kind !== 'event')
    .map(([name]) => [
      name,
      async () => {
        throw new RpcError('unavailable', `${name} has no handler in this test`)
      },
    ])
  // Built from the contract itself, so every name is there; handlers that only throw fit every type.
  return { ...(Object.fromEntries(missing) as Handlers), ...some }
}

/** A log that can be read back. */
export function createRecordingLog(): Log & { lines: { level: string; details: object; message: string }[] } {
  const lines: { level: string; details: object; message: string }[] = []
  const at = (level: string) => (details: object, message: string) => void lines.push({ level, details, message })
  return { lines, info: at('info'), warn: at('warn'), error: at('error') }
}

export const visitor: Caller = { userId: null, name: 'visitor', roles: ['visitor'] }
export const callerWith = (...roles: Role[]): Caller => ({ userId: 'usr_1', name: 'Ana', roles })
