import { afterEach, describe, expect, it } from 'vitest'
import type { EndpointConfig } from '../../src/contract/connection.ts'
import {
  type DoubleOptions,
  type ModelDouble,
  startMlflow,
  startOwnJson,
  startTfServing,
  startTorchServe,
} from '../support/model-doubles.ts'
import { type Bench, gates, openBench } from './service-releases-bench.ts'
import { classes } from './service-releases-world.ts'

/* Release tests against servers that speak something else than the Open Inference Protocol. */

const undo: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** The model of the world's newer version: the same numbers, whatever the protocol. */
const tilt = 0.05
const model = (version: string): DoubleOptions => ({
  ...{ modelName: 'cat-dog', version, names: ['size', 'weight'], classes: classes as [string, string] },
  score: ([size, weight]) => 1 / (1 + Math.exp(-(2 * (1 - tilt) * Number(size) + 2 * (1 + tilt) * Number(weight)))),
})

/** Puts another server behind the test deployment, and has version 2.0 called as that server numbers it. */
async function serveBy(bench: Bench, double: ModelDouble, name: string, config: Partial<EndpointConfig>) {
  undo.push(() => double.close())
  const { records, write } = bench.world
  const connection = await records.get('connection', 'con_test')
  const version = await records.get('version', 'ver_2')
  if (connection?.record.config.kind !== 'endpoint' || version === null) throw new Error('no endpoint to change')
  await write(
    [
      {
        kind: 'connection',
        record: { ...connection.record, config: { ...connection.record.config, url: double.url, ...config } },
        revision: connection.revision,
      },
      { kind: 'version', record: { ...version.record, name }, revision: version.revision },
    ],
    'test.serveBy',
  )
}

async function runOn(double: ModelDouble, name: string, config: Partial<EndpointConfig>) {
  const bench = await openBench()
  undo.push(() => bench.close())
  const theirs = await measure(bench)
  await serveBy(bench, double, name, config)
  const { record } = await bench.submit('olga', { gates })
  const run = await bench.test(record.id)
  const gate = (id: string) => run.gates.find(({ gateId }) => gateId === id)
  return { run, gate, theirs }
}

/** What the world's own server comes to. */
async function measure(bench: Bench) {
  const { record } = await bench.submit('olga', { gates: gates.filter(({ kind }) => kind !== 'latency') })
  const run = await bench.test(record.id)
  await bench.methods['releases.withdraw'](
    { id: record.id, revision: (await bench.get(record.id)).release.revision, reason: 'only to compare' },
    bench.world.as('olga'),
  )
  return new Map(run.gates.map(({ gateId, measured }) => [gateId, measured.value]))
}

const ownJson: Partial<EndpointConfig> = {
  ...{ protocol: 'json', modelVersion: '2.0' },
  template: {
    ...{ path: '/v3/score', body: '{"features": {{row}}}', readyPath: '/healthz' },
    ...{ outputPath: 'result.class', scoresPath: 'result.confidence' },
  },
}

describe('release tests', () => {
  it('run against TensorFlow Serving, which has no word for a missing input', async () => {
    const double = await startTfServing(model('2'))
    const { run, gate, theirs } = await runOn(double, '2', { protocol: 'tf-serving' })
    expect(run.problem).toBeNull()
    const rest = run.gates.filter(({ gateId }) => gateId !== 'missing-inputs')
    expect(rest.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
    for (const id of ['accuracy', 'recall', 'worst-slice', 'small-noise'])
      expect(gate(id)?.measured.value).toBe(theirs.get(id))
    expect(gate('missing-inputs')).toMatchObject({ outcome: 'insufficient', measured: { value: null, n: 0 } })
    expect(gate('missing-inputs')?.message).toMatch(/cannot be asked.*no null/)
    expect(double.asked[0]).toEqual({ instances: expect.arrayContaining([[expect.any(Number), expect.any(Number)]]) })
  }, 60_000)

  it.each<[string, (options: DoubleOptions) => Promise<ModelDouble>, Partial<EndpointConfig>]>([
    ['MLflow, which answers classes alone', startMlflow, { protocol: 'mlflow', modelVersion: '2.0' }],
    ['TorchServe', startTorchServe, { protocol: 'torchserve', modelVersion: '2.0' }],
    ['a service with JSON of its own, a request a row', startOwnJson, ownJson],
  ])(
    'run against %s',
    async (_, start, config) => {
      const double = await start(model('2.0'))
      const { run, gate, theirs } = await runOn(double, '2.0', config)
      expect(run).toMatchObject({ state: 'passed', problem: null })
      expect(run.gates.filter(({ outcome }) => outcome !== 'passed')).toEqual([])
      for (const id of ['accuracy', 'recall', 'worst-slice', 'small-noise'])
        expect(gate(id)?.measured.value).toBe(theirs.get(id))
      expect(double.asked.length).toBeGreaterThan(60)
    },
    60_000,
  )

  it('do not begin where nobody says which version it is', async () => {
    const double = await startMlflow(model('2.0'))
    await expect(runOn(double, '2.0', { protocol: 'mlflow', modelVersion: null })).rejects.toThrow(
      /cannot say which version it serves: name the version in the connection/,
    )
  }, 60_000)
})
