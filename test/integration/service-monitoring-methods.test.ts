import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../src/contract/alert.ts'
import type { InputOf, MethodName, OutputOf } from '../../src/contract/api.ts'
import type { Finding, Limit, Monitor } from '../../src/contract/finding.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import type { Caller } from '../../src/contract/user.ts'
import { createFeed } from '../../src/service/feed.ts'
import { createFleet } from '../../src/service/fleet/fleet.ts'
import { createActionHandlers } from '../../src/service/methods/actions.ts'
import { createAlertHandlers } from '../../src/service/methods/alerts.ts'
import { createDeviceHandlers } from '../../src/service/methods/devices.ts'
import { createFindingHandlers } from '../../src/service/methods/findings.ts'
import { createMonitorHandlers } from '../../src/service/methods/monitors.ts'
import { createOverviewHandlers } from '../../src/service/methods/overview.ts'
import { createPerformanceHandlers } from '../../src/service/methods/performance.ts'
import { createReportHandlers } from '../../src/service/methods/reports.ts'
import { createTelemetryHandlers } from '../../src/service/methods/telemetry.ts'
import { createThresholdHandlers } from '../../src/service/methods/thresholds.ts'
import { createTimelineHandlers } from '../../src/service/methods/timeline.ts'
import { createHealth } from '../../src/service/monitoring/health.ts'
import { createMonitoring } from '../../src/service/monitoring/monitoring.ts'
import { createDispatcher } from '../../src/service/rpc/dispatcher.ts'
import { handlersWith } from '../support/rpc.ts'
import { createCleanUp } from './service-collection-room.ts'
import {
  addPark,
  addPerson,
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
let world: World
let park: Park
let ada: Caller

/** The rooms with their handlers behind the dispatcher, as pages call them. */
function serve() {
  const { context } = world
  const monitoring = createMonitoring(context, world.collection, { schedule: () => () => undefined })
  cleanUp.later(() => monitoring.close())
  const health = createHealth(context)
  const actions = {
    withLog: <T>(action: T) => action,
    request: async () => {
      throw new RpcError('refused', 'not here')
    },
  }
  const stateless = {
    stateOf: () => {
      throw new Error('there is no connection')
    },
  }
  const { store, now, log, commits, appends } = context
  const findings = createFeed<readonly Finding[]>(log)
  const fleet = createFleet({
    ...{ store, now, log, commits, appends, findings, health },
    reportedVersion: () => null,
  })
  cleanUp.later(async () => fleet.close())
  const dispatcher = createDispatcher({
    handlers: handlersWith({
      ...createOverviewHandlers(context, health, fleet, stateless),
      ...createDeviceHandlers(context, health, fleet, monitoring),
      ...createTelemetryHandlers(context),
      ...createReportHandlers(context, monitoring),
      ...createFindingHandlers(context),
      ...createMonitorHandlers(context, monitoring),
      ...createThresholdHandlers(context, monitoring),
      ...createAlertHandlers(context, actions),
      ...createActionHandlers(context, actions),
      ...createPerformanceHandlers(context),
      ...createTimelineHandlers(context),
    }),
    events: context.events,
    log: context.log,
    newLogId: () => 'log',
    audit: {
      watch: world.audit,
      onFault: (method, entries) => {
        throw new Error(`${method} left ${entries} audit entries`)
      },
    },
  })
  const call = async <M extends MethodName>(method: M, input: InputOf<M>, caller = ada): Promise<OutputOf<M>> => {
    const context_ = { caller, signal: new AbortController().signal, connectionId: 'test', sessionId: null }
    return (await dispatcher.invoke(method, input, context_)) as OutputOf<M>
  }
  return { monitoring, call }
}

/** What a call is refused with. */
const refusal = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  return error instanceof RpcError ? `${error.code}: ${error.message}` : `no refusal: ${error}`
}

const ended = (jobId: string) =>
  until(async () => {
    const job = world.context.jobs.get(jobId)
    return job?.finishedAt === null ? null : job
  }, 'the job')

