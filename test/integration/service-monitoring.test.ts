import { afterEach, describe, expect, it } from 'vitest'
import { reply, startServer } from '../../src/act/testing/http-server.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import type { Alert } from '../../src/contract/alert.ts'
import type { Monitor, MonitorKind, Target } from '../../src/contract/finding.ts'
import { defaultMonitors } from '../../src/service/monitoring/defaults.ts'
import { createMonitoring, type MonitoringOptions } from '../../src/service/monitoring/monitoring.ts'
import { createCleanUp } from './service-collection-room.ts'
import {
  addPark,
  addPerson,
  type Clock,
  dawn,
  dayMs,
  hourMs,
  openWorld,
  type Park,
  storePets,
  until,
  type World,
} from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

async function open(clock: Clock = { at: dawn }) {
  const world = await openWorld({ clock })
  cleanUp.later(() => world.remove())
  cleanUp.later(() => world.close())
  return world
}

/** Monitoring whose timetable is looked at only when the test says so. */
function watch(world: World, options: MonitoringOptions = {}) {
  let next: (() => void) | null = null
  const monitoring = createMonitoring(world.context, world.collection, {
    ...options,
    schedule: (callback) => {
      next = callback
      return () => {
        next = null
      }
    },
  })
  cleanUp.later(() => monitoring.close())
  return { monitoring, tick: () => next?.() }
}

async function addMonitor(world: World, target: Target, kind: MonitorKind, changes: Partial<Monitor> = {}) {
  const monitor: Monitor = {
    ...{
      id: world.context.newId('mon'),
      name: `${kind} daily`,
      kind,
      target,
      schedule: '0 0 * * *',
      everyNewItems: null,
    },
    ...{ windowMs: dayMs, delayMs: 0, reference: { kind: 'default' }, parameters: {}, isEnabled: true },
    createdAt: dawn - 100 * dayMs,
    ...changes,
  }
  await world.commit([{ kind: 'monitor', record: monitor, revision: null }])
  return monitor
}

const findingsOf = async ({ context }: World, { id, kind, target }: Monitor) => {
  const window = { from: 0, to: dawn + 1000 * dayMs }
  const { items } = await context.store.findings.list({ target, kind, window, limit: 1000, cursor: null })
  return items.filter((finding) => finding.monitorId === id)
}
const windowEnds = async (world: World, monitor: Monitor) => [
  ...new Set((await findingsOf(world, monitor)).map(({ window }) => window.to)),
]
const alertsOf = async ({ context }: World): Promise<Alert[]> =>
  (await context.store.records.list('alert')).map(({ record }) => record)
const day = (index: number) => ({ from: dawn + index * dayMs, to: dawn + (index + 1) * dayMs })

describe('the timetable', () => {
  it('makes up once for what was missed, as of its instant, then goes on as scheduled', async () => {
    const world = await open({ at: dawn + 60 * hourMs })
    const park = await addPark(world)
    for (const index of [0, 1, 2]) await storePets(world, park, day(index), { n: 200, seed: 10 + index })
    const monitor = await addMonitor(world, park.target, 'bias', { createdAt: dawn })
    const { monitoring, tick } = watch(world)
    await monitoring.start()
    await until(async () => (await windowEnds(world, monitor)).length === 1, 'the missed run')
    expect(await windowEnds(world, monitor)).toEqual([dawn + 2 * dayMs])
    tick()
    world.clock.at = dawn + 3 * dayMs + 4000
    await until(async () => {
      tick()
      return (await windowEnds(world, monitor)).length === 2
    }, 'the next run')
    expect(await windowEnds(world, monitor)).toEqual([dawn + 3 * dayMs, dawn + 2 * dayMs])
    const facts = await monitoring.factsOf(monitor.id)
    expect(facts).toEqual({ lastRunAt: dawn + 3 * dayMs, nextRunAt: dawn + 4 * dayMs, lastProblem: null })

    // Another start knows that nothing was missed.
    await monitoring.close()
    const again = watch(world)
    await again.monitoring.start()
    again.tick()
    expect((await again.monitoring.factsOf(monitor.id)).nextRunAt).toBe(dawn + 4 * dayMs)
    expect(await windowEnds(world, monitor)).toHaveLength(2)
  })

  it('asks as data comes, at most once an interval, and says why it got no answer', async () => {
    const world = await open()
    const park = await addPark(world)
    await storePets(world, park, { from: dawn - 600_000, to: dawn }, { n: 100, seed: 3 })
    const live = { schedule: null, everyNewItems: 50, windowMs: 600_000 }
    const monitor = await addMonitor(world, park.target, 'bias', live)
    const stranger = await addMonitor(world, park.target, 'fairness', {
      schedule: null,
      everyNewItems: 50,
      parameters: { groupColumns: 7 },
    })
    const { monitoring, tick } = watch(world, { minimumIntervalMs: 10_000 })
    await monitoring.start()
    const bring = (count: number) => world.tellArrival({ targets: [park.target], what: 'samples', count })
    bring(49)
    tick()
    expect((await monitoring.factsOf(monitor.id)).lastRunAt).toBeNull()
    bring(1)
    tick()
    await until(async () => (await windowEnds(world, monitor)).length === 1, 'the first answer')
    world.clock.at += 9_999
    bring(500)
    tick()
    world.clock.at += 1
    tick()
    await until(async () => (await windowEnds(world, monitor)).length === 2, 'the second answer')
    expect(await windowEnds(world, monitor)).toEqual([dawn + 10_000, dawn])

    world.tellArrival({ targets: [park.target], what: 'labels', count: 50 })
    tick()
    await until(async () => (await monitoring.factsOf(stranger.id)).lastProblem !== null, 'the problem')
    expect((await monitoring.factsOf(stranger.id)).lastProblem).toMatch(/parameters\.groupColumns/)
  })
})

