import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { callerWith, createRecordingLog } from '../../../test/support/rpc.ts'
import { openTestStore, type TestStore } from '../../../test/support/test-store.ts'
import { engine, uninterrupted } from '../../analysis/answer.ts'
import { knownAnswer } from '../../analysis/qualification/check.ts'
import { qualify } from '../../analysis/qualification/qualify.ts'
import type { Report } from '../../contract/report.ts'
import { createJobs } from '../jobs/jobs.ts'
import { stampReport } from '../tasks/stamp-report.ts'
import { createQualificationHandlers } from './qualification.ts'

const call = {
  caller: callerWith('qa-expert'),
  signal: new AbortController().signal,
  connectionId: 'c',
  sessionId: null,
}
const sum = (expected: number) => knownAnswer('sum', `is ${expected}`, 'counted by hand', expected, () => 1 + 1)

describe('the qualification of the engine', () => {
  let opened: TestStore
  beforeEach(async () => {
    opened = await openTestStore()
    onTestFinished(() => opened.dispose())
    await opened.store.records.commit(
      [
        {
          kind: 'settings',
          revision: null,
          record: {
            ...{ id: 'set_workspace', name: 'Lab', isDemo: false, logOrigin: 'assay.local/lab', createdAt: 0 },
            defaults: { confidence: 0.95, alpha: 0.05, minimumGroupSize: 30, minimumN: 30 },
            notifications: { desktop: false, webhookIds: [] },
            timeBounds: { maxFutureMs: 1000, maxPastMs: 3_600_000 },
          },
        },
      ],
      {
        ...{ at: 0, actor: { id: null, name: 'set-up', roles: [] }, action: 'session.setUp', subject: null },
        ...{ reason: null, details: {} },
      },
    )
  })

  /** Handlers whose engine is asked whether one and one is what they say. */
  function handlersFor(...expected: number[]) {
    let ids = 0
    const jobs = createJobs({
      ...{ events: { publish: () => {} }, log: createRecordingLog(), now: () => 5 },
      newId: (prefix) => `${prefix}_${++ids}`,
    })
    const context = {
      store: opened.store,
      jobs,
      now: () => 7,
      workers: { run: () => Promise.reject(), close: async () => {} },
    }
    const handlers = createQualificationHandlers(context, async () => qualify(uninterrupted, expected.map(sum)))
    return {
      get: () => handlers['qualification.get']({}, call),
      async run() {
        const { jobId } = await handlers['qualification.run']({}, call)
        return await jobs.ended(jobId)
      },
    }
  }
  const report = { engine } as Report

  it('is absent until somebody asks for it', async () => {
    const { get } = handlersFor(2)
    expect(await get()).toMatchObject({ engine, headline: { status: 'warning' }, result: null })
    expect(await stampReport(opened.store, report)).toBe(report)
  })

  it('is kept with every case, in the log, and stamped into reports of this engine alone', async () => {
    const { run, get } = handlersFor(2)
    const { result: digest } = await run()
    const { headline, result } = await get()
    expect(headline).toEqual({ status: 'ok', text: expect.stringContaining('1 of 1 cases') })
    expect(result).toMatchObject({ at: 7, isQualified: true, cases: [{ expected: 2, got: 2, isPassed: true }] })
    expect((await opened.auditEntries()).slice(1)).toMatchObject([
      { action: 'qualification.run', actor: { name: 'Ana' } },
      { action: 'system.qualified', details: { digest, isQualified: true, passed: 1 } },
    ])
    const { cases: _, ...stamp } = result ?? { cases: [] }
    expect((await stampReport(opened.store, report)).qualification).toEqual(stamp)
    expect(await stampReport(opened.store, { ...report, engine: 'another' })).toEqual({ engine: 'another' })
  })

  it('says so when a case fails, and the newest one counts', async () => {
    await handlersFor(2).run()
    const { run, get } = handlersFor(2, 3)
    await run()
    expect(await get()).toMatchObject({
      headline: { status: 'breach', text: expect.stringContaining('not qualified: 1 of 2 cases') },
      result: { isQualified: false },
    })
    expect((await opened.auditEntries()).at(-1)?.details).toMatchObject({ failed: ['sum: is 3'] })
    expect((await stampReport(opened.store, report)).qualification).toMatchObject({ isQualified: false })
  })
})
