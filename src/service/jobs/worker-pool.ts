import { Worker } from 'node:worker_threads'
import type { PayloadOfTask, ResultOfTask, TaskOrder, TaskRegistry, TaskReport } from './task.ts'

export interface RunOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number, message?: string) => void
}

/** Worker threads that run tasks by name. */
export interface WorkerPool<R extends TaskRegistry> {
  /**
   * Runs a task in a free worker, or in the next that becomes free. Rejects with what the task threw, with the signal's
   * reason when cancelled, or with an error when the worker died; the pool goes on with another.
   */
  run<K extends keyof R & string>(
    task: K,
    payload: PayloadOfTask<R, K>,
    options?: RunOptions,
  ): Promise<ResultOfTask<R, K>>
  /** Ends all workers; what runs or waits is rejected. */
  close(): Promise<void>
}

/** What tasks make dies young or is their result; a larger young generation took 20 MB more of each worker. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 }

interface Order {
  readonly name: string
  readonly payload: unknown
  readonly options: RunOptions
  readonly resolve: (result: unknown) => void
  readonly reject: (reason: unknown) => void
}

interface Slot {
  worker: Worker | null
  busy: boolean
  rest: NodeJS.Timeout | undefined
}

/**
 * A pool over the given entry file, which must call `serveTasks` with the registry `R`. Workers start on first use. A
 * cancelled task that has not stopped after `graceMs` loses its worker, which is replaced. One without work for `restMs` ends:
 * it would hold 40 MB.
 */
export function createWorkerPool<R extends TaskRegistry>({
  entry,
  size,
  workerData,
  graceMs = 2_000,
  restMs = 30_000,
}: {
  entry: URL | string
  size: number
  /** Handed to every worker, e.g. the path of the workspace. */
  workerData?: unknown
  graceMs?: number
  restMs?: number
}): WorkerPool<R> {
  const slots: Slot[] = Array.from({ length: size }, () => ({ worker: null, busy: false, rest: undefined }))
  const waiting: Order[] = []
  const stopping = new Set<Promise<unknown>>()
  let nextId = 0
  let isClosed = false

  function startNext(): void {
    const slot = slots.find(({ busy }) => !busy)
    const order = slot && waiting.shift()
    if (slot && order) {
      slot.busy = true
      clearTimeout(slot.rest)
      void serve(slot, order).finally(() => {
        slot.busy = false
        slot.rest = setTimeout(() => drop(slot), restMs)
        slot.rest.unref()
        startNext()
      })
    }
  }

  function workerOf(slot: Slot): Worker {
    // The flags of the program that started us (a loader, an inspector) are not the workers' business.
    if (slot.worker !== null) return slot.worker
    const worker = new Worker(entry, { workerData, execArgv: [], resourceLimits })
    // One that dies while nothing runs must not take the program with it.
    const forget = () => {
      if (slot.worker === worker) slot.worker = null
    }
    worker.on('error', forget)
    worker.on('exit', forget)
    slot.worker = worker
    return worker
  }

  function drop(slot: Slot): void {
    const worker = slot.worker
    slot.worker = null
    if (worker === null) return
    const stopped = worker.terminate()
    stopping.add(stopped)
    void stopped.finally(() => stopping.delete(stopped))
  }

  /** Resolves when the slot is free again, whatever came of the task. */
  function serve(slot: Slot, { name, payload, options, resolve, reject }: Order): Promise<void> {
    const { signal, onProgress } = options
    if (signal?.aborted) {
      reject(signal.reason)
      return Promise.resolve()
    }
    return new Promise((free) => {
      const worker = workerOf(slot)
      const id = nextId++
      const flag = new SharedArrayBuffer(4)
      let graceTimer: NodeJS.Timeout | undefined

      const settle = (act: () => void) => {
        clearTimeout(graceTimer)
        signal?.removeEventListener('abort', cancel)
        worker.off('message', receive)
        worker.off('error', die)
        worker.off('exit', exit)
        act()
        free()
      }
      const cancel = () => {
        Atomics.store(new Int32Array(flag), 0, 1)
        graceTimer = setTimeout(() => {
          drop(slot)
          settle(() => reject(signal?.reason))
        }, graceMs)
      }
      const die = (error: unknown) => {
        drop(slot)
        settle(() => reject(error))
      }
      const exit = (code: number) => die(new Error(`A worker ended with code ${code} while it ran ${name}`))
      const receive = (report: TaskReport) => {
        if (report.id !== id) return
        if (report.type === 'progress') onProgress?.(report.fraction, report.message)
        else if (report.type === 'done') settle(() => resolve(report.result))
        else settle(() => reject(report.isCancelled ? signal?.reason : report.error))
      }
      worker.on('message', receive)
      worker.on('error', die)
      worker.on('exit', exit)
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        worker.postMessage({ id, name, payload, flag } satisfies TaskOrder)
      } catch (error) {
        // What cannot be cloned is the caller's mistake; the worker never saw it.
        settle(() => reject(error))
      }
    })
  }

  return {
    run: (name, payload, options = {}) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new Error('The workers have been stopped'))
        // The entry serves the registry R, so the reply is of the task's own type.
        waiting.push({ name, payload, options, resolve: resolve as Order['resolve'], reject })
        startNext()
      }),
    async close() {
      isClosed = true
      for (const { reject } of waiting.splice(0)) reject(new Error('The workers have been stopped'))
      for (const slot of slots) drop(slot)
      await Promise.all(stopping)
    },
  }
}
