import { z } from 'zod'
import type { Role } from './user.ts'

/** Who may call; a method without roles does not compile. `visitor` has not signed in. */
type Roles = readonly [Role | 'visitor', ...(Role | 'visitor')[]]

export type MethodKind = 'query' | 'command' | 'upload'

export interface Method<K extends MethodKind, I extends z.ZodType, O extends z.ZodType> {
  readonly kind: K
  readonly roles: Roles
  readonly input: I
  readonly output: O
}
export interface Event<P extends z.ZodType> {
  readonly kind: 'event'
  readonly roles: Roles
  readonly payload: P
}
type Shape<I extends z.ZodType, O extends z.ZodType> = { roles: Roles; input: I; output: O }

/** Never writes. */
export const query = <I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>): Method<'query', I, O> => ({
  kind: 'query',
  ...shape,
})
/** Writes, and leaves exactly one audit entry. */
export const command = <I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>): Method<'command', I, O> => ({
  kind: 'command',
  ...shape,
})
/** Stages bytes that no record refers to yet; the command that uses them is the one in the audit log. */
export const upload = <I extends z.ZodType, O extends z.ZodType>(shape: Shape<I, O>): Method<'upload', I, O> => ({
  kind: 'upload',
  ...shape,
})
export const event = <P extends z.ZodType>(shape: { roles: Roles; payload: P }): Event<P> => ({
  kind: 'event',
  ...shape,
})

/** All that have signed in. */
export const everyone = ['viewer', 'operator', 'product-owner', 'qa-expert', 'administrator'] as const

/**
 * Errors that cross the wire. Anything else is a bug: logged once with an id and shown as `internal`.
 */
export const errorCode = z.enum([
  'unknown-method',
  'signed-out',
  'forbidden',
  'invalid-input',
  'not-found',
  'stale',
  'conflict',
  'refused',
  'unavailable',
  'cancelled',
  'too-large',
  'internal',
])
export type ErrorCode = z.infer<typeof errorCode>

export const wireError = z.strictObject({
  code: errorCode,
  message: z.string(),
  /** Paths and problems of an invalid input. */
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })).optional(),
  /** Names the log line of a masked bug. */
  logId: z.string().optional(),
})
export type WireError = z.infer<typeof wireError>

/** A promise of the contract that could not be kept; the only error a handler throws on purpose. */
export class RpcError extends Error {
  readonly code: ErrorCode
  readonly issues: { path: string; message: string }[] | undefined
  readonly logId: string | undefined
  constructor(
    code: ErrorCode,
    message: string,
    extra: { issues?: { path: string; message: string }[]; logId?: string } = {},
  ) {
    super(message)
    this.name = 'RpcError'
    this.code = code
    this.issues = extra.issues
    this.logId = extra.logId
  }
}

const callId = z.int().min(0)

/** From page to service. One id per call. */
export const clientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: callId, method: z.string().max(100), input: z.unknown() }),
  z.strictObject({ type: z.literal('cancel'), id: callId }),
  z.strictObject({ type: z.literal('subscribe'), id: callId, event: z.string().max(100) }),
  z.strictObject({ type: z.literal('unsubscribe'), id: callId }),
])
export type ClientMessage = z.infer<typeof clientMessage>

/** From service to page. */
export const serverMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ok'), id: callId, output: z.unknown() }),
  z.strictObject({ type: z.literal('error'), id: callId, error: wireError }),
  z.strictObject({ type: z.literal('event'), id: callId, payload: z.unknown() }),
])
export type ServerMessage = z.infer<typeof serverMessage>

/** All that a transport offers. MessagePort, WebSocket and the in-memory pair each fill it. */
export interface Port<Out, In> {
  send(message: Out): void
  /** One listener; what arrives is not yet parsed. */
  onMessage(listener: (message: In) => void): void
  onClose(listener: () => void): void
  close(): void
}
