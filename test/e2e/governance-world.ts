import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reply, startServer } from '../../src/act/testing/http-server.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import type { Role } from '../../src/contract/user.ts'
import { startOipServer } from '../../src/demo/server/oip-server.ts'
import { drawRows, linearModel, schema as releaseSchema } from '../integration/service-releases-world.ts'
import { buildPage } from '../support/build-page.ts'
import { openTestConsole } from '../support/console.ts'

export const password = 'correct horse battery'
export const people: { login: string; name: string; roles: Role[] }[] = [
  { login: 'oriol', name: 'Oriol', roles: ['operator'] },
  { login: 'quim', name: 'Quim', roles: ['qa-expert'] },
  { login: 'paula', name: 'Paula', roles: ['product-owner'] },
  { login: 'vera', name: 'Vera', roles: ['viewer'] },
]

const schema: SchemaSpec = releaseSchema

/** The rows as a person would have them in a file. */
function csvOf({ n, columns, label }: SampleTable): string {
  const column = (name: string, row: number) => {
    const found = columns.get(name)
    if (found === undefined) throw new Error(`There is no column ${name}`)
    return found.type === 'numeric' ? String(found.values[row]) : found.categories[found.codes[row]]
  }
  const lines = Array.from({ length: n }, (_, row) =>
    [
      column('size', row),
      column('weight', row),
      column('gate', row),
      label?.type === 'categorical' ? label.categories[label.codes[row]] : '',
    ].join(','),
  )
  return `size,weight,gate,label\n${lines.join('\n')}\n`
}

/** A console with people, a model of two versions on real inference servers, and a deploy step that switches the real one. */
export async function createGovernanceWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'assay-governance-'))
  await buildPage(join(folder, 'page'))
  const console = await openTestConsole({ staticRoot: join(folder, 'page') })
  const { call } = console
  for (const { login, name, roles } of people) await call('users.create', { login, name, roles, password })

  const old = linearModel(0.6)
  const next = linearModel(0.05)
  const production = await startOipServer({ modelName: 'cat-dog', version: '1.0', onnxBytes: old })
  const test = await startOipServer({ modelName: 'cat-dog', version: '2.0', onnxBytes: next })
  const deployStep = await startServer(async ({ body }, response) => {
    const { version } = JSON.parse(body) as { version: string }
    await production.load(version === '2.0' ? next : old, version)
    reply(response, 200, { state: 'done' })
  })

  const model = await call('models.create', { key: 'cat-dog', name: 'Cat or dog', description: '', task: 'binary' })
  const modelId = model.record.id
  const importSet = async (role: 'test' | 'reference', rows: number, seed: number) => {
    const digest = await console.upload(Buffer.from(csvOf(drawRows(rows, seed))))
    const preview = await call('imports.preview', { digest, fileName: `${role}.csv`, modelId })
    const columns = preview.columns.map((each) =>
      each.name === 'label'
        ? { ...each, role: 'label' as const }
        : each.name === 'gate'
          ? { ...each, role: 'group' as const }
          : { ...each, role: 'feature' as const },
    )
    const { jobId } = await call('imports.dataset', {
      digest,
      fileName: `${role}.csv`,
      modelId,
      name: `Park ${role}`,
      role,
      columns,
    })
    await console.ended(jobId)
  }
  await importSet('test', 400, 1)
  await importSet('reference', 600, 2)
  const { datasets } = await call('models.get', { id: modelId })
  const datasetOf = (role: string) => {
    const found = datasets.find(({ record }) => record.role === role)
    if (found === undefined) throw new Error(`There is no ${role} set`)
    return found.record
  }
  const register = async (name: string, bytes: Uint8Array) => {
    const digest = await console.upload(bytes)
    const { record } = await call('versions.register', {
      modelId,
      name,
      schema,
      referenceDatasetId: datasetOf('reference').id,
      lineage: {
        sourceRepository: 'https://git.example/cat-dog',
        sourceCommit: 'a1b2c3',
        pipelineRun: 'run-7',
        parameters: {},
        trainingDatasetDigest: null,
        testDatasetDigest: datasetOf('test').digest,
        referenceDatasetDigest: datasetOf('reference').digest,
        metricsAtTraining: { accuracy: 0.93 },
      },
      artifacts: [{ name: 'model.onnx', digest, mediaType: 'application/octet-stream' }],
    })
    return record.id
  }
  const oldId = await register('1.0', old)
  const nextId = await register('2.0', next)
  const connect = async (name: string, url: string) => {
    const { record } = await call('connections.save', {
      id: null,
      revision: null,
      connection: {
        key: name,
        name,
        isEnabled: true,
        config: {
          kind: 'endpoint',
          url,
          protocol: 'oip-v2',
          modelName: 'cat-dog',
          modelVersion: null,
          auth: { kind: 'none' },
        },
      },
    })
    return record.id
  }
  const deploy = async (environment: 'test' | 'production', versionId: string, endpointId: string) =>
    call('deployments.create', {
      key: `cat-dog-${environment}`,
      name: 'cat-dog',
      modelId,
      versionId,
      environment,
      endpointId,
      deviceId: null,
      labelDelayMs: 0,
      retention: { rawDays: 30, maxSamples: null, profileDays: 365 },
    })
  await deploy('production', oldId, await connect('production-server', production.url))
  await deploy('test', nextId, await connect('test-server', test.url))
  return {
    folder,
    console,
    deployOrigin: deployStep.origin,
    testServerUrl: test.url,
    async close() {
      await console.close()
      await Promise.all([production.close(), test.close(), deployStep.close()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}
