import { afterEach, describe, expect, it } from 'vitest'
import { buildBinning } from '../../src/analysis/profile/binning.ts'
import { encodeTable } from '../../src/collect/dataset-codec.ts'
import type { Monitor } from '../../src/contract/finding.ts'
import type { IncomingSample } from '../../src/contract/intake.ts'
import type { Deployment, Version } from '../../src/contract/model.ts'
import type { DetailOf } from '../../src/contract/report.ts'
import { createMonitoring } from '../../src/service/monitoring/monitoring.ts'
import { createRandom, type Random, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { createCleanUp } from './service-collection-room.ts'
import {
  addPark,
  dawn,
  dayMs,
  drawPets,
  noLineage,
  openWorld,
  petSchema,
  tableOf,
  type World,
} from './service-monitoring-world.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const day = (index: number) => ({ from: dawn + index * dayMs, to: dawn + (index + 1) * dayMs })

/** A dog as likely as its score says, unless the world has turned: then as its score denies. */
function drawScored(random: Random, n: number, isTurned = false) {
  return drawPets({ n, seed: Math.floor(randomUniform(random) * 1e6) }).map((row) => {
    const score = 1 / (1 + Math.exp(-2 * randomNormal(random)))
    const chance = isTurned ? 0.5 : score
    return {
      ...row,
      score,
      label: randomUniform(random) < chance ? 'dog' : 'cat',
      prediction: score > 0.5 ? 'dog' : 'cat',
    }
  })
}

/** The park's model once more, with scores, against a reference that has some. */
async function addScored(world: World, random: Random) {
  const park = await addPark(world)
  const { store, newId } = world.context
  const rows = drawScored(random, 2000)
  const reference = { ...tableOf(rows), scores: new Map([['dog', Float64Array.from(rows, ({ score }) => score)]]) }
  const { digest } = await store.blobs.put(encodeTable(reference))
  const datasetId = newId('dat')
  const version: Version = {
    ...{
      id: newId('ver'),
      modelId: park.model.id,
      name: '2.0.0',
      artifacts: [],
      lineage: noLineage,
      schema: petSchema,
    },
    ...{ referenceDatasetId: datasetId, createdAt: dawn },
  }
  const deployment: Deployment = {
    ...park.deployment,
    ...{ id: newId('dep'), key: 'scored', versionId: version.id },
    history: [{ versionId: version.id, from: dawn, reason: 'first', releaseId: null }],
  }
  await store.profiles.setBinning(buildBinning(version.id, reference, petSchema))
  const dataset = {
    ...{ id: datasetId, name: 'With scores', modelId: park.model.id, role: 'reference' as const, digest },
    ...{ sourceDigest: null, rows: reference.n, columns: [], createdAt: dawn },
  }
  await world.commit([
    { kind: 'dataset', revision: null, record: dataset },
    { kind: 'version', record: version, revision: null },
    { kind: 'deployment', record: deployment, revision: null },
  ])
  const target = { type: 'deployment' as const, id: deployment.id }
  const monitor: Monitor = {
    ...{ id: newId('mon'), name: 'performance daily', kind: 'performance', target, schedule: '0 0 * * *' },
    ...{ everyNewItems: null, windowMs: dayMs, delayMs: 0, reference: { kind: 'default' }, parameters: {} },
    ...{ isEnabled: true, createdAt: dawn - 100 * dayMs },
  }
  await world.commit([{ kind: 'monitor', record: monitor, revision: null }])

  /** A day of samples without labels, and what to call to let the labels come. */
  async function live(index: number, isTurned = false) {
    const lived = drawScored(random, 600, isTurned)
    const ids = lived.map((_, row) => `day-${index}-${row}`)
    const samples = lived.map(({ score, prediction, size, light, gate }, row): IncomingSample => {
      const at = day(index).from + Math.floor((row * dayMs) / lived.length)
      const key = { id: ids[row], deploymentId: deployment.id, versionId: version.id, at, arrivedAt: at }
      const sample = { ...key, inputs: { size, light, gate }, prediction, scores: { dog: score } }
      return { sample: { ...sample, latencyMs: 5, deviceId: null, seq: null }, label: null }
    })
    const nothing = { samples: [], labels: [], telemetry: [], deadLetters: [], counters: [] }
    await store.samples.append({ ...nothing, samples })
    return async () => {
      const labels = lived.map(({ label }, row) => ({
        ...{ sampleId: ids[row], deploymentId: deployment.id, label, at: day(index).to, source: 'import' },
      }))
      await store.samples.append({ ...nothing, labels })
    }
  }
  return { target, monitor, live }
}

describe('estimates without labels, kept and scored', () => {
  it('are trusted while labels bear them out, and suspended when they do not', async () => {
    const clock = { at: dawn }
    const world = await openWorld({ clock })
    cleanUp.later(() => world.remove())
    cleanUp.later(() => world.close())
    const { target, monitor, live } = await addScored(world, createRandom(9))
    const monitoring = createMonitoring(world.context, world.collection, { schedule: () => () => {} })
    cleanUp.later(() => monitoring.close())
    const run = async (index: number): Promise<DetailOf<'performance'>['estimated']> => {
      clock.at = day(index).to + 1000
      await monitoring.runMonitor(monitor.id, day(index).to)
      const stored = await world.context.store.findings.latestReport('performance', target)
      if (stored?.report.detail.kind !== 'performance') throw new Error('a monitor of performance tells performance')
      expect(stored.report.headline.text).toContain('estimate')
      return stored.report.detail.estimated
    }

    const labelFirst = await live(0)
    const first = await run(0)
    expect(first).toMatchObject({ method: 'cbpe', isSuspended: false, ledger: { scored: 0 } })
    await labelFirst()
    const labelSecond = await live(1, true)
    const second = await run(1)
    expect(second).toMatchObject({ isSuspended: false, ledger: { scored: 1, agreed: 1 } })
    const [entry] = second?.ledger.entries ?? []
    expect(entry).toMatchObject({ window: day(0), estimated: first?.metrics.accuracy, agrees: true })
    expect(entry.realised.n).toBe(600)

    // From the second day on scores mean nothing, which no estimate can see until labels come.
    await labelSecond()
    const labelThird = await live(2, true)
    expect(await run(2)).toMatchObject({ isSuspended: false, ledger: { scored: 2, agreed: 1 } })
    await labelThird()
    await live(3, true)
    const fourth = await run(3)
    expect(fourth).toMatchObject({ isSuspended: true, ledger: { scored: 3, agreed: 1 } })
    expect(fourth?.ledger.bias.value).toBeGreaterThan(0.1)
    const latest = await world.context.store.findings.latest(target)
    expect(latest.find(({ subject }) => subject.metric === 'estimatedAccuracy')).toMatchObject({
      status: 'insufficient',
      window: day(3),
    })
  })
})
