import { afterEach, describe, expect, it } from 'vitest'
import type { Monitor } from '../../src/contract/finding.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import { labelBiasParameters } from '../../src/contract/label-bias.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import { defaultDeploymentLimits } from '../../src/rules/default-limits.ts'
import { createDatasetHandlers } from '../../src/service/methods/datasets.ts'
import { createSampleHandlers } from '../../src/service/methods/samples.ts'
import { createSliceHandlers } from '../../src/service/methods/slices.ts'
import { defaultMonitors } from '../../src/service/monitoring/defaults.ts'
import { createMonitoring } from '../../src/service/monitoring/monitoring.ts'
import type { CallContext } from '../../src/service/rpc/handlers.ts'
import { createRandom, type Random, randomUniform } from '../../src/stats/random.ts'
import { createCleanUp } from './service-collection-room.ts'
import {
  addPark,
  addPerson,
  dawn,
  dayMs,
  openWorld,
  type Park,
  petSchema,
  type World,
} from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

async function open(): Promise<World> {
  const world = await openWorld()
  cleanUp.later(() => world.remove())
  cleanUp.later(() => world.close())
  return world
}

/** Predictions that are right as often at both gates, or less often in the north. */
async function storeDay({ context }: World, { deployment, version }: Park, day: number, right: number, random: Random) {
  const samples = Array.from({ length: 400 }, (_, index): IncomingSample => {
    const id = `${day}-${index}`
    const at = dawn + day * dayMs + index * 60_000
    const gate = index % 2 === 0 ? 'north' : 'south'
    const label = randomUniform(random) < 0.5 ? 'cat' : 'dog'
    const isRight = randomUniform(random) < (gate === 'north' ? right : 0.9)
    const prediction = isRight ? label : label === 'cat' ? 'dog' : 'cat'
    return {
      sample: {
        ...{ id, deploymentId: deployment.id, versionId: version.id, at, arrivedAt: at, prediction },
        ...{ inputs: { size: 1, light: 1, gate }, scores: null, latencyMs: null, deviceId: null, seq: null },
      },
      label: { sampleId: id, deploymentId: deployment.id, label, at, source: 'import' },
    }
  })
  await context.store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
}

async function addMonitor(world: World, { target }: Park, changes: Partial<Monitor> = {}): Promise<Monitor> {
  const monitor: Monitor = {
    ...{ id: world.context.newId('mon'), name: 'Fairness', kind: 'fairness', target, schedule: '0 0 * * *' },
    ...{ everyNewItems: null, windowMs: dayMs, delayMs: 0, reference: { kind: 'default' }, isEnabled: true },
    ...{ parameters: { groupColumns: ['gate'] }, createdAt: dawn - 100 * dayMs },
    ...changes,
  }
  await world.commit([{ kind: 'monitor', record: monitor, revision: null }])
  return monitor
}

describe('fairness over time', () => {
  it('is judged by schedule against limits, raises an alert where it persists, and gives a series of each measure', async () => {
    const world = await open()
    const park = await addPark(world)
    const monitoring = createMonitoring(world.context, world.collection, { schedule: () => () => undefined })
    cleanUp.later(() => monitoring.close())
    const monitor = await addMonitor(world, park)
    const random = createRandom(8)
    const days = [0.9, 0.9, 0.5, 0.5, 0.5]
    for (const [day, right] of days.entries()) {
      await storeDay(world, park, day, right, random)
      world.clock.at = dawn + (day + 1) * dayMs + 1000
      expect(await monitoring.runMonitor(monitor.id, dawn + (day + 1) * dayMs)).toMatch(/^rep_/)
    }
    const series = await world.context.store.findings.series({
      target: park.target,
      kind: 'fairness',
      subject: { metric: 'accuracyDifference', column: 'gate' },
      window: { from: dawn, to: dawn + 6 * dayMs },
    })
    const inOrder = [...series].sort((a, b) => a.window.to - b.window.to)
    expect(inOrder.map(({ status }) => status)).toEqual([
      expect.stringMatching(/ok|warning/),
      expect.stringMatching(/ok|warning/),
      'breach',
      'breach',
      'breach',
    ])
    expect(inOrder[4].value).toBeGreaterThan(0.25)
    expect(inOrder[4].limit).toMatchObject({ breach: 0.1, direction: 'above' })
    for (const { value, interval } of inOrder) {
      expect(interval?.[0]).toBeLessThanOrEqual(value ?? -1)
      expect(interval?.[1]).toBeGreaterThanOrEqual(value ?? 2)
    }
    const alerts = (await world.context.store.records.list('alert')).map(({ record }) => record)
    const alert = alerts.find(({ subject }) => subject.metric === 'accuracyDifference')
    expect(alert).toMatchObject({ kind: 'fairness', state: 'open', subject: { column: 'gate' } })
  })
})

