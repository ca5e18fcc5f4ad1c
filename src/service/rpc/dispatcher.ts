import { type Api, api, type EventName, type MethodName } from '../../contract/api.ts'
import { type Port, RpcError, type ServerMessage } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { AuditWatch } from './audit-watch.ts'
import { type Connection, type ConnectionLimits, openConnection } from './connection.ts'
import type { EventHub } from './event-hub.ts'
import type { CallContext, Handlers } from './handlers.ts'
import type { Log } from './log.ts'

export interface DispatcherParts {
  readonly handlers: Handlers
  readonly events: Pick<EventHub, 'subscribe'>
  readonly log: Log
  /** Names the log line of a masked bug. */
  readonly newLogId: () => string
  readonly limits?: Partial<ConnectionLimits>
  /**
   * Checks what the contract says of audit entries: one for a command, none for anything else. `onFault` is told of a method
   * that left another number; in tests it throws, in the console it logs.
   */
  readonly audit?: { readonly watch: AuditWatch; readonly onFault: (method: MethodName, entries: number) => void }
}

/** Who a port belongs to, fixed when it opens. */
export interface PortOwner {
  readonly caller: Caller
  readonly connectionId: string
  readonly sessionId: string | null
  /** Asked before each call; false once the session has ended. */
  readonly admit?: () => boolean
}

export interface Dispatcher {
  /** Answers one call. Rejects with an RpcError for what the contract foresees, with anything else for a bug. */
  invoke(method: string, input: unknown, context: CallContext): Promise<unknown>
  /** Serves a port until it closes. */
  connect(port: Port<ServerMessage, unknown>, owner: PortOwner): Connection
}

type AnyMethod = Api[MethodName]

/** The only way from a page to a handler: known name, role, input, handler, output. */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { handlers, audit } = parts

  async function invoke(name: string, input: unknown, context: CallContext): Promise<unknown> {
    const [methodName, method] = requireMethod(name)
    requireRole(name, method.roles, context.caller)
    const parsed = method.input.safeParse(input)
    if (!parsed.success) throw invalidInput(parsed.error.issues)
    // The table types each handler with its own input; by name the pair belongs together.
    const handler = handlers[methodName] as (input: unknown, context: CallContext) => Promise<unknown>
    const work = () => handler(parsed.data, context)
    let value: unknown
    if (audit === undefined) value = await work()
    else {
      const counted = await audit.watch.count(work)
      const expected = method.kind === 'command' ? 1 : 0
      if (counted.entries !== expected) audit.onFault(methodName, counted.entries)
      value = counted.value
    }
    const output = method.output.safeParse(value)
    if (!output.success) throw new Error(`The reply of ${name} does not fit the contract: ${output.error.message}`)
    return output.data
  }

  function requireEvent(name: string, caller: Caller): EventName {
    const entry = Object.hasOwn(api, name) ? api[name as keyof Api] : undefined
    if (entry?.kind !== 'event') throw new RpcError('unknown-method', `There is no event ${JSON.stringify(name)}`)
    requireRole(name, entry.roles, caller)
    return name as EventName
  }

  return { invoke, connect: (port, owner) => openConnection(port, owner, { ...parts, invoke, requireEvent }) }
}

/** Own properties only, so that `toString` is not a method. */
function requireMethod(name: string): [MethodName, AnyMethod] {
  const entry = Object.hasOwn(api, name) ? api[name as keyof Api] : undefined
  if (entry === undefined || entry.kind === 'event') {
    throw new RpcError('unknown-method', `There is no method ${JSON.stringify(name)}`)
  }
  return [name as MethodName, entry]
}

function requireRole(name: string, roles: readonly string[], caller: Caller): void {
  if (caller.roles.some((role) => roles.includes(role))) return
  if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
  throw new RpcError('forbidden', `${name} needs one of these roles: ${roles.join(', ')}`)
}

function invalidInput(issues: readonly { path: PropertyKey[]; message: string }[]): RpcError {
  const named = issues.slice(0, 20).map(({ path, message }) => ({ path: path.map(String).join('.'), message }))
  const [first] = named
  return new RpcError('invalid-input', first.path === '' ? first.message : `${first.path}: ${first.message}`, {
    issues: named,
  })
}
