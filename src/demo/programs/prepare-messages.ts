import type { PreparedModels } from '../history/prepare.ts'

/** From the program that makes the past; both ends are of one build, so the shape is a type alone. */
export type FromPrepare =
  | { readonly type: 'progress'; readonly sentence: string }
  | { readonly type: 'models'; readonly models: PreparedModels }
  | { readonly type: 'day'; readonly path: string; readonly day: number }
  /** The next free sequence numbers. */
  | { readonly type: 'done'; readonly sampleSeq: number; readonly telemetrySeq: number }
  | { readonly type: 'failed'; readonly message: string }
