import type { MessagePort } from 'node:worker_threads'
import type { TaskOrder, TaskRegistry, TaskReport } from './task.ts'

/**
 * Runs the tasks of a registry inside a worker: `serveTasks(parentPort, tasks)` is all that a worker's entry does. A task
 * stops by returning or throwing once `cancellation.aborted` is true.
 */
export function serveTasks(port: MessagePort, tasks: TaskRegistry): void {
  const report = (message: TaskReport) => port.postMessage(message)

  port.on('message', async ({ id, name, payload, flag }: TaskOrder) => {
    const shared = new Int32Array(flag)
    const cancellation = {
      get aborted() {
        return Atomics.load(shared, 0) === 1
      },
    }
    try {
      if (!Object.hasOwn(tasks, name)) throw new Error(`The worker has no task ${name}`)
      const result = await tasks[name](payload as never, {
        cancellation,
        onProgress: (fraction, message) => report({ type: 'progress', id, fraction, message }),
      })
      report({ type: 'done', id, result })
    } catch (error) {
      report({ type: 'failed', id, error, isCancelled: cancellation.aborted })
    }
  })
}
