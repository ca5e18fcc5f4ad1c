import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createRecordingLog } from '../../../test/support/rpc.ts'
import type { Job } from '../../contract/workspace.ts'
import { createEventHub, type EventHub, type Schedule } from './event-hub.ts'

const jobWith = (id: string, progress: number): Job => ({
  id,
  kind: 'test',
  title: 'A job',
  state: 'running',
  progress,
  message: '',
  startedAt: 1,
  finishedAt: null,
  problem: null,
  result: null,
})

describe('the event hub', () => {
  let waiting: { callback: () => void; delayMs: number }[]
  let hub: EventHub
  let log: ReturnType<typeof createRecordingLog>
  const schedule: Schedule = (callback, delayMs) => {
    const entry = { callback, delayMs }
    waiting.push(entry)
    return () => {
      waiting = waiting.filter((other) => other !== entry)
    }
  }
  const elapse = () => {
    for (const { callback } of waiting.splice(0)) callback()
  }
  beforeEach(() => {
    waiting = []
    log = createRecordingLog()
    hub = createEventHub({ log, schedule })
  })

  it('sends the first at once and merges what follows into one every half second', () => {
    const listener = vi.fn()
    hub.subscribe('records.changed', listener)
    hub.publish('records.changed', { kinds: ['alert'] })
    expect(listener).toHaveBeenCalledTimes(1)
    for (let round = 0; round < 1000; round++) {
      hub.publish('records.changed', { kinds: [round % 2 ? 'alert' : 'action'] })
    }
    expect(listener).toHaveBeenCalledTimes(1)
    expect(waiting.map(({ delayMs }) => delayMs)).toEqual([500])
    elapse()
    expect(listener.mock.calls).toEqual([[{ kinds: ['alert'] }], [{ kinds: ['action', 'alert'] }]])
    elapse()
    expect(listener).toHaveBeenCalledTimes(2)
    expect(waiting).toEqual([])
    hub.publish('records.changed', { kinds: ['user'] })
    expect(listener).toHaveBeenCalledTimes(3)
  })

  it('joins targets and kinds of changed data', () => {
    const listener = vi.fn()
    hub.subscribe('data.changed', listener)
    hub.publish('data.changed', { targets: ['x'], what: ['samples'] })
    hub.publish('data.changed', { targets: ['a'], what: ['samples'] })
    hub.publish('data.changed', { targets: ['b', 'a'], what: ['labels', 'samples'] })
    elapse()
    expect(listener.mock.calls[1]).toEqual([{ targets: ['a', 'b'], what: ['samples', 'labels'] }])
  })

  it('keeps the latest of each job', () => {
    const listener = vi.fn()
    hub.subscribe('job.updated', listener)
    hub.publish('job.updated', jobWith('job_1', 0))
    hub.publish('job.updated', jobWith('job_1', 0.1))
    hub.publish('job.updated', jobWith('job_2', 0.5))
    hub.publish('job.updated', jobWith('job_1', 0.2))
    elapse()
    expect(listener.mock.calls.map(([job]) => [job.id, job.progress])).toEqual([
      ['job_1', 0],
      ['job_2', 0.5],
      ['job_1', 0.2],
    ])
  })

  it('neither merges nor holds notifications', () => {
    const listener = vi.fn()
    hub.subscribe('notification.raised', listener)
    for (const title of ['a', 'b', 'c']) hub.publish('notification.raised', { title, body: '', path: '/' })
    expect(listener).toHaveBeenCalledTimes(3)
  })

  it('goes on when a listener fails, and forgets who left', () => {
    const listener = vi.fn()
    hub.subscribe('records.changed', () => {
      throw new Error('broken')
    })
    const leave = hub.subscribe('records.changed', listener)
    hub.publish('records.changed', { kinds: ['alert'] })
    hub.publish('records.changed', { kinds: ['alert'] })
    leave()
    elapse()
    expect(listener).toHaveBeenCalledTimes(1)
    expect(log.lines.map((line) => line.message)).toEqual([
      'A listener failed on an event',
      'A listener failed on an event',
    ])
  })
})