describe('fairness of predicted numbers', () => {
  it('is asked of a regression by its monitor, judged by the limits that come with it, and kept as a report', async () => {
    const world = await open()
    const park = await addPark(world)
    const { context } = world
    const version = await context.store.records.get('version', park.version.id)
    const schema = { ...petSchema, task: 'regression' as const, classes: [], positiveClass: null }
    if (version === null) throw new Error('there is no version')
    await world.commit([{ kind: 'version', record: { ...version.record, schema }, revision: version.revision }])
    expect(
      defaultMonitors(park.target, { deployment: park.deployment, version: { ...version.record, schema } }),
    ).toContainEqual(expect.objectContaining({ kind: 'fairness' }))
    const random = createRandom(3)
    const samples = Array.from({ length: 600 }, (_, index): IncomingSample => {
      const at = dawn + index * 60_000
      const gate = index % 2 === 0 ? 'north' : 'south'
      const label = 100 * randomUniform(random)
      const prediction = label + (randomUniform(random) - 0.5) * (gate === 'north' ? 60 : 10)
      const id = `n${index}`
      return {
        sample: {
          ...{ id, deploymentId: park.deployment.id, versionId: park.version.id, at, arrivedAt: at, prediction },
          ...{ inputs: { size: 1, light: 1, gate }, scores: null, latencyMs: null, deviceId: null, seq: null },
        },
        label: { sampleId: id, deploymentId: park.deployment.id, label, at, source: 'import' },
      }
    })
    await context.store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
    const { limits } = defaultDeploymentLimits({ task: 'regression', referenceMetrics: null })
    expect(limits).toContainEqual(expect.objectContaining({ kind: 'fairness', subject: { metric: 'maeRatio' } }))
    const monitoring = createMonitoring(context, world.collection, { schedule: () => () => undefined })
    cleanUp.later(() => monitoring.close())
    const monitor = await addMonitor(world, park)
    world.clock.at = dawn + dayMs + 1000
    await monitoring.runMonitor(monitor.id, dawn + dayMs)
    const [stored] = await context.store.findings.series({
      target: park.target,
      kind: 'fairness',
      subject: { metric: 'maeRatio', column: 'gate' },
      window: { from: dawn, to: dawn + 2 * dayMs },
    })
    expect(stored).toMatchObject({ status: 'breach', unit: 'ratio', n: 600 })
    const kept = await context.store.findings.latestReport('fairness', park.target)
    const detail = kept?.report.detail
    expect(detail?.kind === 'fairness' && detail.frames?.[0].worst).toEqual({ gate: 'north' })
  })
})

describe('bias of the labels of a dataset', () => {
  const ask = async (world: World, park: Park, parameters: object, versionId = park.version.id) => {
    const handlers = createDatasetHandlers(world.context)
    return await handlers['datasets.labelBias'](
      {
        datasetId: park.version.referenceDatasetId ?? '',
        versionId,
        parameters: labelBiasParameters.parse(parameters),
      },
      { signal: new AbortController().signal } as CallContext,
    )
  }

  it('is told from the data in the workspace, by the classes of the version', async () => {
    const world = await open()
    const park = await addPark(world)
    const found = await ask(world, park, { groupColumns: ['gate'], targetShares: { cat: 0.5, dog: 0.5 } })
    expect(found.n).toBe(3000)
    expect(found.groups.map(({ group }) => group.gate).sort()).toEqual(['north', 'south'])
    expect(found.labels.map(({ className }) => className)).toEqual(['dog'])
    expect(found.classes.map(({ target }) => target)).toEqual([0.5, 0.5])
    await expect(ask(world, park, {}, 'ver_none')).rejects.toThrow(RpcError)
  })
})

