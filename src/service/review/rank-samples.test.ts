import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, type TestStore } from '../../../test/support/test-store.ts'
import type { Deployment, Version } from '../../contract/model.ts'
import type { Sample } from '../../contract/sample.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import { draftOf } from '../session/commit.ts'
import { rankSamples } from './rank-samples.ts'

const lineage: Version['lineage'] = {
  ...{ sourceRepository: null, sourceCommit: null, pipelineRun: null, parameters: {}, metricsAtTraining: {} },
  ...{ trainingDatasetDigest: null, testDatasetDigest: null, referenceDatasetDigest: null },
}
const version: Version = {
  ...{ id: 'ver_1', modelId: 'mdl_1', name: '1', artifacts: [], lineage, referenceDatasetId: null, createdAt: 0 },
  schema: {
    ...{ task: 'multiclass', classes: ['a', 'b', 'c'], positiveClass: null },
    columns: [
      { name: 't', type: 'numeric', role: 'input', isGroup: false, isRequired: true },
      { name: 'colour', type: 'categorical', role: 'input', isGroup: false, isRequired: true },
    ],
  },
}
const deployment: Deployment = {
  ...{ id: 'dep_1', key: 'd', name: 'D', modelId: 'mdl_1', versionId: 'ver_1', environment: 'production' },
  ...{ endpointId: null, deviceId: null, labelDelayMs: 0, history: [], createdAt: 0 },
  retention: { rawDays: 30, maxSamples: null, profileDays: 30 },
}

describe('samples worth a look', () => {
  let opened: TestStore
  const window = { from: 0, to: 1_000_000 }
  const rank = (strategy: 'uncertain' | 'unusual' | 'random', limit = 3, seed = 'monday') =>
    rankSamples({ store: opened.store }, { deploymentId: 'dep_1', window, strategy, limit, seed })
  const idsOf = async (ranked: ReturnType<typeof rank>) => (await ranked).map(({ id }) => id)

  beforeEach(async () => {
    opened = await openTestStore()
    const model = { id: 'mdl_1', key: 'm', name: 'M', description: '', task: 'multiclass' as const, createdAt: 0 }
    await opened.store.records.commit(
      [
        { kind: 'model', record: model, revision: null },
        { kind: 'version', record: version, revision: null },
        { kind: 'deployment', record: deployment, revision: null },
      ],
      draftOf(systemCaller, 0, { action: 'test' }),
    )
  })
  afterEach(() => opened.dispose())

  async function store(samples: readonly (Partial<Sample> & { id: string; label?: string })[]) {
    await opened.store.samples.append({
      samples: samples.map(({ label, ...more }, index) => ({
        sample: {
          ...{ deploymentId: 'dep_1', versionId: 'ver_1', at: index, arrivedAt: index, prediction: 'a' },
          ...{ inputs: { t: 1, colour: 'red' }, scores: null, latencyMs: null, deviceId: null, seq: null },
          ...more,
        },
        label:
          label === undefined ? null : { sampleId: more.id, deploymentId: 'dep_1', label, at: index, source: 'mqtt' },
      })),
      ...{ labels: [], telemetry: [], deadLetters: [], counters: [] },
    })
  }

  it('are the least decided ones, never those that have a label', async () => {
    await store([
      { id: 'sure', scores: { a: 0.9, b: 0.05, c: 0.05 } },
      { id: 'torn', scores: { a: 0.42, b: 0.4, c: 0.18 } },
      { id: 'leaning', scores: { a: 0.3, b: 0.6, c: 0.1 } },
      { id: 'labelled', scores: { a: 0.34, b: 0.33, c: 0.33 }, label: 'a' },
      { id: 'silent' },
    ])
    const ranked = await rank('uncertain')
    expect(ranked.map(({ id }) => id)).toEqual(['torn', 'leaning', 'sure'])
    expect(ranked[0].reason).toBe('Undecided between a (0.42) and b (0.40)')
  })

  it('are those furthest outside of the reference', async () => {
    await store([
      { id: 'usual', inputs: { t: 15, colour: 'red' } },
      { id: 'hot', inputs: { t: 40, colour: 'red' } },
      { id: 'cold', inputs: { t: 5, colour: 'blue' } },
      { id: 'odd', inputs: { t: 15, colour: 'pink' } },
      { id: 'empty', inputs: { t: null, colour: null } },
    ])
    expect(
      (await rank('unusual')).every(({ reason }) => reason === 'Drawn at random: the version has no reference'),
    ).toBe(true)
    await opened.store.profiles.setBinning({
      versionId: 'ver_1',
      numeric: { t: { shift: 15, edges: [10, 12, 18, 20] } },
      categorical: { colour: ['red', 'blue'], prediction: ['a', 'b', 'c'] },
      ...{ ranges: {}, groups: [], omitted: [] },
    })
    expect(await rank('unusual', 10)).toEqual([
      { id: 'hot', reason: expect.stringMatching(/^t is 40, above what is usual in the reference \(10 to 20\)$/) },
      { id: 'odd', reason: 'colour is “pink”, which the reference does not have' },
      { id: 'cold', reason: expect.stringMatching(/^t is 5, below/) },
    ])
  })

  it('are drawn at random evenly, the same all day and others the next', async () => {
    await store(Array.from({ length: 400 }, (_, index) => ({ id: `s${index}` })))
    const monday = await idsOf(rank('random', 100))
    expect(await idsOf(rank('random', 100))).toEqual(monday)
    expect(await idsOf(rank('random', 100, 'tuesday'))).not.toEqual(monday)
    expect(new Set(monday).size).toBe(100)
    // Old and new ones alike: the mean place of a hundred of four hundred lies within five standard errors of the middle.
    const mean = monday.reduce((sum, id) => sum + Number(id.slice(1)), 0) / monday.length
    expect(Math.abs(mean - 199.5)).toBeLessThan(5 * (115.5 / 10) * Math.sqrt(0.75))
    expect((await rank('uncertain', 1))[0].reason).toBe('Drawn at random: no scores are recorded')
  })
})