beforeEach(async () => {
  world = await openWorld()
  cleanUp.later(() => world.remove())
  cleanUp.later(() => world.close())
  park = await addPark(world)
  ada = await addPerson(world)
})
afterEach(() => cleanUp.run())

const day = (index: number) => ({ from: dawn + index * dayMs, to: dawn + (index + 1) * dayMs })

async function addMonitor(kind: Monitor['kind']): Promise<Monitor> {
  const record: Monitor = {
    ...{ id: world.context.newId('mon'), name: kind, kind, target: park.target, schedule: null, everyNewItems: null },
    ...{
      windowMs: dayMs,
      delayMs: 0,
      reference: { kind: 'default' },
      parameters: {},
      isEnabled: true,
      createdAt: dawn,
    },
  }
  await world.commit([{ kind: 'monitor', record, revision: null }])
  return record
}

describe('reports', () => {
  it('answer what a person asks, judged but without alerts', async () => {
    const { call, monitoring } = serve()
    await storePets(world, park, day(0), { n: 400, seed: 5, accuracy: 0.6, labelled: true, shift: 2 })
    for (const kind of ['performance', 'drift', 'bias', 'fairness', 'integrity', 'errors', 'explanation'] as const) {
      const { jobId } = await call('reports.run', { kind, target: park.target, window: day(0) })
      const job = await ended(jobId)
      expect([kind, job.state, job.problem]).toEqual([kind, 'succeeded', null])
      const stored = await call('reports.get', { id: job.result ?? '' })
      expect(stored).toMatchObject({ monitorId: null, report: { kind, target: park.target, window: day(0) } })
      expect((await call('reports.latest', { kind, target: park.target }))?.id).toBe(stored.id)
    }
    const { items } = await call('findings.list', { target: park.target, kind: 'performance', window: day(0) })
    expect(items.find(({ subject }) => subject.metric === 'accuracy')).toMatchObject({
      status: 'breach',
      monitorId: null,
    })
    expect((await call('alerts.list', { states: ['open'], target: null })).items).toEqual([])
    // Nor do they count towards one: drift must breach twice among what its monitor finds.
    const drift = await addMonitor('drift')
    await storePets(world, park, day(1), { n: 400, seed: 6, shift: 2 })
    world.clock.at = day(1).to
    await monitoring.runMonitor(drift.id, day(1).to)
    expect((await call('alerts.list', { states: ['open'], target: null })).items).toEqual([])
    const error = await refusal(call('findings.list', { target: null, kind: null, window: day(0), cursor: 'x' }))
    expect(error).toMatch(/invalid-input: cursor/)
  })

  it('are refused with a sentence where the question does not fit', async () => {
    const { call } = serve()
    const ask = (input: Partial<InputOf<'reports.run'>>) =>
      call('reports.run', { kind: 'drift', target: park.target, window: day(0), ...input })
    expect(await refusal(ask({ kind: 'device' }))).toMatch(/A deployment can be asked about integrity/)
    expect(await refusal(ask({ target: { type: 'deployment', id: 'dep_none' } }))).toMatch(/not-found/)
    expect(await refusal(ask({ parameters: { alpha: 3 } }))).toMatch(/invalid-input: parameters\.alpha/)
    expect(await refusal(ask({ parameters: { colour: 'red' } }))).toMatch(/invalid-input: parameters.*colour/)
    const { jobId } = await ask({ reference: { kind: 'previous', lengthMs: dayMs } })
    expect(await ended(jobId)).toMatchObject({
      state: 'failed',
      problem: 'What it should be compared with holds no samples',
    })
  })

  it('stop when the job is cancelled', async () => {
    const { call } = serve()
    await storePets(world, park, day(0), { n: 5000, seed: 6, labelled: true })
    const parameters = { resamples: 10_000 }
    const { jobId } = await call('reports.run', { kind: 'fairness', target: park.target, window: day(0), parameters })
    world.context.jobs.cancel(jobId)
    expect((await ended(jobId)).state).toBe('cancelled')
  })
})

