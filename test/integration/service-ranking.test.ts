import { afterEach, describe, expect, it } from 'vitest'
import type { IncomingSample } from '../../src/contract/intake.ts'
import { type Model, type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { RpcError } from '../../src/contract/rpc.ts'
import { requireSoundSchema } from '../../src/service/models/check-schema.ts'
import { defaultMonitors } from '../../src/service/monitoring/defaults.ts'
import { createMonitoring } from '../../src/service/monitoring/monitoring.ts'
import { createRandom, randomInteger, randomNormal } from '../../src/stats/random.ts'
import { createCleanUp } from './service-collection-room.ts'
import { addPark, dawn, dayMs, openWorld } from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const schema: SchemaSpec = schemaSpec.parse({
  task: 'regression',
  classes: [],
  positiveClass: null,
  columns: [
    { name: 'size', type: 'numeric', role: 'input' },
    { name: 'search', type: 'categorical', role: 'context' },
  ],
  ranking: { queryColumn: 'search', k: [5] },
})

describe('a model that ranks', () => {
  it('has a schema that names its lists by a column that it does not see', () => {
    const model = { name: 'Search', task: 'regression' } as Model
    expect(() => requireSoundSchema(schema, model)).not.toThrow()
    const refused = (changes: Partial<SchemaSpec>) => {
      try {
        requireSoundSchema({ ...schema, ...changes }, { ...model, task: changes.task ?? 'regression' })
      } catch (error) {
        return error instanceof RpcError ? error.message : String(error)
      }
      return null
    }
    expect(refused({ ranking: { queryColumn: 'list', k: [5] } })).toContain('no column “list”')
    expect(refused({ ranking: { queryColumn: 'size', k: [5] } })).toContain('is an input')
    expect(refused({ task: 'binary', classes: ['a', 'b'] })).toContain('must be a regression')
  })

  it('is judged by its lists on schedule, and asked nothing that a ranking has no answer to', async () => {
    const world = await openWorld()
    cleanUp.later(() => world.remove())
    cleanUp.later(() => world.close())
    const park = await addPark(world)
    const { context } = world
    const version = await context.store.records.get('version', park.version.id)
    if (version === null) throw new Error('there is no version')
    const record = { ...version.record, schema, referenceDatasetId: null }
    await world.commit([{ kind: 'version', record, revision: version.revision }])
    const kinds = defaultMonitors(park.target, { deployment: park.deployment, version: record }).map(({ kind }) => kind)
    expect(kinds).toContain('performance')
    expect(kinds).not.toContain('errors')
    expect(kinds).not.toContain('fairness')
    const random = createRandom(6)
    const samples = Array.from({ length: 600 }, (_, index): IncomingSample => {
      const at = dawn + index * 60_000
      const label = randomInteger(random, 3)
      const id = `r${index}`
      return {
        sample: {
          ...{ id, deploymentId: park.deployment.id, versionId: park.version.id, at, arrivedAt: at },
          ...{ prediction: label + randomNormal(random), inputs: { size: 1, search: `s${Math.floor(index / 10)}` } },
          ...{ scores: null, latencyMs: null, deviceId: null, seq: null },
        },
        label: { sampleId: id, deploymentId: park.deployment.id, label, at, source: 'import' },
      }
    })
    await context.store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
    const monitoring = createMonitoring(context, world.collection, { schedule: () => () => undefined })
    cleanUp.later(() => monitoring.close())
    const monitorOf = async (kind: 'performance' | 'errors') => {
      const monitor = {
        ...{ id: context.newId('mon'), name: kind, kind, target: park.target, schedule: '0 0 * * *' },
        ...{ everyNewItems: null, windowMs: dayMs, delayMs: 0, reference: { kind: 'default' as const } },
        ...{ isEnabled: true, parameters: {}, createdAt: dawn - dayMs },
      }
      await world.commit([{ kind: 'monitor', record: monitor, revision: null }])
      return monitor
    }
    world.clock.at = dawn + dayMs + 1000
    const monitor = await monitorOf('performance')
    await monitoring.runMonitor(monitor.id, dawn + dayMs)
    const kept = await context.store.findings.latestReport('performance', park.target)
    const detail = kept?.report.detail
    if (detail?.kind !== 'performance') throw new Error('performance was not judged')
    expect(detail.ranking).toMatchObject({ queryColumn: 'search', queries: 60 })
    expect(detail.metrics['ndcg@5'].interval).not.toBeNull()
    const [found] = await context.store.findings.series({
      target: park.target,
      kind: 'performance',
      subject: { metric: 'ndcg@5' },
      window: { from: dawn, to: dawn + 2 * dayMs },
    })
    expect(found).toMatchObject({ n: detail.metrics['ndcg@5'].n, status: 'ok' })
  })
})
