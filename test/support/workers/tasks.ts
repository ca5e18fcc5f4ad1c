import { parentPort, threadId } from 'node:worker_threads'
import type { TaskContext } from '../../../src/service/jobs/task.ts'
import { serveTasks } from '../../../src/service/jobs/worker-host.ts'

/** Small tasks that behave well and badly, for tests of the pool. */
export const tasks = {
  sum: (numbers: Float64Array) => numbers.reduce((a, b) => a + b, 0),
  fail: (message: string) => {
    throw new RangeError(message)
  },
  die: () => process.exit(3),
  thread: () => threadId,
  /** Computes without ever yielding until it is cancelled. */
  compute: (_: null, { cancellation, onProgress }: TaskContext) => {
    onProgress(0.5, 'half')
    while (!cancellation.aborted);
    throw new Error('stopped')
  },
  /** Does not even look. */
  hang: (_: null, { onProgress }: TaskContext) => {
    onProgress(0)
    for (;;);
  },
}
if (parentPort) serveTasks(parentPort, tasks)