describe('monitors', () => {
  const monitor = (changes: Partial<InputOf<'monitors.save'>['monitor']> = {}) => ({
    ...{ name: 'Drift', kind: 'drift' as const, target: park.target, schedule: '0 6 * * 1-5', everyNewItems: null },
    ...{ windowMs: dayMs, delayMs: 0, reference: { kind: 'default' as const }, parameters: {}, isEnabled: true },
    ...changes,
  })
  const save = (
    changes: Partial<InputOf<'monitors.save'>['monitor']>,
    id: string | null = null,
    revision: number | null = null,
  ) => serve().call('monitors.save', { id, revision, monitor: monitor(changes) })

  it('are checked before they are kept', async () => {
    expect(await refusal(save({ schedule: '0 25 * * *' }))).toMatch(/invalid-input: schedule: .*hour/)
    expect(await refusal(save({ schedule: '* * * * * *' }))).toMatch(/five fields/)
    expect(await refusal(save({ parameters: { numericMeasure: 'length' } }))).toMatch(/parameters\.numericMeasure/)
    expect(await refusal(save({ kind: 'endpoint' }))).toMatch(/not about endpoint/)
    expect(await refusal(save({ reference: { kind: 'dataset', datasetId: 'dat_none' } }))).toMatch(/no such dataset/)
    expect(await refusal(save({}, 'mon_none', 1))).toMatch(/not-found/)
  })

  it('are listed with when they ran and will run, and run at once when asked', async () => {
    const { call, monitoring } = serve()
    await monitoring.start()
    await storePets(world, park, day(0), { n: 200, seed: 7 })
    world.clock.at = day(0).to
    const saved = await call('monitors.save', { id: null, revision: null, monitor: monitor() })
    const { jobId } = await call('monitors.runNow', { id: saved.record.id })
    expect((await ended(jobId)).state).toBe('succeeded')
    const [listed] = await call('monitors.list', { target: park.target })
    // 21 November 2026 is a Saturday; Monday at six is next.
    expect(listed).toMatchObject({
      lastRunAt: day(0).to,
      nextRunAt: Date.UTC(2026, 10, 23, 6),
      lastProblem: null,
      record: { id: saved.record.id },
    })
    const other = await refusal(
      call('monitors.save', { id: saved.record.id, revision: 7, monitor: monitor({ name: 'Other' }) }),
    )
    expect(other).toMatch(/^stale/)
    const moved = { ...monitor(), kind: 'bias' as const }
    expect(await refusal(call('monitors.save', { id: saved.record.id, revision: 1, monitor: moved }))).toMatch(
      /cannot change/,
    )
  })
})

describe('alerts that go on', () => {
  it('say how often they have breached and what is newest, though they are written only now and then', async () => {
    const { call, monitoring } = serve()
    const performance = await addMonitor('performance')
    await storePets(world, park, day(0), { n: 400, seed: 71, accuracy: 0.6, labelled: true })
    const minute = 60_000
    for (const minutes of [0, 2, 4]) {
      world.clock.at = day(0).to + minutes * minute
      await monitoring.runMonitor(performance.id, world.clock.at)
    }
    const { items } = await call('alerts.list', { states: ['open'], target: park.target })
    const accuracy = items.find(({ record }) => record.subject.metric === 'accuracy')
    if (accuracy === undefined) throw new Error('there is no alert about accuracy')
    const { id } = accuracy.record
    const written = await world.context.store.records.get('alert', id)
    const { target, kind, subject } = accuracy.record
    const window = { from: 0, to: world.clock.at + 1 }
    const series = await call('findings.series', { target, kind, subject, window })
    const breaches = series.filter(({ status }) => status === 'breach')
    expect(breaches).toHaveLength(3)
    expect(written?.record.occurrences).toBeLessThan(3)
    expect(accuracy.record).toMatchObject({
      occurrences: 3,
      lastFindingId: breaches[2].id,
      message: breaches[2].message,
    })
    expect((await call('alerts.get', { id })).alert).toEqual(accuracy.record)
    // What somebody decides on is written as it was seen, and counted on from there.
    const acknowledged = await call('alerts.acknowledge', { id, revision: accuracy.revision })
    expect(acknowledged.record).toMatchObject({ occurrences: 3, state: 'acknowledged' })
    world.clock.at += 20 * minute
    await monitoring.runMonitor(performance.id, world.clock.at)
    expect((await world.context.store.records.get('alert', id))?.record.occurrences).toBe(4)
    expect((await call('alerts.get', { id })).alert.occurrences).toBe(4)
  })
})

