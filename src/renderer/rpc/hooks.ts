import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import type { Api, EventName, InputOf, MethodName, OutputOf, PayloadOf } from '../../contract/api.ts'
import type { RpcError } from '../../contract/rpc.ts'
import type { ConnectionState, ReconnectingClient } from './reconnecting-client.ts'

type NameOfKind<Kind extends string> = { [M in MethodName]: Api[M] extends { kind: Kind } ? M : never }[MethodName]
/** Methods that never write. */
export type QueryName = NameOfKind<'query'>
/** Methods that write, or stage bytes for one that does. */
export type CommandName = NameOfKind<'command' | 'upload'>

const ClientContext = createContext<ReconnectingClient | null>(null)
export const RpcClientProvider = ClientContext.Provider

export function useRpcClient(): ReconnectingClient {
  const client = useContext(ClientContext)
  if (client === null) throw new Error('There is no RpcProvider above this component')
  return client
}

/** What makes a query ask again. */
export interface Follows {
  /** Changes of governed records of these kinds; true for any. */
  readonly records?: boolean | readonly string[]
  /** New samples, labels, telemetry, findings or connection states; true for any. */
  readonly data?: boolean | readonly PayloadOf<'data.changed'>['what'][number][]
  /** Only data of this target, as `data.changed` names it. */
  readonly target?: string
}

export interface QueryOptions {
  readonly enabled?: boolean
  /** Without it, a query asks again after any change of records or data. */
  readonly follows?: Follows
  /** Shows the last answer while another input is asked for. */
  readonly keepsPrevious?: boolean
}

export const followsEverything: Follows = { records: true, data: true }

/** Asks once and again after each change that concerns the answer. The input is part of the key. */
export function useQueryMethod<M extends QueryName>(method: M, input: InputOf<M>, options: QueryOptions = {}) {
  const client = useRpcClient()
  const { enabled = true, follows = followsEverything, keepsPrevious = false } = options
  return useQuery<OutputOf<M>, RpcError>({
    queryKey: [method, input],
    queryFn: ({ signal }) => client.call(method, input, { signal }),
    enabled,
    meta: { follows },
    ...(keepsPrevious && { placeholderData: keepPreviousData }),
    // Trying again helps against a lost connection, not against a refusal.
    retry: (failures, error) => error.code === 'unavailable' && failures < 2,
  })
}

/** Runs a command; it is never sent twice by itself. The event that follows makes the queries ask again. */
export function useCommand<M extends CommandName>(method: M) {
  const client = useRpcClient()
  return useMutation<OutputOf<M>, RpcError, InputOf<M>>({
    mutationKey: [method],
    mutationFn: (input) => client.call(method, input),
    retry: false,
  })
}

/** Hears an event while the component is shown. The listener may change from one render to the next. */
export function useEvent<E extends EventName>(event: E, listener: (payload: PayloadOf<E>) => void): void {
  const client = useRpcClient()
  const hear = useEffectEvent(listener)
  useEffect(() => client.subscribe(event, (payload) => hear(payload)), [client, event])
}

export function useConnectionState(): ConnectionState {
  const client = useRpcClient()
  return useSyncExternalStore(client.onState, client.state)
}

/** Who uses the console, and how they come and go. */
export function useSession() {
  const client = useRpcClient()
  const queries = useQueryClient()
  const state = useQueryMethod('session.state', {}, { follows: { records: ['settings', 'user'] } })
  return {
    state,
    /** Opens a port that belongs to the person of the ticket, and forgets what the last one was shown. */
    async enter(ticket: string) {
      await client.reopen(ticket)
      await queries.resetQueries()
    },
    async signOut() {
      await client.call('session.signOut', {})
      await client.reopen()
      await queries.resetQueries()
    },
  }
}
