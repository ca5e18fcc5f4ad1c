import type { TaskContext } from '../../../service/jobs/task.ts'
import type { WorkerPool } from '../../../service/jobs/worker-pool.ts'
import { createTasks, type Tasks } from '../../../service/tasks/tasks.ts'
import type { Store } from '../../../store/store.ts'

const neverStopped: TaskContext = { cancellation: { aborted: false }, onProgress: () => {} }

/** The workers' tasks in this process, one after the other: for a command that has nothing else to do meanwhile. */
export function createInProcessWorkers(store: Store): WorkerPool<Tasks> {
  const tasks = createTasks({ store })
  return {
    async run(task, payload) {
      // The registry types each task with its own payload and result; by name they belong together.
      const perform = tasks[task] as (payload: unknown, context: TaskContext) => never
      return await perform(payload, neverStopped)
    },
    async close() {},
  }
}