describe('thresholds', () => {
  const accuracyBelow = (breach: number): Limit => ({
    ...{ kind: 'performance', subject: { metric: 'accuracy' }, direction: 'below', warning: null, breach },
    ...{ upperBreach: null, persistence: { k: 1, of: 1 }, severity: 'critical' },
  })

  it('are versions, each with what it would have raised, one active at a time', async () => {
    const { call, monitoring } = serve()
    const performance = await addMonitor('performance')
    for (let index = 0; index < 8; index += 1) {
      await storePets(world, park, day(index), {
        n: 400,
        seed: 30 + index,
        accuracy: index === 5 ? 0.8 : 0.95,
        labelled: true,
      })
      world.clock.at = day(index).to
      await monitoring.runMonitor(performance.id, day(index).to)
    }
    const proposed = [accuracyBelow(0.5)]
    const tried = await call('thresholds.backTest', { target: park.target, limits: proposed, days: 30 })
    expect(tried.findings).toBeGreaterThan(8)
    expect(tried.silenced).toBeGreaterThan(0)
    expect(tried.weeks.reduce((sum, { alerts }) => sum + alerts, 0)).toBe(0)

    const first = await call('thresholds.save', {
      ...{ target: park.target, basedOnVersion: null, limits: proposed, reason: 'only a real fall counts' },
    })
    expect(first.record).toMatchObject({ version: 1, isActive: true, authorId: ada.userId })
    expect(first.record.backTest.silenced).toBe(tried.silenced)
    const stale = call('thresholds.save', {
      ...{ target: park.target, basedOnVersion: null, limits: [accuracyBelow(0.9)], reason: 'did not see the other' },
    })
    expect(await refusal(stale)).toMatch(/conflict: .*no set.*version 1/)
    await call('thresholds.save', {
      ...{ target: park.target, basedOnVersion: 1, limits: [accuracyBelow(0.9)], reason: 'stricter again' },
    })
    const sets = await call('thresholds.list', { target: park.target })
    expect(sets.map(({ record }) => [record.version, record.isActive])).toEqual([
      [2, true],
      [1, false],
    ])
    await monitoring.runMonitor(performance.id, day(5).to)
    const series = await call('findings.series', {
      ...{ target: park.target, kind: 'performance', subject: { metric: 'accuracy' }, window: day(5) },
    })
    expect(series.at(-1)?.limit).toMatchObject({ thresholdSetId: sets[0].record.id, breach: 0.9 })
  })

  it('are refused when they contradict themselves', async () => {
    const { call } = serve()
    const save = (limits: Limit[]) =>
      call('thresholds.save', { target: park.target, basedOnVersion: null, limits, reason: 'a try' })
    expect(await refusal(save([{ ...accuracyBelow(0.9), warning: 0.8 }]))).toMatch(/invalid-input: Limit 1/)
    expect(await refusal(save([{ ...accuracyBelow(0.9), kind: 'device' }]))).toMatch(/no numbers on device/)
  })
})

