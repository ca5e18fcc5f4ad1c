import { describe, expect, it, onTestFinished } from 'vitest'
import { callerWith, createRecordingLog, handlersWith } from '../../../test/support/rpc.ts'
import { openTestStore } from '../../../test/support/test-store.ts'
import type { AuditDraft } from '../../contract/audit.ts'
import type { RecordStore } from '../../store/store.ts'
import { createAuditWatch } from './audit-watch.ts'
import { createDispatcher } from './dispatcher.ts'
import { createEventHub } from './event-hub.ts'
import type { Handlers } from './handlers.ts'

const draft: AuditDraft = {
  at: 1,
  actor: { id: null, name: 'x', roles: [] },
  action: 'test',
  subject: null,
  reason: null,
  details: {},
}
const context = {
  caller: callerWith('administrator'),
  signal: new AbortController().signal,
  connectionId: 'c',
  sessionId: null,
}

async function setUp(some: (records: RecordStore) => Partial<Handlers>) {
  const { store, dispose } = await openTestStore()
  onTestFinished(dispose)
  const log = createRecordingLog()
  const watch = createAuditWatch()
  const faults: [string, number][] = []
  const dispatcher = createDispatcher({
    handlers: handlersWith(some(watch.watch(store.records))),
    events: createEventHub({ log }),
    log,
    newLogId: () => 'log_1',
    audit: { watch, onFault: (method, entries) => void faults.push([method, entries]) },
  })
  return { dispatcher, faults }
}

describe('the audit watch', () => {
  it('finds a command that left none or two, and a query that left one', async () => {
    let entries = 0
    const { dispatcher, faults } = await setUp((records) => ({
      'session.signOut': async () => {
        for (let left = entries; left > 0; left--) await records.commit([], draft)
        return {}
      },
      'jobs.list': async () => {
        await records.commit([], draft)
        return []
      },
    }))
    for (entries of [0, 1, 2]) await dispatcher.invoke('session.signOut', {}, context)
    await dispatcher.invoke('jobs.list', {}, context)
    expect(faults).toEqual([
      ['session.signOut', 0],
      ['session.signOut', 2],
      ['jobs.list', 1],
    ])
  })

  it('tells calls apart that write at the same time', async () => {
    const { dispatcher, faults } = await setUp((records) => ({
      'session.signOut': async () => {
        await new Promise((resolve) => setTimeout(resolve, 2))
        await records.commit([], draft)
        await new Promise((resolve) => setTimeout(resolve, 2))
        return {}
      },
    }))
    await Promise.all(Array.from({ length: 20 }, () => dispatcher.invoke('session.signOut', {}, context)))
    expect(faults).toEqual([])
  })
})