describe('what follows from answers', () => {
  it('opens an alert when drift persists, says that it does no damage, and closes it when it is over', async () => {
    const world = await open()
    const park = await addPark(world)
    const { monitoring } = watch(world)
    const told: string[] = []
    world.context.events.subscribe('notification.raised', ({ title }) => void told.push(title))
    const drift = await addMonitor(world, park.target, 'drift', { parameters: { includeLabel: false } })
    const performance = await addMonitor(world, park.target, 'performance')
    const shifts = [0, 1.5, 1.5, 1.5, 0, 0]
    const states: string[] = []
    for (const [index, shift] of shifts.entries()) {
      await storePets(world, park, day(index), { n: 400, seed: 20 + index, shift, labelled: true })
      world.clock.at = day(index).to + 1000
      expect(await monitoring.runMonitor(drift.id, day(index).to)).toMatch(/^rep_/)
      await monitoring.runMonitor(performance.id, day(index).to)
      const open = (await alertsOf(world)).find(({ subject }) => subject.column === 'size')
      states.push(open?.state ?? 'none')
    }
    expect(states).toEqual(['none', 'none', 'open', 'open', 'open', 'resolved'])
    const alert = (await alertsOf(world)).find(({ subject }) => subject.column === 'size')
    expect(alert).toMatchObject({
      kind: 'drift',
      severity: 'warning',
      title: 'Size drifts on Park',
      beganAt: day(1).from,
    })
    expect(alert?.resolution).toMatchObject({ how: 'recovered', userId: null })
    expect(told[0]).toMatch(/on Park/)
    expect(told.some((title) => title.startsWith('Recovered: '))).toBe(true)

    const history = await world.context.store.records.history('alert', alert?.id ?? '')
    expect(history.map(({ record }) => record.message).join('\n')).toMatch(
      /size has drifted while performance holds \(accuracy .*\): drift without damage/,
    )
    const entries = await world.context.store.audit.list({
      ...{ limit: 100, before: null, action: 'system.alerts', subjectId: drift.id, actorId: null },
    })
    expect(entries.length).toBeGreaterThanOrEqual(2)
    expect(entries[0].entry.actor).toMatchObject({ id: null, name: 'Assay' })
  })

  it('refreshes the message of open drift alerts when labels show that performance holds', async () => {
    const world = await open()
    const park = await addPark(world)
    const { monitoring } = watch(world)
    const drift = await addMonitor(world, park.target, 'drift', { parameters: { includeLabel: false } })
    const performance = await addMonitor(world, park.target, 'performance', { windowMs: 2 * dayMs })
    for (const index of [0, 1]) {
      await storePets(world, park, day(index), { n: 400, seed: 30 + index, shift: 1.5, labelled: true })
      world.clock.at = day(index).to + 1000
      await monitoring.runMonitor(drift.id, day(index).to)
    }
    const messageOf = async () => (await alertsOf(world)).find(({ subject }) => subject.column === 'size')?.message
    expect(await messageOf()).not.toMatch(/without damage/)
    await monitoring.runMonitor(performance.id, day(1).to)
    expect(await messageOf()).toMatch(/without damage/)
  })

  it('takes a fall in performance for critical at once, against the labelled reference', async () => {
    const world = await open()
    const park = await addPark(world)
    const { monitoring } = watch(world)
    const monitor = await addMonitor(world, park.target, 'performance')
    await storePets(world, park, day(0), { n: 300, seed: 40, accuracy: 0.8, labelled: true })
    world.clock.at = day(0).to
    await monitoring.runMonitor(monitor.id, day(0).to)
    const [alert] = (await alertsOf(world)).filter(({ subject }) => subject.metric === 'accuracy')
    expect(alert).toMatchObject({ state: 'open', severity: 'critical', kind: 'performance', target: park.target })
    const [accuracy] = (await findingsOf(world, monitor)).filter(({ subject }) => subject.metric === 'accuracy')
    expect(accuracy).toMatchObject({ status: 'breach', limit: { thresholdSetId: null, direction: 'below' } })
    // Judged at the look's own level, shown as measured.
    expect((accuracy.interval?.[1] ?? 0) - (accuracy.interval?.[0] ?? 0)).toBeLessThan(0.1)
    const report = await world.context.store.findings.latestReport('performance', park.target)
    expect(alert.firstFindingId.slice(4).startsWith(report?.id.slice(4) ?? '?')).toBe(true)
  })

  it('keeps a person’s change that comes between, and decides anew', async () => {
    const world = await open()
    const park = await addPark(world)
    const ada = await addPerson(world)
    const { records } = world.context.store
    const { monitoring } = watch(world)
    const monitor = await addMonitor(world, park.target, 'performance')
    const run = async (index: number, accuracy: number) => {
      await storePets(world, park, day(index), { n: 300, seed: 50 + index, accuracy, labelled: true })
      world.clock.at = day(index).to
      await monitoring.runMonitor(monitor.id, day(index).to)
    }
    await run(0, 0.7)
    const [before] = (await records.list('alert')).filter(({ record }) => record.subject.metric === 'accuracy')
    const list = records.list
    let interfered = 0
    // Somebody comments after the alerts were read and before the decision is written.
    Object.assign(records, {
      list: async (...query: Parameters<typeof list>) => {
        const read = await list(...query)
        if (query[0] === 'monitor' && interfered++ === 0) {
          const now = await records.get('alert', before.record.id)
          const comment = { at: world.clock.at, userId: ada.userId ?? '', text: 'Looking at it' }
          const record = { ...before.record, comments: [comment] }
          await world.commit([{ kind: 'alert', record, revision: now?.revision ?? null }])
        }
        return read
      },
    })
    await run(1, 0.7)
    const after = await records.get('alert', before.record.id)
    expect(interfered).toBeGreaterThan(1)
    expect(after?.record.comments).toHaveLength(1)
    expect(after?.record.occurrences).toBe(2)
  })

  it('returns a muted alert to open when the mute has passed and it still breaches', async () => {
    const world = await open()
    const park = await addPark(world)
    const { monitoring, tick } = watch(world)
    await monitoring.start()
    const monitor = await addMonitor(world, park.target, 'performance', { schedule: null })
    await storePets(world, park, day(0), { n: 300, seed: 60, accuracy: 0.7, labelled: true })
    world.clock.at = day(0).to
    await monitoring.runMonitor(monitor.id, day(0).to)
    const { records } = world.context.store
    const [open_] = (await records.list('alert')).filter(({ record }) => record.subject.metric === 'accuracy')
    const muted = { ...open_.record, state: 'muted' as const, mutedUntil: world.clock.at + hourMs }
    await world.commit([{ kind: 'alert', record: muted, revision: open_.revision }])
    const stateNow = async () => (await records.get('alert', open_.record.id))?.record.state
    world.clock.at += hourMs - 1
    tick()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await stateNow()).toBe('muted')
    world.clock.at += 60_000
    tick()
    await until(async () => (await stateNow()) === 'open', 'the alert to return')
  })
})