describe('alerts', () => {
  async function opened(): Promise<{ alert: Alert; revision: number; call: ReturnType<typeof serve>['call'] }> {
    const { call, monitoring } = serve()
    const performance = await addMonitor('performance')
    await storePets(world, park, day(0), { n: 300, seed: 8, accuracy: 0.7, labelled: true })
    world.clock.at = day(0).to
    await monitoring.runMonitor(performance.id, day(0).to)
    const { items } = await call('alerts.list', { states: ['open'], target: park.target })
    const item = items.find(({ record }) => record.subject.metric === 'accuracy')
    if (item === undefined) throw new Error('there is no alert')
    return { alert: item.record, revision: item.revision, call }
  }

  it('are acknowledged, assigned, commented, muted and resolved, each once and on what was seen', async () => {
    const { alert, revision, call } = await opened()
    const { id } = alert
    const acknowledged = await call('alerts.acknowledge', { id, revision })
    expect(acknowledged.record).toMatchObject({ state: 'acknowledged', assigneeId: ada.userId })
    expect(await refusal(call('alerts.acknowledge', { id, revision: acknowledged.revision }))).toMatch(/already/)
    expect(await refusal(call('alerts.comment', { id, revision, text: 'late' }))).toMatch(/^stale/)
    const commented = await call('alerts.comment', {
      id,
      revision: acknowledged.revision,
      text: 'A new breed, I think',
    })
    expect(commented.record.comments).toEqual([
      { at: world.clock.at, userId: ada.userId, text: 'A new breed, I think' },
    ])
    const nobody = call('alerts.assign', { id, revision: commented.revision, assigneeId: 'usr_none' })
    expect(await refusal(nobody)).toMatch(/no such person/)
    const freed = await call('alerts.assign', { id, revision: commented.revision, assigneeId: null })
    expect(freed.record.assigneeId).toBeNull()
    const past = call('alerts.mute', { id, revision: freed.revision, until: world.clock.at, reason: 'known' })
    expect(await refusal(past)).toMatch(/over already/)
    const muted = await call('alerts.mute', {
      id,
      revision: freed.revision,
      until: world.clock.at + hourMs,
      reason: 'known',
    })
    expect(muted.record).toMatchObject({ state: 'muted', mutedUntil: world.clock.at + hourMs })
    expect((await call('overview.get', {})).openAlerts.critical).toBe(
      (await call('alerts.list', { states: ['open', 'acknowledged'], target: null })).items.filter(
        ({ record }) => record.severity === 'critical',
      ).length,
    )
    const resolved = await call('alerts.resolve', {
      id,
      revision: muted.revision,
      how: 'accepted',
      reason: 'we live with it',
    })
    expect(resolved.record.resolution).toEqual({
      at: world.clock.at,
      userId: ada.userId,
      how: 'accepted',
      reason: 'we live with it',
    })
    const again = call('alerts.mute', {
      id,
      revision: resolved.revision,
      until: world.clock.at + hourMs,
      reason: 'again',
    })
    expect(await refusal(again)).toMatch(/is resolved/)
    const shown = await call('alerts.get', { id })
    expect(shown).toMatchObject({ revision: resolved.revision, userNames: { [ada.userId ?? '']: 'Ada' } })
    expect(shown.findings.map(({ status }) => status)).toEqual(['breach'])
  })

  it('come in pages, newest first', async () => {
    const { call } = await opened()
    const all = await call('alerts.list', { states: ['open'], target: null, limit: 1000 })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: OutputOf<'alerts.list'> = await call('alerts.list', {
        states: ['open'],
        target: null,
        limit: 1,
        cursor,
      })
      seen.push(...page.items.map(({ record }) => record.id))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(all.items.map(({ record }) => record.id))
    expect(await refusal(call('alerts.list', { states: ['open'], target: null, cursor: '-1' }))).toMatch(/cursor/)
  })
})

