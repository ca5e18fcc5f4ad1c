import type { Worker } from 'node:worker_threads'
import type { Store } from '../../store.ts'
import { openSqliteReader, type SqliteStoreOptions } from '../open.ts'
import { packBatch } from './batch-codec.ts'
import { createWriterClient } from './writer-client.ts'

export interface WithWriterOptions extends SqliteStoreOptions {
  /** Starts a thread whose entry calls `serveWriter` for the same workspace. */
  readonly startWriter: () => Worker
}

/**
 * Opens a workspace whose writing is done in another thread: syncing to disk, sealing and recounting hold up nobody here.
 * Reading is done at once, on a connection for reading, and sees everything that a promise has been kept for. Rejects as
 * `openSqliteStore` does.
 */
export async function openSqliteStoreWithWriter({ startWriter, ...options }: WithWriterOptions): Promise<Store> {
  const writer = createWriterClient(startWriter)
  const { ask } = writer
  await writer.open()
  let reader: Store
  try {
    reader = await openSqliteReader(options)
  } catch (error) {
    await writer.close()
    throw error
  }
  let isClosed = false
  return {
    ...reader,
    records: { ...reader.records, commit: (...args) => ask('commit', args) },
    audit: { ...reader.audit, addCheckpoint: (...args) => ask('addCheckpoint', args) },
    samples: {
      ...reader.samples,
      append(batch) {
        const packed = packBatch(batch)
        return packed === null ? ask('append', [batch]) : ask('appendPacked', [packed], [packed.numbers.buffer])
      },
      get: (...args) => ask('getSample', args),
      seal: (...args) => ask('seal', args),
      retain: (...args) => ask('retain', args),
    },
    telemetry: { ...reader.telemetry, retain: (...args) => ask('retainTelemetry', args) },
    profiles: {
      ...reader.profiles,
      setBinning: (...args) => ask('setBinning', args),
      makeSpans: (...args) => ask('makeSpans', args),
    },
    findings: {
      ...reader.findings,
      add: (...args) => ask('addReport', args),
      retain: (...args) => ask('retainFindings', args),
    },
    blobs: {
      ...reader.blobs,
      put: (...args) => ask('putBlob', args),
      putSample: (...args) => ask('putSampleBlob', args),
      hold: (...args) => ask('holdBlob', args),
      sweepSamples: (...args) => ask('sweepSampleBlobs', args),
      stage: (...args) => ask('stageBlob', args),
    },
    async close() {
      if (isClosed) return
      isClosed = true
      await reader.close()
      // The writer last: closing the only connection that may write also empties the log into the database.
      await writer.close()
    },
  }
}
