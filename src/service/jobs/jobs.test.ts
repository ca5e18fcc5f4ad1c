import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { callerWith, createRecordingLog } from '../../../test/support/rpc.ts'
import { openTestStore } from '../../../test/support/test-store.ts'
import type { Job } from '../../contract/workspace.ts'
import { createJobHandlers } from './job-handlers.ts'
import { createJobs, type Jobs } from './jobs.ts'

describe('jobs', () => {
  let jobs: Jobs
  let log: ReturnType<typeof createRecordingLog>
  let told: Job[]
  beforeEach(() => {
    let ids = 0
    let clock = 0
    log = createRecordingLog()
    told = []
    jobs = createJobs({
      events: { publish: (_, payload) => void told.push(payload as Job) },
      log,
      now: () => ++clock,
      newId: (prefix) => `${prefix}_${++ids}`,
      concurrency: 1,
      keep: 3,
    })
  })
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

  it('tells each step from queued to its result', async () => {
    const { id, state } = jobs.start({
      kind: 'report',
      title: 'Drift',
      run: async ({ progress }) => {
        progress(0.25, 'reading')
        progress(7)
        return 'rep_1'
      },
    })
    expect(state).toBe('queued')
    expect(await jobs.ended(id)).toMatchObject({ state: 'succeeded', result: 'rep_1', progress: 1 })
    expect(told.map((job) => [job.state, job.progress, job.message])).toEqual([
      ['queued', null, ''],
      ['running', null, ''],
      ['running', 0.25, 'reading'],
      ['running', 1, 'reading'],
      ['succeeded', 1, 'reading'],
    ])
  })

  it('names the problem of a failed job and goes on with the next', async () => {
    const bad = jobs.start({ kind: 'k', title: 'Bad', run: () => Promise.reject(new Error('no samples')) })
    const good = jobs.start({ kind: 'k', title: 'Good', run: async () => null })
    expect(await jobs.ended(bad.id)).toMatchObject({ state: 'failed', problem: 'no samples' })
    expect(await jobs.ended(good.id)).toMatchObject({ state: 'succeeded' })
    expect(log.lines).toHaveLength(1)
  })

  it('cancels what runs and what waits, once', async () => {
    const never = vi.fn(async () => null)
    const running = jobs.start({ kind: 'k', title: 'Runs', run: ({ signal }) => untilAborted(signal) })
    const queued = jobs.start({ kind: 'k', title: 'Waits', run: never })
    expect(jobs.cancel(queued.id)?.state).toBe('cancelled')
    jobs.cancel(running.id)
    expect(await jobs.ended(running.id)).toMatchObject({ state: 'cancelled', problem: null })
    expect(jobs.cancel(running.id)?.state).toBe('cancelled')
    expect(jobs.cancel('job_none')).toBeNull()
    expect(never).not.toHaveBeenCalled()
    expect(log.lines).toEqual([])
  })

  it('remembers what is in progress and the last that ended', async () => {
    for (let round = 0; round < 6; round++) {
      await jobs.ended(jobs.start({ kind: 'k', title: `Job ${round}`, run: async () => null }).id)
    }
    expect(jobs.list().map(({ title }) => title)).toEqual(['Job 5', 'Job 4', 'Job 3'])
  })

  it('ends everything when it closes, and takes nothing more', async () => {
    const running = jobs.start({ kind: 'k', title: 'Runs', run: ({ signal }) => untilAborted(signal) })
    jobs.start({ kind: 'k', title: 'Waits', run: async () => null })
    await jobs.close()
    expect(jobs.list().map(({ state }) => state)).toEqual(['cancelled', 'cancelled'])
    expect(() => jobs.start({ kind: 'k', title: 'Late', run: async () => null })).toThrow('closing')
    expect(jobs.get(running.id)?.finishedAt).not.toBeNull()
  })

  it('cancels through its method with one audit entry', async () => {
    const opened = await openTestStore()
    onTestFinished(() => opened.dispose())
    const handlers = createJobHandlers({ jobs, records: opened.store.records, now: () => 1 })
    const context = { caller: callerWith('operator'), signal: new AbortController().signal }
    const call = { ...context, connectionId: 'c', sessionId: null }
    const running = jobs.start({ kind: 'k', title: 'Runs', run: ({ signal }) => untilAborted(signal) })
    await handlers['jobs.cancel']({ id: running.id }, call)
    expect(await jobs.ended(running.id)).toMatchObject({ state: 'cancelled' })
    expect(await opened.auditEntries()).toMatchObject([{ action: 'jobs.cancel', subject: { name: 'Runs' } }])
    await expect(handlers['jobs.cancel']({ id: 'job_none' }, call)).rejects.toMatchObject({ code: 'not-found' })
  })
})
