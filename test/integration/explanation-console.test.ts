import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schemaSpec } from '../../src/contract/model.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { openTestConsole, type TestConsole } from '../support/console.ts'
import { callerWith } from '../support/rpc.ts'

const hour = 3_600_000
const names = ['light', 'co2', 'noise']
const classes = ['empty', 'occupied']
const begin = Date.now() - 20 * hour

let console: TestConsole
let deploymentId: string

/** A room whose model looks at light (weight 2), less at carbon dioxide, and not at noise. */
beforeAll(async () => {
  console = await openTestConsole()
  const modelId = (await console.call('models.create', { key: 'room', name: 'Room', description: '', task: 'binary' }))
    .record.id
  const random = createRandom(9)
  const rows = Array.from({ length: 600 }, () => names.map(() => randomNormal(random)))
  const answerOf = ([light, co2]: number[]) => (2 * light - co2 > 0 ? 'occupied' : 'empty')
  const lines = rows.map((row, i) =>
    [`s${i}`, new Date(begin + i * 60_000).toISOString(), ...row, answerOf(row), answerOf(row)].join(','),
  )
  const header = ['id', 'time', ...names, 'prediction', 'label'].join(',')
  const text = [header, ...lines].join('\n')
  const upload = async (what: string) => {
    const digest = await console.upload(Buffer.from(text))
    const fileName = `${what}.csv`
    const { columns } = await console.call('imports.preview', { digest, fileName, modelId })
    return { digest, fileName, columns }
  }
  const imported = await console.call('imports.dataset', {
    ...(await upload('reference')),
    modelId,
    name: 'Reference',
    role: 'reference',
  })
  const referenceDatasetId = (await console.ended(imported.jobId)).result
  const onnx = writeLinearClassifier({
    ...{
      weights: [
        [0, 0, 0],
        [2, -1, 0],
      ],
      bias: [0, 0],
      inputNames: names,
      classes,
    },
  })
  const nothing = { sourceRepository: null, sourceCommit: null, pipelineRun: null, trainingDatasetDigest: null }
  const version = await console.call('versions.register', {
    ...{ modelId, name: '1', referenceDatasetId },
    schema: schemaSpec.parse({
      ...{ task: 'binary', classes, positiveClass: 'occupied' },
      columns: names.map((name) => ({
        name,
        type: 'numeric',
        role: 'input',
        ...(name === 'light' ? { unit: 'lx' } : {}),
      })),
    }),
    artifacts: [{ name: 'model.onnx', digest: await console.upload(onnx), mediaType: 'application/octet-stream' }],
    lineage: {
      ...nothing,
      parameters: {},
      testDatasetDigest: null,
      referenceDatasetDigest: null,
      metricsAtTraining: {},
    },
  })
  const deployment = await console.call('deployments.create', {
    ...{ key: 'room', name: 'Room', modelId, versionId: version.record.id, environment: 'production' },
    ...{ endpointId: null, deviceId: null, labelDelayMs: 0 },
    retention: { rawDays: 30, maxSamples: null, profileDays: 400 },
  })
  deploymentId = deployment.record.id
  const stored = await console.call('imports.samples', { ...(await upload('samples')), deploymentId, what: 'samples' })
  await console.ended(stored.jobId)
}, 60_000)
afterAll(() => console.close())

