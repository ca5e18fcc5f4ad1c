// Entry of the worker threads: long computations over the workspace, opened for reading.
import { parentPort, workerData } from 'node:worker_threads'
import { makeProfileFold } from '../analysis/profile/fold.ts'
import { serveTasks } from '../service/jobs/worker-host.ts'
import { createTasks } from '../service/tasks/tasks.ts'
import { openSqliteReader } from '../store/sqlite/open.ts'

if (parentPort) {
  const { workspacePath } = workerData as { workspacePath: string }
  const store = await openSqliteReader({ path: workspacePath, fold: makeProfileFold() })
  serveTasks(parentPort, createTasks({ store }))
}
