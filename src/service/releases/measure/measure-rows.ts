import type { Answer } from '../evidence/shape.ts'
import { type Asker, mapBounded } from './asker.ts'
import type { TestSet } from './test-set.ts'

const batchRows = 64
/** Pictures are large once they are text. */
const batchPictures = 16
/** Requests under way at a time. */
export const concurrency = 4

/** Sends the whole test set through one endpoint, in batches. The latency of a row is that of the request that carried it. */
export async function measureRows(
  testSet: TestSet,
  asker: Asker,
  onProgress: (fraction: number) => void,
): Promise<Answer[]> {
  const size = testSet.inputs.some((spec) => spec.type === 'image') ? batchPictures : batchRows
  const starts = Array.from({ length: Math.ceil(testSet.n / size) }, (_, batch) => batch * size)
  let done = 0
  const batches = await mapBounded(starts, concurrency, async (from) => {
    const count = Math.min(size, testSet.n - from)
    const rows = await Promise.all(Array.from({ length: count }, (_, offset) => testSet.inferRow(from + offset)))
    const answers = await asker.many(rows)
    done += 1
    onProgress(done / starts.length)
    return answers
  })
  return batches.flat()
}
