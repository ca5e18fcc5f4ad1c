import type { Cancellation } from '../../contract/primitives.ts'

/** What a task in a worker knows besides its payload. */
export interface TaskContext {
  /** Seen at once even in the middle of a computation that never yields. */
  readonly cancellation: Cancellation
  /** `fraction` from 0 to 1. */
  readonly onProgress: (fraction: number, message?: string) => void
}

/** The computations a worker can do, by name. Payloads and results cross by structured clone. */
export type TaskRegistry = {
  readonly [name: string]: (payload: never, context: TaskContext) => unknown
}
export type PayloadOfTask<R extends TaskRegistry, K extends keyof R> = Parameters<R[K]>[0]
export type ResultOfTask<R extends TaskRegistry, K extends keyof R> = Awaited<ReturnType<R[K]>>

/** To a worker. `flag` is shared memory: its first number becomes 1 when the task is cancelled. */
export interface TaskOrder {
  readonly id: number
  readonly name: string
  readonly payload: unknown
  readonly flag: SharedArrayBuffer
}

/** From a worker. */
export type TaskReport =
  | { readonly type: 'progress'; readonly id: number; readonly fraction: number; readonly message?: string }
  | { readonly type: 'done'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: unknown; readonly isCancelled: boolean }
