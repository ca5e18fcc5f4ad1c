import type { BlobStore, Store } from '../../store.ts'
import type { PackedBatch } from './batch-codec.ts'

/** Everything that writes, and what only the writer answers quickly: it alone keeps the index of ids in memory. */
export interface WriterMethods {
  readonly commit: Store['records']['commit']
  readonly addCheckpoint: Store['audit']['addCheckpoint']
  readonly append: Store['samples']['append']
  readonly appendPacked: (packed: PackedBatch) => ReturnType<Store['samples']['append']>
  readonly getSample: Store['samples']['get']
  readonly seal: Store['samples']['seal']
  readonly retain: Store['samples']['retain']
  readonly retainTelemetry: Store['telemetry']['retain']
  readonly setBinning: Store['profiles']['setBinning']
  readonly makeSpans: Store['profiles']['makeSpans']
  readonly addReport: Store['findings']['add']
  readonly retainFindings: Store['findings']['retain']
  readonly putBlob: BlobStore['put']
  readonly putSampleBlob: BlobStore['putSample']
  readonly holdBlob: BlobStore['hold']
  readonly sweepSampleBlobs: BlobStore['sweepSamples']
  readonly stageBlob: BlobStore['stage']
  readonly close: Store['close']
}
export type WriterMethod = keyof WriterMethods

/** To the writer's thread; answered in the order asked. */
export interface WriterOrder {
  readonly id: number
  readonly method: WriterMethod
  readonly args: readonly unknown[]
}

/** An error on its way between threads, where it would lose its class. */
export interface CarriedError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
}

export type WriterReply =
  | { readonly type: 'opened' }
  | { readonly type: 'not-opened'; readonly error: CarriedError }
  | { readonly type: 'done'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: CarriedError }

export function carryError(error: unknown): CarriedError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  return { name: error.name, message: error.message, stack: error.stack, ...code }
}

/** An error with the name, code and sentence of the one carried. RangeErrors are such again: callers tell them apart. */
export function revive({ name, message, code, stack }: CarriedError): Error {
  const error = name === 'RangeError' ? new RangeError(message) : new Error(message)
  return Object.assign(error, { name, stack }, code === undefined ? {} : { code })
}
