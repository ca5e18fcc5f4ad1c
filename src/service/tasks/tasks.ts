import type { Store } from '../../store/store.ts'
import type { TaskRegistry } from '../jobs/task.ts'

/** What tasks in a worker may use: the workspace, for reading alone. */
export interface TaskParts {
  readonly store: Store
}

/** Everything that runs in workers. Payloads and results cross by structured clone. */
export function createTasks(_parts: TaskParts) {
  return {} satisfies TaskRegistry
}
export type Tasks = ReturnType<typeof createTasks>
