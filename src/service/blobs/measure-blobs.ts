import { describeEmbedding } from '../../analysis/descriptors/embedding.ts'
import { describeText, type TextExpectation } from '../../analysis/descriptors/text.ts'
import type { MeasureBlobs } from '../../collect/blobs/measure.ts'
import { readEmbedding } from '../../collect/blobs/take-blob.ts'
import type { BlobFacts } from '../../contract/blob.ts'
import type { ColumnSpec } from '../../contract/model.ts'
import type { WorkerPool } from '../jobs/worker-pool.ts'
import type { Log } from '../rpc/log.ts'
import type { Tasks } from '../tasks/tasks.ts'

/** Decoding the files of one message may take so long; then it is given up, and its samples stand without measures. */
const patienceMs = 10_000

/**
 * Measures blobs as they arrive: texts and embeddings at once, pictures and recordings in a worker that does nothing else, so
 * that no analysis holds up what arrives. Never rejects: what fails counts as undecodable, and is logged.
 */
export function createMeasureBlobs(workers: Pick<WorkerPool<Tasks>, 'run'>, log: Pick<Log, 'warn'>): MeasureBlobs {
  const expectations = new WeakMap<object, TextExpectation>()

  function expectationOf({ blob = {} }: ColumnSpec): TextExpectation {
    const known = expectations.get(blob)
    if (known !== undefined) return known
    const { vocabulary, scripts } = blob
    const made = { vocabulary: vocabulary?.length ? new Set(vocabulary) : null, scripts: scripts ?? null }
    expectations.set(blob, made)
    return made
  }

  function measureAtOnce(spec: ColumnSpec, bytes: Uint8Array): BlobFacts | null {
    if (spec.type === 'text') return describeText(new TextDecoder().decode(bytes), expectationOf(spec))
    if (spec.type === 'embedding') return describeEmbedding(readEmbedding(bytes), spec.blob?.center ?? null)
    return null
  }

  return (orders) => {
    const answers = orders.map(({ spec, bytes }) => measureAtOnce(spec, bytes))
    const heavy = orders.flatMap(({ spec: { type }, bytes }, index) =>
      type === 'image' || type === 'audio' ? [{ index, order: { kind: type, bytes } }] : [],
    )
    if (heavy.length === 0) return answers
    const files = heavy.map(({ order }) => order)
    return workers.run('blobs.measure', files, { signal: AbortSignal.timeout(patienceMs) }).then(
      (measured) => {
        for (const [place, { index }] of heavy.entries()) answers[index] = measured[place]
        return answers
      },
      (error: unknown) => {
        log.warn({ error, files: files.length }, 'Files of a message could not be measured')
        return answers
      },
    )
  }
}
