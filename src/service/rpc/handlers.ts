import type { MethodName, OutputOf, ParsedInputOf } from '../../contract/api.ts'
import type { Caller } from '../../contract/user.ts'

/** What a handler knows about the call besides its input. */
export interface CallContext {
  /** Who asks; fixed when the port opened. */
  readonly caller: Caller
  /** Aborted when the page cancels the call or goes away. */
  readonly signal: AbortSignal
  readonly connectionId: string
  /** The session behind the port; null for a visitor. */
  readonly sessionId: string | null
}

export type Handler<M extends MethodName> = (input: ParsedInputOf<M>, context: CallContext) => Promise<OutputOf<M>>

/** One handler for every method: a missing one does not compile. */
export type Handlers = { readonly [M in MethodName]: Handler<M> }

type MethodOfSection<Section extends string> = Extract<MethodName, `${Section}.${string}`>

/** The handlers of one or more sections, e.g. `HandlersOf<'session' | 'users'>`, so that each room can bring its own. */
export type HandlersOf<Section extends string> = { readonly [M in MethodOfSection<Section>]: Handler<M> }