describe('telling the outside', () => {
  async function withWebhook(world: World, url: string) {
    const id = world.context.newId('con')
    const config = { kind: 'webhook' as const, url, hmacSecret: 'hook' }
    await world.context.vault.put('hook', 'a shared key')
    await world.commit([
      {
        kind: 'connection',
        record: { id, key: 'ops', name: 'Ops', isEnabled: true, config, createdAt: dawn },
        revision: null,
      },
    ])
    await world.saveSettings({ notifications: { desktop: false, webhookIds: [id] } })
    return id
  }
  async function breach(world: World, park: Park, monitoring: ReturnType<typeof watch>['monitoring']) {
    const monitor = await addMonitor(world, park.target, 'performance')
    await storePets(world, park, day(0), { n: 300, seed: 70, accuracy: 0.7, labelled: true })
    world.clock.at = day(0).to
    await monitoring.runMonitor(monitor.id, day(0).to)
  }
  const notes = async (world: World) =>
    (await world.context.store.records.list('action'))
      .map(({ record }) => record)
      .filter(({ kind }) => kind === 'notify')

  it('sends signed webhooks through an outbox and keeps what came of them with the alert', async () => {
    const server = await startServer((_, response) => reply(response, 204, ''))
    cleanUp.later(server.close)
    const world = await open()
    const park = await addPark(world)
    const connectionId = await withWebhook(world, `${server.origin}/alerts`)
    await breach(world, park, watch(world).monitoring)
    await until(async () => (await notes(world)).every(({ state }) => state === 'succeeded'), 'the webhook')
    const [note] = await notes(world)
    expect(note).toMatchObject({ connectionId, state: 'succeeded', problem: null })
    const body = JSON.parse(server.received[0].body)
    expect(body).toMatchObject({ event: 'alert.opened', workspace: 'Test', alert: { state: 'open' } })
    expect(server.received[0].headers['x-assay-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/)
    const alert = (await alertsOf(world)).find(({ id }) => id === note.alertId)
    expect(alert?.actionIds).toContain(note.id)
  })

  it('stores why a webhook refused, which stops nothing else', async () => {
    const server = await startServer((_, response) => reply(response, 400, 'no such channel'))
    cleanUp.later(server.close)
    const world = await open()
    const park = await addPark(world)
    await withWebhook(world, `${server.origin}/alerts`)
    await breach(world, park, watch(world).monitoring)
    await until(async () => (await notes(world)).every(({ state }) => state === 'failed'), 'the refusal')
    expect((await notes(world))[0].problem).toMatch(/answered 400/)
    expect((await alertsOf(world)).some(({ state }) => state === 'open')).toBe(true)
    expect(world.log.lines.some(({ message }) => message === 'A webhook did not take a notification')).toBe(true)
  })

  it('sends after a restart what was planned and not sent', async () => {
    const world = await openWorld({ clock: { at: dawn } })
    cleanUp.later(() => world.remove())
    const park = await addPark(world)
    // Nothing listens there, so that the sending hangs in its retries when the console closes.
    const connectionId = await withWebhook(world, 'http://127.0.0.1:9/')
    const { monitoring } = watch(world)
    await breach(world, park, monitoring)
    expect((await notes(world)).map(({ state }) => state)).toContain('requested')
    await cleanUpMonitoring(monitoring)
    expect((await notes(world)).map(({ state }) => state)).toContain('requested')
    await world.close()

    const server = await startServer((_, response) => reply(response, 200, {}))
    cleanUp.later(server.close)
    const again = await openWorld({ clock: world.clock, path: world.workspacePath })
    cleanUp.later(() => again.close())
    const connection = await again.context.store.records.get('connection', connectionId)
    const config = { kind: 'webhook' as const, url: server.origin, hmacSecret: null }
    if (connection !== null)
      await again.commit([
        { kind: 'connection', record: { ...connection.record, config }, revision: connection.revision },
      ])
    await watch(again).monitoring.start()
    await until(async () => (await notes(again)).every(({ state }) => state === 'succeeded'), 'the webhooks')
    expect(server.received).toHaveLength((await notes(again)).length)
  })
  const cleanUpMonitoring = (monitoring: ReturnType<typeof watch>['monitoring']) => monitoring.close()
})

describe('the past', () => {
  it('is asked day by day, opens and closes alerts as of then, and tells nobody', async () => {
    const world = await open({ at: dawn + 10 * dayMs })
    const park = await addPark(world)
    const { monitoring } = watch(world)
    const told: string[] = []
    world.context.events.subscribe('notification.raised', ({ title }) => void told.push(title))
    for (let index = 0; index < 10; index += 1) {
      const accuracy = index === 4 ? 0.7 : 0.95
      await storePets(world, park, day(index), { n: 300, seed: 80 + index, accuracy, labelled: true })
    }
    await addMonitor(world, park.target, 'performance')
    await addMonitor(world, park.target, 'bias')
    const count = await monitoring.backfill(park.target, { from: dawn + 1, to: world.clock.at + 1 })
    expect(count).toBe(20)
    const fallen = (await alertsOf(world)).filter(({ subject }) => subject.metric === 'accuracy')
    expect(fallen).toHaveLength(1)
    expect(fallen[0]).toMatchObject({ state: 'resolved', openedAt: day(4).to, beganAt: day(4).from })
    expect(fallen[0].resolution?.at).toBe(day(5).to)
    expect(told).toEqual([])
  })

  it('stops when it is cancelled', async () => {
    const world = await open({ at: dawn + 10 * dayMs })
    const park = await addPark(world)
    const { monitoring } = watch(world)
    await addMonitor(world, park.target, 'bias')
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    await expect(
      monitoring.backfill(park.target, { from: dawn, to: world.clock.at }, controller.signal),
    ).rejects.toThrow('enough')
  })
})

describe('defaults', () => {
  it('ask what decisions rest on of a file, of an endpoint within a budget, and of neither not at all', async () => {
    const world = await open()
    const { target, deployment, version } = await addPark(world)
    const file = { name: 'model.onnx', digest: 'a'.repeat(64), bytes: 9, mediaType: 'application/octet-stream' }
    const asked = (endpointId: string | null, artifacts: (typeof file)[], schema = version.schema) =>
      defaultMonitors(target, {
        deployment: { ...deployment, endpointId },
        version: { ...version, artifacts, schema },
      }).find(({ kind }) => kind === 'explanation')
    expect(asked(null, [])).toBeUndefined()
    expect(asked(null, [file])).toMatchObject({ schedule: '50 0 * * 1', windowMs: 7 * dayMs, parameters: {} })
    expect(asked('con_1', [])?.parameters).toMatchObject({ asks: 'endpoint', endpointRows: 20_000 })
    expect(asked('con_1', [file])?.parameters).toEqual({})
    const columns = [...version.schema.columns, { ...version.schema.columns[0], name: 'frame', type: 'image' as const }]
    // An endpoint of pictures is not asked about made-up numbers.
    expect(asked('con_1', [], { ...version.schema, columns })?.parameters).toEqual({})
    for (const found of [asked(null, [file]), asked('con_1', [])])
      expect(parametersOf.explanation.safeParse(found?.parameters).success).toBe(true)
  })

  it('give a deployment its monitors and limits once, in one commit that is not the caller’s', async () => {
    const world = await open()
    const park = await addPark(world)
    const ada = await addPerson(world)
    const { monitoring } = watch(world)
    const { entries } = await world.audit.count(() => monitoring.addDefaults(park.target, ada))
    expect(entries).toBe(0)
    const { records } = world.context.store
    const kinds = (await records.list('monitor')).map(({ record }) => record.kind)
    expect(kinds).toEqual(['integrity', 'drift', 'performance', 'bias', 'fairness', 'errors'])
    const [set] = await records.list('thresholdSet')
    expect(set.record).toMatchObject({ version: 1, isActive: true, authorId: ada.userId, target: park.target })
    const accuracy = set.record.limits.find(
      ({ kind, subject }) => kind === 'performance' && subject.metric === 'accuracy',
    )
    // Five points below what the reference reaches.
    expect(accuracy?.breach).toBeGreaterThan(0.88)
    expect(accuracy?.breach).toBeLessThan(0.92)
    await monitoring.addDefaults(park.target, ada)
    await monitoring.addDefaults(park.deviceTarget, { userId: null, name: 'Assay', roles: [] })
    expect((await records.list('monitor')).map(({ record }) => record.kind)).toEqual([...kinds, 'device'])
    expect(await records.list('thresholdSet')).toHaveLength(1)
  })
})
