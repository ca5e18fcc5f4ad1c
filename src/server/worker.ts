// Entry of the worker threads: the one that writes the workspace, and those that compute over it, opened for reading.
import { parentPort, workerData } from 'node:worker_threads'
import { makeProfileFold } from '../analysis/profile/fold.ts'
import { serveTasks } from '../service/jobs/worker-host.ts'
import { createTasks } from '../service/tasks/tasks.ts'
import { openSqliteReader } from '../store/sqlite/open.ts'
import { serveWriter } from '../store/sqlite/writer/serve-writer.ts'

/** What whoever starts the thread wants of it. */
export interface WorkerPurpose {
  readonly workspacePath: string
  readonly purpose: 'compute' | 'write'
}

if (parentPort) {
  const { workspacePath, purpose } = workerData as WorkerPurpose
  const options = { path: workspacePath, fold: makeProfileFold() }
  if (purpose === 'write') await serveWriter(parentPort, options)
  else serveTasks(parentPort, createTasks({ store: await openSqliteReader(options) }))
}