describe('slices of errors', () => {
  const window = { from: dawn, to: dawn + 3 * dayMs }

  async function openPark() {
    const world = await open()
    const park = await addPark(world)
    const random = createRandom(3)
    for (const day of [0, 1, 2]) await storeDay(world, park, day, day === 2 ? 0.4 : 0.9, random)
    const caller = await addPerson(world)
    const context = { caller, signal: new AbortController().signal } as CallContext
    const handlers = createSliceHandlers(world.context)
    const cohort = {
      ...{ modelId: park.model.id, name: 'north', note: '', isFollowed: true },
      conditions: [{ column: 'gate', operator: 'in' as const, value: ['north'] }],
    }
    return { world, park, context, handlers, cohort }
  }

  it('are saved as cohorts, with an audit entry, and followed by day and by monitors', async () => {
    const { world, park, context, handlers, cohort } = await openPark()
    const saved = await handlers['cohorts.save']({ id: null, revision: null, cohort }, context)
    expect(await handlers['cohorts.list']({ modelId: park.model.id }, context)).toEqual([saved])
    const same = handlers['cohorts.save']({ id: null, revision: null, cohort }, context)
    await expect(same).rejects.toThrow('already has a cohort named north')

    const asked = { id: saved.record.id, deploymentId: park.deployment.id, window, bucketMs: dayMs }
    const { buckets } = await handlers['cohorts.series'](asked, context)
    expect(buckets.map(({ from, n }) => [from, n])).toEqual([0, 1, 2].map((day) => [dawn + day * dayMs, 200]))
    expect(buckets[0].errorRate.value).toBeLessThan(0.2)
    expect(buckets[2].errorRate).toMatchObject({ n: 200 })
    expect(buckets[2].errorRate.value).toBeGreaterThan(0.5)
    expect(buckets[2].rest.value).toBeLessThan(0.2)

    const monitoring = createMonitoring(world.context, world.collection, { schedule: () => () => undefined })
    cleanUp.later(() => monitoring.close())
    const monitor = await addMonitor(world, park, { kind: 'errors', name: 'Errors', parameters: {} })
    world.clock.at = dawn + 3 * dayMs + 1000
    expect(await monitoring.runMonitor(monitor.id, dawn + 3 * dayMs)).toMatch(/^rep_/)
    const findings = await world.context.store.findings.series({
      ...{ target: park.target, kind: 'errors', subject: { metric: 'cohortErrorRate', group: 'north' } },
      window: { from: dawn, to: dawn + 4 * dayMs },
    })
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatchObject({ n: 200, value: buckets[2].errorRate.value })

    const quiet = { ...cohort, isFollowed: false }
    const off = await handlers['cohorts.save']({ ...saved, id: saved.record.id, cohort: quiet }, context)
    expect(off).toMatchObject({ revision: 2, record: { id: saved.record.id, isFollowed: false } })
  })

  it('are mapped by two columns, and the samples nearest to a failure found', async () => {
    const { world, park, context, handlers } = await openPark()
    const deploymentId = park.deployment.id
    const map = await handlers['errors.heatMap']({ deploymentId, window, columns: ['gate', 'size'] }, context)
    expect(map.rows.map(({ name }) => name)).toEqual(['north', 'south'])
    expect(map.cells.map(({ n, status }) => [n, status])).toEqual([
      [600, 'warning'],
      [600, 'ok'],
    ])
    const none = await handlers['errors.heatMap']({ deploymentId, window, columns: ['gate', 'fog'] }, context)
    expect(none.reason).toContain('no column fog')

    const samples = createSampleHandlers(world.context)
    const { nearest, lookedAt } = await samples['samples.nearest'](
      { deploymentId, id: '2-0', window, count: 5 },
      context,
    )
    expect(lookedAt).toBe(1200)
    expect(nearest).toHaveLength(5)
    expect(nearest.map(({ sample, distance }) => [sample.inputs.gate, distance])).toEqual(
      Array.from({ length: 5 }, () => ['north', 0]),
    )
    expect(nearest.map(({ sample }) => sample.id)).not.toContain('2-0')
    for (const { sample, isRight } of nearest) expect(isRight).toBe(sample.label === sample.prediction)
  })
})
