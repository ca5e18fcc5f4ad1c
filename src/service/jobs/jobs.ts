import { AsyncLocalStorage } from 'node:async_hooks'
import type { Job } from '../../contract/workspace.ts'
import type { EventHub } from '../rpc/event-hub.ts'
import type { Log } from '../rpc/log.ts'

export interface JobContext {
  readonly id: string
  /** Aborted when somebody cancels; work should then reject soon. */
  readonly signal: AbortSignal
  /** `fraction` from 0 to 1, null when unknown. */
  progress(fraction: number | null, message?: string): void
}

export interface JobWork {
  readonly kind: string
  readonly title: string
  /** What came of it, e.g. the id of a report; null for nothing. An error's message becomes the job's problem. */
  run(context: JobContext): Promise<string | null>
}

export interface Jobs {
  /** Queues the work and returns at once. */
  start(work: JobWork): Job
  /** Null when there is no such job; one that has ended stays as it is. */
  cancel(id: string): Job | null
  /** Newest first: everything in progress, and the last that ended. */
  list(): Job[]
  get(id: string): Job | null
  /** Resolves with the job once it has ended. */
  ended(id: string): Promise<Job>
  /** Cancels everything and waits until it has ended. */
  close(): Promise<void>
}

interface Entry {
  job: Job
  readonly work: JobWork
  readonly controller: AbortController
  readonly done: Promise<Job>
  readonly finish: (job: Job) => void
}

/** Runs long work in order of arrival, `concurrency` at a time, and tells pages how it goes. */
export function createJobs({
  events,
  log,
  now,
  newId,
  concurrency = 2,
  keep = 100,
}: {
  events: Pick<EventHub, 'publish'>
  log: Log
  now: () => number
  newId: (prefix: string) => string
  concurrency?: number
  /** How many ended jobs are remembered. */
  keep?: number
}): Jobs {
  const entries = new Map<string, Entry>()
  const queue: Entry[] = []
  let running = 0
  let isClosed = false
  // What a job writes is not part of the call that started it, nor counted with it.
  const outsideOfCalls = AsyncLocalStorage.snapshot()

  function update(entry: Entry, changes: Partial<Job>): void {
    entry.job = { ...entry.job, ...changes }
    events.publish('job.updated', entry.job)
  }

  function end(entry: Entry, changes: Pick<Job, 'state'> & Partial<Job>): void {
    update(entry, { ...changes, finishedAt: now() })
    entry.finish(entry.job)
    const ended = [...entries.values()].filter(({ job }) => job.finishedAt !== null)
    for (const { job } of ended.slice(0, Math.max(0, ended.length - keep))) entries.delete(job.id)
  }

  function startNext(): void {
    while (running < concurrency) {
      const entry = queue.shift()
      if (entry === undefined) return
      running += 1
      void outsideOfCalls(() => run(entry)).then(() => {
        running -= 1
        startNext()
      })
    }
  }

  async function run(entry: Entry): Promise<void> {
    const { signal } = entry.controller
    update(entry, { state: 'running', startedAt: now() })
    try {
      const result = await entry.work.run({
        id: entry.job.id,
        signal,
        progress: (fraction, message = entry.job.message) => {
          if (entry.job.state !== 'running') return
          const progress = fraction === null || Number.isNaN(fraction) ? null : Math.min(1, Math.max(0, fraction))
          update(entry, { progress, message })
        },
      })
      end(entry, { state: 'succeeded', progress: 1, result })
    } catch (error) {
      if (signal.aborted) return end(entry, { state: 'cancelled' })
      log.error({ jobId: entry.job.id, kind: entry.job.kind, error }, 'A job failed')
      end(entry, { state: 'failed', problem: error instanceof Error ? error.message : String(error) })
    }
  }

  function cancel(entry: Entry): void {
    entry.controller.abort()
    const place = queue.indexOf(entry)
    if (place === -1) return
    queue.splice(place, 1)
    end(entry, { state: 'cancelled' })
  }

  return {
    start(work) {
      if (isClosed) throw new Error('The console is closing')
      const { kind, title } = work
      const { promise: done, resolve: finish } = Promise.withResolvers<Job>()
      const entry: Entry = {
        job: {
          id: newId('job'),
          kind,
          title,
          state: 'queued',
          progress: null,
          message: '',
          startedAt: now(),
          finishedAt: null,
          problem: null,
          result: null,
        },
        work,
        controller: new AbortController(),
        done,
        finish,
      }
      entries.set(entry.job.id, entry)
      queue.push(entry)
      const queued = entry.job
      update(entry, {})
      startNext()
      return queued
    },
    cancel(id) {
      const entry = entries.get(id)
      if (entry === undefined) return null
      if (entry.job.finishedAt === null) cancel(entry)
      return entry.job
    },
    list: () => [...entries.values()].map(({ job }) => job).reverse(),
    get: (id) => entries.get(id)?.job ?? null,
    async ended(id) {
      const entry = entries.get(id)
      if (entry === undefined) throw new Error(`There is no job ${id}`)
      return await entry.done
    },
    async close() {
      isClosed = true
      const open = [...entries.values()].filter(({ job }) => job.finishedAt === null)
      for (const entry of open) cancel(entry)
      await Promise.all(open.map(({ done }) => done))
    },
  }
}