describe('series', () => {
  it('of performance are what the samples say, bucket by bucket', async () => {
    const { call } = serve()
    for (const [index, accuracy] of [0.95, 0.7].entries())
      await storePets(world, park, day(index), { n: 240, seed: 40 + index, accuracy, labelled: true })
    const { buckets } = await call('performance.series', {
      ...{ deploymentId: park.deployment.id, window: { from: dawn, to: dawn + 3 * dayMs }, bucketMs: dayMs },
      metrics: ['accuracy', 'recall', 'f1', 'macroF1', 'mystery'],
    })
    expect(buckets.map(({ from, n, labelled }) => [from, n, labelled])).toEqual([
      [dawn, 240, 240],
      [dawn + dayMs, 240, 240],
    ])
    for (const [index, bucket] of buckets.entries()) {
      const table = await world.context.store.samples.table({ deploymentId: park.deployment.id, window: day(index) })
      const [predicted, label] = [table.prediction, table.label]
      if (predicted?.type !== 'categorical' || label?.type !== 'categorical') throw new Error('classes were expected')
      let right = 0
      let dogs = 0
      for (let row = 0; row < table.n; row += 1) {
        if (predicted.categories[predicted.codes[row]] === label.categories[label.codes[row]]) right += 1
        if (predicted.categories[predicted.codes[row]] === 'dog') dogs += 1
      }
      expect(bucket.metrics.accuracy.value).toBeCloseTo(right / table.n, 12)
      expect(bucket.metrics.accuracy.interval?.[0]).toBeLessThan(right / table.n)
      expect(bucket.predictedShares.dog).toBeCloseTo(dogs / table.n, 12)
    }
    expect(buckets[0].metrics.mystery).toMatchObject({ value: null, note: 'Profiles do not tell this number' })
    const tooFine = call('performance.series', {
      ...{ deploymentId: park.deployment.id, window: { from: dawn, to: dawn + 365 * dayMs }, bucketMs: hourMs },
      metrics: ['accuracy'],
    })
    expect(await refusal(tooFine)).toMatch(/more than 2000 buckets/)
  })

  it('of telemetry keep every peak, and devices are listed with how they are', async () => {
    const { call, monitoring } = serve()
    const at = (index: number) => dawn + index * 60_000
    const points = Array.from({ length: 1440 }, (_, index) => ({
      ...{ deviceId: park.device.id, channel: 'light', at: at(index) },
      // Stands still from noon on.
      value: index === 333 ? 9000 : index < 720 ? 100 + ((index * 37) % 50) : 119.5,
    }))
    await world.context.store.samples.append({
      samples: [],
      labels: [],
      telemetry: points,
      deadLetters: [],
      counters: [],
    })
    world.clock.at = day(0).to
    const [series] = await call('telemetry.series', {
      ...{ deviceId: park.device.id, channels: ['light'], window: day(0), maxPoints: 100 },
    })
    expect(series).toMatchObject({ channel: 'light', unit: 'lx', points: 1440, isDownsampled: true })
    expect(Math.max(...series.value)).toBe(9000)

    await monitoring.addDefaults(park.deviceTarget, ada)
    const [{ record }] = await call('monitors.list', { target: park.deviceTarget })
    await monitoring.runMonitor(record.id, day(0).to)
    const [{ health }] = (await call('devices.list', {})).items
    expect(health).toMatchObject({ headline: { status: 'breach' }, samplesLastDay: 1380, lastSeenAt: at(1439) })
    expect(health.headline.text).toMatch(/light/)
    const got = await call('devices.get', { id: park.device.id })
    expect(got.deployments).toEqual([{ id: park.deployment.id, name: 'Park' }])
    const timeline = await call('timeline.get', { deploymentId: park.deployment.id, window: day(0) })
    expect(timeline.spans).toContainEqual({
      ...{ kind: 'stuck', from: at(720), to: at(1439), title: 'light of camera-1 stuck' },
    })
    expect((await call('alerts.list', { states: ['open'], target: park.deviceTarget })).items[0].record.title).toBe(
      'Light is stuck on camera-1',
    )
  })

  it('devices are saved with sound channels, and new ones get their monitor', async () => {
    const { call } = serve()
    const channel = {
      name: 'heat',
      unit: '°C',
      range: [0, 80] as [number, number],
      limit: null,
      expectedEveryMs: null,
      stuckAfterMs: null,
    }
    const device = { key: 'box-2', name: 'Box 2', site: '', firmware: null, tags: [], channels: [channel] }
    const save = (changes: Partial<typeof device>, id: string | null = null, revision: number | null = null) =>
      call('devices.save', { id, revision, device: { ...device, ...changes } })
    expect(await refusal(save({ channels: [channel, channel] }))).toMatch(/heat/)
    expect(await refusal(save({ channels: [{ ...channel, range: [5, 5] }] }))).toMatch(/ends before it begins/)
    const saved = await save({})
    expect((await call('monitors.list', { target: { type: 'device', id: saved.record.id } })).length).toBe(1)
    expect(await refusal(save({ key: 'other' }, saved.record.id, 1))).toMatch(/cannot change/)
    expect(await refusal(save({ name: 'Again' }))).toMatch(/^conflict/)
    expect((await save({ name: 'Box two' }, saved.record.id, 1)).revision).toBe(2)
  })
})
