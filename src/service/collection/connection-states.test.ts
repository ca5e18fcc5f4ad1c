import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, type TestStore } from '../../../test/support/test-store.ts'
import type { Action } from '../../contract/alert.ts'
import type { Connection } from '../../contract/connection.ts'
import type { IntakeBatch } from '../../contract/intake.ts'
import { type ConnectionStates, createConnectionStates } from './connection-states.ts'

const connection = (config: Connection['config'], isEnabled = true): Connection => ({
  ...{ id: `con_${config.kind}`, key: config.kind, name: config.kind, isEnabled, config, createdAt: 5 },
})
const push = connection({ kind: 'ingest', tokenDigest: '0'.repeat(64), acceptsNewDevices: false })
const hook = connection({ kind: 'webhook', url: 'http://127.0.0.1:1/', hmacSecret: null })

const use = (finishedAt: number, problem: string | null): Action => ({
  ...{ id: `act_${finishedAt}`, kind: 'notify', alertId: null, releaseId: null, deploymentId: null, problem },
  ...{ connectionId: hook.id, state: problem === null ? 'succeeded' : 'failed', requestedBy: null, reason: 'test' },
  ...{ requestedAt: 1, finishedAt, correlationId: 'c', variables: {}, log: '', result: null, recovery: null },
})

describe('states of connections', () => {
  let opened: TestStore
  let changed: string[]
  let clock: number
  let states: ConnectionStates
  const createStates = () =>
    createConnectionStates({ store: opened.store, now: () => clock, onChange: (id) => changed.push(id) })
  beforeEach(async () => {
    opened = await openTestStore()
    changed = []
    clock = 100
    states = createStates()
  })
  afterEach(() => opened.dispose())

  const sample = (id: string) => ({
    label: { sampleId: id, deploymentId: 'dep_1', label: 'a', at: 1, source: 'ingest' },
    sample: {
      ...{ id, deploymentId: 'dep_1', versionId: 'ver_1', at: 1, arrivedAt: 2, inputs: { t: 1 }, prediction: 'a' },
      ...{ scores: null, latencyMs: null, deviceId: null, seq: null },
    },
  })

  it('count exactly as the store does', async () => {
    const late = { sampleId: 'later', deploymentId: 'dep_1', label: 'b', at: 3, source: 'ingest' }
    const batches: IntakeBatch[] = [
      { samples: [sample('a'), sample('b')], labels: [late], refused: 2, lagMs: 40 },
      { samples: [sample('b'), sample('c')], labels: [late], refused: 0, lagMs: null },
    ].map(({ refused, lagMs, ...rest }, index) => ({
      ...rest,
      telemetry: [{ deviceId: 'dev_1', channel: 't', at: 7, value: 1 }],
      deadLetters: [],
      counters: [{ connectionId: push.id, received: 6 + refused, refused, lastAt: 10 + index, lagMs }],
    }))
    for (const batch of batches) states.count({ batch, result: await opened.store.samples.append(batch) })
    const fresh = createStates()
    await fresh.load()
    expect(states.of(push).counters).toEqual(fresh.of(push).counters)
    expect(states.of(push).counters).toEqual({
      ...{ received: 14, stored: 8, repeated: 4, refused: 2, lastAt: 11, lagMs: 40 },
    })
    expect(fresh.hasReceived(push.id)).toBe(true)
    expect(fresh.hasReceived(hook.id)).toBe(false)
  })

  it('say that nothing can be stored for as long as that is so, of ways in alone', () => {
    expect(states.of(push)).toMatchObject({ phase: 'connected', problem: null, since: 5 })
    states.noteStorage('The disk is full')
    clock = 200
    states.noteStorage('The disk is full')
    expect(states.of(push)).toMatchObject({ phase: 'degraded', problem: 'The disk is full', since: 100 })
    expect(states.of(hook)).toMatchObject({ phase: 'connected', problem: null })
    expect(states.of({ ...push, isEnabled: false }).phase).toBe('disabled')
    states.noteStorage(null)
    expect(states.of(push)).toMatchObject({ phase: 'connected', problem: null })
  })

  it('remember how a way out ended last, and since when a phase holds', () => {
    states.noteAction(use(50, 'it answered 500'))
    expect(states.of(hook)).toMatchObject({ phase: 'failed', problem: 'it answered 500', since: 50 })
    states.noteAction(use(60, null))
    // Told late of something older: the newer one stands.
    states.noteAction(use(55, 'it answered 500'))
    expect(states.of(hook)).toMatchObject({ phase: 'connected', problem: null, since: 60 })
    expect(states.of({ ...hook, isEnabled: false })).toMatchObject({ phase: 'disabled', problem: null })
    changed = []
    states.report('con_mqtt', { phase: 'failed', problem: 'one' })
    clock = 300
    states.report('con_mqtt', { phase: 'failed', problem: 'two' })
    states.report('con_mqtt', { phase: 'failed', problem: 'two' })
    expect(changed).toEqual(['con_mqtt', 'con_mqtt'])
    const broker = { ...push, id: 'con_mqtt' }
    expect(states.of(broker)).toMatchObject({ phase: 'failed', problem: 'two', since: 100 })
  })
})
