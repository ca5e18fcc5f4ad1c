import type { MeasureBlobs } from '../../collect/blobs/measure.ts'
import type { WorkerPool } from '../jobs/worker-pool.ts'
import type { Log } from '../rpc/log.ts'
import type { Tasks } from '../tasks/tasks.ts'
import { createMeasurer } from './measure-file.ts'

/** Decoding the files of one message may take so long; then it is given up, and its samples stand without measures. */
const patienceMs = 10_000

const isHeavy = (type: string) => type === 'image' || type === 'audio'

/**
 * Measures blobs as they arrive: texts and embeddings at once, pictures and recordings in a worker that does nothing else, so
 * that no analysis holds up what arrives. Never rejects: what fails counts as undecodable, and is logged.
 */
export function createMeasureBlobs(workers: Pick<WorkerPool<Tasks>, 'run'>, log: Pick<Log, 'warn'>): MeasureBlobs {
  const measure = createMeasurer()
  return (orders) => {
    const answers = orders.map(({ spec, bytes }) => (isHeavy(spec.type) ? null : measure(spec, bytes)))
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
