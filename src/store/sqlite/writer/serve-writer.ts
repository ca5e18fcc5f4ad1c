import type { MessagePort } from 'node:worker_threads'
import type { Store } from '../../store.ts'
import { openSqliteStore, type SqliteStoreOptions } from '../open.ts'
import { unpackBatch } from './batch-codec.ts'
import { carryError, type WriterMethods, type WriterOrder, type WriterReply } from './protocol.ts'

const methodsOf = ({ records, audit, samples, telemetry, profiles, findings, blobs, close }: Store): WriterMethods => ({
  commit: records.commit,
  addCheckpoint: audit.addCheckpoint,
  append: samples.append,
  appendPacked: (packed) => samples.append(unpackBatch(packed)),
  getSample: samples.get,
  seal: samples.seal,
  retain: samples.retain,
  retainTelemetry: telemetry.retain,
  setBinning: profiles.setBinning,
  makeSpans: profiles.makeSpans,
  addReport: findings.add,
  retainFindings: findings.retain,
  putBlob: blobs.put,
  putSampleBlob: blobs.putSample,
  holdBlob: blobs.hold,
  sweepSampleBlobs: blobs.sweepSamples,
  stageBlob: blobs.stage,
  close,
})

/** Opens the workspace for writing in a thread of its own and does what it is asked: all that this thread's entry calls. */
export async function serveWriter(port: MessagePort, options: SqliteStoreOptions): Promise<void> {
  const reply = (message: WriterReply) => port.postMessage(message)
  let methods: WriterMethods
  try {
    methods = methodsOf(await openSqliteStore(options))
  } catch (error) {
    reply({ type: 'not-opened', error: carryError(error) })
    return
  }
  port.on('message', async ({ id, method, args }: WriterOrder) => {
    try {
      // The other side is typed by the same table.
      const run = methods[method] as (...args: readonly unknown[]) => Promise<unknown>
      reply({ type: 'done', id, value: await run(...args) })
    } catch (error) {
      reply({ type: 'failed', id, error: carryError(error) })
    }
  })
  reply({ type: 'opened' })
}
