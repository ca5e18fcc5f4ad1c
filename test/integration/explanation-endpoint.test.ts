import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ColumnMapping, type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import type { Layer } from '../../src/demo/model/network.ts'
import { writeLinearClassifier, writeMlpClassifier } from '../../src/demo/model/onnx-writer.ts'
import { FRAME_SIZE, FRAME_VALUES } from '../../src/demo/park/frame.ts'
import { type OipServer, startOipServer } from '../../src/demo/server/oip-server.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { openTestConsole, type TestConsole } from '../support/console.ts'

/* A real console asks a real inference server about rows and pictures that nobody sent it before. */

const hour = 3_600_000
const names = ['light', 'co2', 'noise']
const classes = ['empty', 'occupied']
const begin = Date.now() - 4 * hour
let folder: string
let console: TestConsole
const servers: OipServer[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-endpoint-'))
  console = await openTestConsole()
}, 30_000)
afterAll(async () => {
  await console.close()
  for (const server of servers) await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** A model with its endpoint, a deployment, and samples from a file of text. */
async function deploy(
  key: string,
  onnx: Uint8Array,
  schema: SchemaSpec,
  text: string,
  columns: readonly ColumnMapping[],
) {
  const server = await startOipServer({
    ...{ modelName: key, onnxBytes: onnx, version: '1', adminToken: 'a-token-for-this-test', artifactFolder: folder },
  })
  servers.push(server)
  const modelId = (await console.call('models.create', { key, name: key, description: '', task: 'binary' })).record.id
  const nothing = { sourceRepository: null, sourceCommit: null, pipelineRun: null, trainingDatasetDigest: null }
  // The version keeps no file: only the endpoint can be asked.
  const version = await console.call('versions.register', {
    ...{ modelId, name: '1', referenceDatasetId: null, schema, artifacts: [] },
    lineage: {
      ...nothing,
      parameters: {},
      testDatasetDigest: null,
      referenceDatasetDigest: null,
      metricsAtTraining: {},
    },
  })
  const connection = await console.call('connections.save', {
    ...{ id: null, revision: null },
    connection: {
      ...{ key, name: key, isEnabled: true },
      config: {
        ...{ kind: 'endpoint', url: server.url, protocol: 'oip-v2', modelName: key, modelVersion: null },
        ...{ auth: { kind: 'none' }, timeoutMs: 10_000, probeEveryMs: 60_000 },
      },
    },
  })
  const deployment = await console.call('deployments.create', {
    ...{ key, name: key, modelId, versionId: version.record.id, environment: 'production' },
    ...{ endpointId: connection.record.id, deviceId: null, labelDelayMs: 0 },
    retention: { rawDays: 30, maxSamples: null, profileDays: 400 },
  })
  const deploymentId = deployment.record.id
  const digest = await console.upload(Buffer.from(text))
  const order = { digest, fileName: `${key}.csv`, deploymentId, columns: [...columns], what: 'samples' as const }
  await console.ended((await console.call('imports.samples', order)).jobId)
  return deploymentId
}
const column = (name: string, role: ColumnMapping['role'], type: ColumnMapping['type']): ColumnMapping => ({
  name,
  role,
  type,
})
const common = [
  column('id', 'id', 'categorical'),
  column('time', 'time', 'categorical'),
  column('prediction', 'prediction', 'categorical'),
]

describe('explanations by an endpoint', () => {
  it('tell what pushed a prediction and what decides, within a budget', async () => {
    const random = createRandom(3)
    const rows = Array.from({ length: 120 }, () => names.map(() => randomNormal(random)))
    const lines = rows.map(([light, co2, noise], i) =>
      [
        `s${i}`,
        new Date(begin + i * 60_000).toISOString(),
        2 * light - co2 > 0 ? 'occupied' : 'empty',
        light,
        co2,
        noise,
      ].join(','),
    )
    const deploymentId = await deploy(
      'room',
      writeLinearClassifier({
        weights: [
          [0, 0, 0],
          [2, -1, 0],
        ],
        bias: [0, 0],
        inputNames: names,
        classes,
      }),
      schemaSpec.parse({
        ...{ task: 'binary', classes, positiveClass: 'occupied' },
        columns: names.map((name) => ({ name, type: 'numeric', role: 'input' })),
      }),
      [['id', 'time', 'prediction', ...names].join(','), ...lines].join('\n'),
      [...common, ...names.map((name) => column(name, 'feature', 'numeric'))],
    )
    const { jobId } = await console.call('explanations.ask', { deploymentId, sampleId: 's3', what: 'contributions' })
    const { explanation } = await console.call('explanations.get', { id: (await console.ended(jobId)).result ?? '' })
    if (explanation.kind !== 'contributions') throw new Error('contributions were expected')
    expect(explanation).toMatchObject({ method: 'kernel', isExact: true, unit: 'probability', budgetRows: 20_000 })
    expect(explanation.askedRows).toBe(6 * 100 + 100 + 1)
    const { base, value, contributions } = explanation
    expect(base + contributions.reduce((sum, each) => sum + each.contribution, 0)).toBeCloseTo(value, 9)
    expect(contributions.at(-1)?.column).toBe('noise')
    expect(contributions.at(-1)?.contribution).toBeCloseTo(0, 9)

    const target = { type: 'deployment' as const, id: deploymentId }
    const window = { from: begin - hour, to: begin + 3 * hour }
    const asked = { kind: 'explanation' as const, target, window, parameters: { asks: 'endpoint', endpointRows: 5000 } }
    const report = (
      await console.call('reports.get', {
        id: (await console.ended((await console.call('reports.run', asked)).jobId)).result ?? '',
      })
    ).report
    if (report.detail.kind !== 'explanation') throw new Error('an explanation was expected')
    expect(report.detail.method).toBe('permutation-endpoint')
    expect(report.detail.importances[0].column).toBe('light')
    expect(report.detail.attribution?.askedRows).toBeLessThanOrEqual(5000 / 3)
    const poor = await console.call('reports.run', {
      ...asked,
      parameters: { asks: 'endpoint', endpointRows: 1000, columns: names },
    })
    await console.ended(poor.jobId)
  }, 30_000)

  it('show where in a picture its prediction lies', async () => {
    // One hidden unit that sees the brightness of the upper left quarter.
    const hidden: Layer = {
      inputs: FRAME_VALUES,
      outputs: 1,
      weights: new Float32Array(FRAME_VALUES),
      bias: new Float32Array(1),
    }
    const half = FRAME_SIZE / 2
    for (let y = 0; y < half; y++)
      for (let x = 0; x < half; x++)
        for (let c = 0; c < 3; c++) hidden.weights[(y * FRAME_SIZE + x) * 3 + c] = 6 / (half * half * 3)
    const last: Layer = { inputs: 1, outputs: 2, weights: Float32Array.of(-1, 1), bias: Float32Array.of(1.5, -1.5) }
    const pixels = new Uint8Array(FRAME_VALUES).fill(30)
    for (let y = 2; y < 10; y++)
      for (let x = 2; x < 10; x++) pixels.fill(255, (y * FRAME_SIZE + x) * 3, (y * FRAME_SIZE + x) * 3 + 3)
    const digest = await console.upload(
      encode({ width: FRAME_SIZE, height: FRAME_SIZE, data: pixels, depth: 8, channels: 3 }),
    )
    const deploymentId = await deploy(
      'cat-dog',
      writeMlpClassifier({ network: [hidden, last], inputName: 'frame', classes: ['cat', 'dog'] }),
      schemaSpec.parse({
        ...{ task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog' },
        columns: [{ name: 'frame', type: 'image', role: 'input' }],
      }),
      `id,time,prediction,frame\np1,${new Date(begin).toISOString()},dog,${digest}\n`,
      [...common, column('frame', 'feature', 'image')],
    )
    const { jobId } = await console.call('explanations.ask', { deploymentId, sampleId: 'p1', what: 'occlusion' })
    const { explanation } = await console.call('explanations.get', { id: (await console.ended(jobId)).result ?? '' })
    if (explanation.kind !== 'occlusion') throw new Error('an occlusion was expected')
    expect(explanation).toMatchObject({ columns: 16, rows: 16, askedRows: 257 })
    expect(explanation.sentence).toContain('covers its upper left')
    const best = explanation.losses.indexOf(Math.max(...explanation.losses))
    expect([best % 16, Math.floor(best / 16)].every((place) => place >= 1 && place <= 5)).toBe(true)
    expect(explanation.losses.at(-1)).toBeCloseTo(0, 2)
  }, 30_000)
})
