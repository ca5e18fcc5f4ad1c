import type { z } from 'zod'
import { collectionApi } from './api/collection.ts'
import { explanationsApi } from './api/explanations.ts'
import { governanceApi } from './api/governance.ts'
import { modelsApi } from './api/models.ts'
import { monitoringApi } from './api/monitoring.ts'
import { sessionApi } from './api/session.ts'
import { slicesApi } from './api/slices.ts'
import { workspaceApi } from './api/workspace.ts'
import type { MethodKind } from './rpc.ts'

/** Every method and event of the console, in one table. */
export const api = {
  ...sessionApi,
  ...workspaceApi,
  ...modelsApi,
  ...monitoringApi,
  ...governanceApi,
  ...explanationsApi,
  ...collectionApi,
  ...slicesApi,
} as const
export type Api = typeof api

export type MethodName = { [K in keyof Api]: Api[K] extends { kind: MethodKind } ? K : never }[keyof Api]
export type EventName = { [K in keyof Api]: Api[K] extends { kind: 'event' } ? K : never }[keyof Api]
export type InputOf<M extends MethodName> = Api[M] extends { input: infer I extends z.ZodType } ? z.input<I> : never
/** Input as a handler sees it: parsed, defaults filled. */
export type ParsedInputOf<M extends MethodName> = Api[M] extends { input: infer I extends z.ZodType }
  ? z.output<I>
  : never
export type OutputOf<M extends MethodName> = Api[M] extends { output: infer O extends z.ZodType } ? z.output<O> : never
export type PayloadOf<E extends EventName> = Api[E] extends { payload: infer P extends z.ZodType } ? z.output<P> : never