describe('explanations in the console', () => {
  it('tell importance, contributions and dependence of the registered model', async () => {
    const window = { from: begin - hour, to: begin + 11 * hour }
    const target = { type: 'deployment' as const, id: deploymentId }
    const { jobId } = await console.call('reports.run', {
      kind: 'explanation',
      target,
      window,
      parameters: { repeats: 2 },
    })
    const { result } = await console.ended(jobId)
    const { report } = await console.call('reports.get', { id: result ?? '' })
    if (report.detail.kind !== 'explanation') throw new Error('an explanation was expected')
    const { method, importances, attribution, dependence, attributionDrift, envelope, remarks } = report.detail
    expect(method).toBe('permutation-onnx')
    expect(importances.map(({ column }) => column)).toEqual(names)
    expect(importances[2].importance.value).toBe(0)
    expect(attribution).toMatchObject({
      method: 'linear',
      isExact: true,
      unit: 'log-odds',
      output: 'occupied',
      rows: 200,
    })
    expect(attribution?.columns.map(({ column }) => column)).toEqual(names)
    expect(attribution?.columns[0].direction).toBeGreaterThan(0.99)
    expect(dependence?.columns[0].mean.at(-1)).toBeGreaterThan(0.9)
    expect(attributionDrift).toMatchObject({ status: 'ok', pValue: expect.any(Number) })
    expect(attributionDrift?.ndcg.value).toBeGreaterThan(0.99)
    expect(envelope).toMatchObject({ status: 'ok', columns: names })
    // Ten hours of samples are too few spans to compare.
    expect(remarks).toEqual([expect.stringContaining('Which drifts go with a fall in performance cannot be said')])
    const metrics = new Set(report.findings.map(({ subject }) => subject.metric))
    expect([...metrics]).toEqual(['importance', 'attributionNdcg', 'outOfEnvelopeShare'])
    expect(report.reference).not.toBeNull()
  })

  it('say what pushed one prediction, once asked, with one entry in the log', async () => {
    const before = (await console.call('audit.list', { limit: 1 })).items[0].entry.index
    const { jobId } = await console.call('explanations.ask', { deploymentId, sampleId: 's3', what: 'contributions' })
    const { result } = await console.ended(jobId)
    const { sampleId, explanation } = await console.call('explanations.get', { id: result ?? '' })
    expect(sampleId).toBe('s3')
    if (explanation.kind !== 'contributions') throw new Error('contributions were expected')
    const { base, value, contributions } = explanation
    expect(base + contributions.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(value, 9)
    expect(contributions.find(({ column }) => column === 'light')?.sentence).toMatch(
      /^light -?\d\S* lx pushed (towards|away from) occupied by [+−]\d/,
    )
    const entries = (await console.call('audit.list', { limit: 2 })).items.map(({ entry }) => entry)
    expect(entries).toMatchObject([
      { index: before + 2, action: 'explanations.keep', subject: { kind: 'explanation', id: result } },
      { index: before + 1, action: 'explanations.ask', details: { sampleId: 's3' } },
    ])
    const [known, ...more] = await console.call('explanations.list', { deploymentId, sampleId: 's3' })
    expect(more).toEqual([])
    expect(known).toMatchObject({
      versionName: '1',
      kept: { id: result, what: 'contributions', asks: 'auto', explanation },
    })
    expect(known.kept.engine).toMatch(/^assay-analysis/)
    expect(await console.call('explanations.list', { deploymentId, sampleId: 's4' })).toEqual([])
  })

  it('find what would have changed a prediction', async () => {
    const { jobId } = await console.call('explanations.ask', {
      deploymentId,
      sampleId: 's3',
      what: 'counterfactuals',
    })
    const { explanation } = await console.call('explanations.get', { id: (await console.ended(jobId)).result ?? '' })
    if (explanation.kind !== 'counterfactuals') throw new Error('counterfactuals were expected')
    expect(explanation.found.length).toBeGreaterThan(0)
    expect(explanation.found[0].prediction).not.toBe(explanation.prediction)
    expect(explanation.found.flatMap(({ changes }) => changes.map(({ column }) => column))).not.toContain('noise')
  })

  it('place a sample in the reference', async () => {
    const { envelope, reason } = await console.call('explanations.envelope', { deploymentId, sampleId: 's3' })
    expect(reason).toBeNull()
    // The reference holds this very sample.
    expect(envelope?.pValue).toBeGreaterThan(0.01)
    expect(envelope?.sentence).toMatch(/^(Within|At the edge of) what the reference shows/)
    expect(await console.call('explanations.envelope', { deploymentId, sampleId: 'gone' })).toMatchObject({
      envelope: null,
      reason: expect.stringContaining('no such sample'),
    })
  })

  it('are refused to who may not ask, and where there is nothing to ask about', async () => {
    const question = { deploymentId, sampleId: 's3', what: 'contributions' as const }
    await expect(console.call('explanations.ask', question, callerWith('viewer'))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(console.call('explanations.ask', { ...question, sampleId: 'nobody' })).rejects.toMatchObject({
      code: 'not-found',
    })
    await expect(console.call('explanations.get', { id: 'exp_gone' })).rejects.toMatchObject({ code: 'not-found' })
    const { jobId } = await console.call('explanations.ask', { ...question, asks: 'endpoint' })
    await expect(console.ended(jobId)).rejects.toThrow('Room has no endpoint through which it could be asked')
  })
})
