import type { Store } from '../../store/store.ts'
import type { TaskRegistry } from '../jobs/task.ts'
import { inspectOnnx } from '../models/inspect-onnx.ts'
import { type BinningOrder, binReference } from '../models/reference-binning.ts'
import { createAnalysisTasks } from './analysis-tasks.ts'

/** What tasks in a worker may use: the workspace, for reading alone. */
export interface TaskParts {
  readonly store: Store
}

/** Everything that runs in workers. Payloads and results cross by structured clone. */
export function createTasks(parts: TaskParts) {
  return {
    ...createAnalysisTasks(parts),
    'models.inspectOnnx': (digest: string) => inspectOnnx(parts, digest),
    'models.binReference': (order: BinningOrder) => binReference(parts, order),
  } satisfies TaskRegistry
}
export type Tasks = ReturnType<typeof createTasks>
