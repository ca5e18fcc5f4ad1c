import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EndpointConfig } from '../../src/contract/connection.ts'
import { type ColumnMapping, schemaSpec } from '../../src/contract/model.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { openTestConsole, type TestConsole } from '../support/console.ts'
import {
  type DoubleOptions,
  type ModelDouble,
  startMlflow,
  startOwnJson,
  startTfServing,
} from '../support/model-doubles.ts'
import { noLineage, roomDeployment } from './service-collection-room.ts'

/* The endpoint's explanation of servers that speak something else than the Open Inference Protocol. */

const hour = 3_600_000
const names = ['light', 'co2', 'noise']
const classes = ['empty', 'occupied'] as const
const begin = Date.now() - 4 * hour
const probability = (row: readonly (number | null)[]) => 1 / (1 + Math.exp(-(2 * Number(row[0]) - Number(row[1]))))
let console: TestConsole
const doubles: ModelDouble[] = []

beforeAll(async () => {
  console = await openTestConsole()
}, 60_000)
afterAll(async () => {
  await console.close()
  for (const double of doubles) await double.close()
})

const column = (name: string, role: ColumnMapping['role'], type: ColumnMapping['type']): ColumnMapping => ({
  name,
  role,
  type,
})

/** A model behind `double`, with 80 samples; returns the deployment's id. */
async function deploy(key: string, double: ModelDouble, config: Partial<EndpointConfig>): Promise<string> {
  doubles.push(double)
  const random = createRandom(3)
  const lines = Array.from({ length: 80 }, (_, i) => {
    const row = names.map(() => randomNormal(random))
    const time = new Date(begin + i * 60_000).toISOString()
    return [`s${i}`, time, classes[Number(probability(row) >= 0.5)], ...row].join(',')
  })
  const schema = schemaSpec.parse({
    ...{ task: 'binary', classes, positiveClass: 'occupied' },
    columns: names.map((name) => ({ name, type: 'numeric', role: 'input' })),
  })
  const model = await console.call('models.create', { key, name: key, description: '', task: 'binary' })
  const version = await console.call('versions.register', {
    ...{ modelId: model.record.id, name: '1', lineage: noLineage, schema, referenceDatasetId: null, artifacts: [] },
  })
  const connection = await console.call('connections.save', {
    ...{ id: null, revision: null },
    connection: {
      ...{ key, name: key, isEnabled: true },
      config: {
        ...{ kind: 'endpoint', url: double.url, protocol: 'json', modelName: 'room', modelVersion: '1' },
        ...{ auth: { kind: 'none' }, timeoutMs: 10_000, probeEveryMs: 60_000 },
        ...config,
      },
    },
  })
  const deployment = await console.call('deployments.create', {
    ...roomDeployment(model.record.id, version.record.id),
    ...{ key, name: key, endpointId: connection.record.id },
  })
  const deploymentId = deployment.record.id
  const digest = await console.upload(
    Buffer.from([['id', 'time', 'prediction', ...names].join(','), ...lines].join('\n')),
  )
  const columns = [
    column('id', 'id', 'categorical'),
    column('time', 'time', 'categorical'),
    column('prediction', 'prediction', 'categorical'),
    ...names.map((name) => column(name, 'feature', 'numeric')),
  ]
  const order = { digest, fileName: `${key}.csv`, deploymentId, columns, what: 'samples' as const }
  await console.ended((await console.call('imports.samples', order)).jobId)
  return deploymentId
}

const model: DoubleOptions = { modelName: 'room', version: '1', names, classes: [...classes], score: probability }

describe('explanations by an endpoint', () => {
  it.each([
    ['TensorFlow Serving', 'tf', startTfServing, { protocol: 'tf-serving', modelVersion: null }],
    ['MLflow, which answers classes alone', 'mlflow', startMlflow, { protocol: 'mlflow' }],
    [
      'JSON of its own, a request a row',
      'json',
      startOwnJson,
      {
        protocol: 'json',
        template: {
          ...{ path: '/v3/score', body: '{"features": {{row}}}', readyPath: '/healthz' },
          ...{ outputPath: 'result.class', scoresPath: 'result.confidence' },
        },
      },
    ],
  ] as const)(
    'of %s tell what pushed a prediction and what decides',
    async (_, key, start, config) => {
      const double = await start(model)
      const deploymentId = await deploy(key, double, config)
      const { jobId } = await console.call('explanations.ask', { deploymentId, sampleId: 's3', what: 'contributions' })
      const { explanation } = await console.call('explanations.get', { id: (await console.ended(jobId)).result ?? '' })
      if (explanation.kind !== 'contributions') throw new Error('contributions were expected')
      const { base, value, contributions } = explanation
      expect(explanation).toMatchObject({ isExact: true, unit: 'probability' })
      expect(base + contributions.reduce((sum, each) => sum + each.contribution, 0)).toBeCloseTo(value, 9)
      expect(contributions.find((each) => each.column === 'noise')?.contribution).toBeCloseTo(0, 9)

      const target = { type: 'deployment' as const, id: deploymentId }
      const asked = {
        ...{ kind: 'explanation' as const, target, window: { from: begin - hour, to: begin + 3 * hour } },
        parameters: { asks: 'endpoint', endpointRows: 1200 },
      }
      const { result } = await console.ended((await console.call('reports.run', asked)).jobId)
      const { report } = await console.call('reports.get', { id: result ?? '' })
      if (report.detail.kind !== 'explanation') throw new Error('an explanation was expected')
      expect(report.detail.method).toBe('permutation-endpoint')
      expect(report.detail.importances[0].column).toBe('light')
      expect(double.asked.length).toBeGreaterThan(3)
    },
    60_000,
  )
})
