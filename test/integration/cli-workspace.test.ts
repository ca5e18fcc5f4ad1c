import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withWorkspace } from '../../src/server/cli/open-workspace.ts'
import { createRandom, randomInteger, randomNormal, randomUniform } from '../../src/stats/random.ts'
import { assay, repository, temporaryFolder } from '../support/command-line.ts'

const files = temporaryFolder()
afterAll(files.remove)
const workspace = join(files.folder, 'workspace')
const at = ['--workspace', workspace]

const surroundings = {
  out: () => {},
  err: () => {},
  workerEntry: new URL(`file://${join(repository, 'src/server/worker.ts')}`),
  staticRoot: join(repository, 'out/renderer'),
}

const hourMs = 3_600_000

/** Samples of the last ten hours, half an hour old at least. */
function csv(seed: number, n: number, shift = 0, idPrefix = 's'): string {
  const random = createRandom(seed)
  const from = Date.now() - 10.5 * hourMs
  const rows = Array.from({ length: n }, (_, i) => {
    const when = new Date(from + (10 * hourMs * i) / n).toISOString()
    const light = (50 + 10 * randomNormal(random) + shift).toFixed(3)
    const animal = randomInteger(random, 2) === 0 ? 'cat' : 'dog'
    const predicted = randomUniform(random) < 0.95 ? animal : animal === 'cat' ? 'dog' : 'cat'
    return `${idPrefix}${i},${when},${light},${randomInteger(random, 2) === 0 ? 'north' : 'south'},${predicted},${animal}`
  })
  return `sample,at,light,site,predicted,animal\n${rows.join('\n')}\n`
}

const referenceFile = files.write('reference.csv', csv(1, 2000))
const roles = ['--prediction', 'predicted', '--label', 'animal', '--time', 'at', '--id', 'sample']

/** A workspace with a model, a version and a deployment in production, made through the console's own methods. */
async function furnish(): Promise<void> {
  const imported = await assay([
    'import',
    'dataset',
    referenceFile,
    ...at,
    '--model',
    'cat-dog',
    '--create-model',
    'binary',
    '--role',
    'reference',
    ...roles,
    '--json',
  ])
  expect(imported, imported.err.join('\n')).toMatchObject({ code: 0 })
  const { result: referenceDatasetId } = JSON.parse(imported.out)
  await withWorkspace(workspace, surroundings, async ({ call }) => {
    const [{ model }] = await call('models.list', {})
    const { record: version } = await call('versions.register', {
      modelId: model.id,
      name: '1.0.0',
      referenceDatasetId,
      artifacts: [],
      lineage: {
        sourceRepository: null,
        sourceCommit: null,
        pipelineRun: null,
        parameters: {},
        trainingDatasetDigest: null,
        testDatasetDigest: null,
        referenceDatasetDigest: null,
        metricsAtTraining: {},
      },
      schema: {
        task: 'binary',
        classes: ['cat', 'dog'],
        positiveClass: 'dog',
        columns: [
          { name: 'light', type: 'numeric', role: 'input' },
          { name: 'site', type: 'categorical', role: 'context', isGroup: true },
        ],
      },
    })
    await call('deployments.create', {
      key: 'park-prod',
      name: 'Park',
      modelId: model.id,
      versionId: version.id,
      environment: 'production',
      endpointId: null,
      deviceId: null,
      labelDelayMs: 0,
      retention: { rawDays: 30, maxSamples: null, profileDays: 365 },
    })
  })
}

beforeAll(async () => {
  mkdirSync(workspace)
  await withWorkspace(workspace, surroundings, async () => {})
}, 60_000)

describe('a workspace from the command line', () => {
  it('refuses a deployment that is missing, and a workspace without any', async () => {
    const none = await assay(['check', ...at])
    expect(none).toMatchObject({ code: 2, out: '', err: ['error: the workspace has no deployments'] })
    const model = await assay(['import', 'dataset', referenceFile, ...at, '--model', 'cat-dog', ...roles])
    expect(model).toMatchObject({ code: 2, err: [expect.stringContaining('--create-model binary makes it')] })
  })

  it('imports a dataset and makes its model, samples, and labels by id', async () => {
    await furnish()
    const current = csv(2, 1200)
      .split('\n')
      .map((line) => line.split(',').slice(0, 5).join(','))
    const labels = csv(2, 1200)
      .split('\n')
      .map((line) => [line.split(',')[0], line.split(',')[5]].join(','))
    const samplesFile = files.write('samples.csv', current.join('\n'))
    const labelsFile = files.write('labels.csv', labels.join('\n').replaceAll(/,?undefined/g, ''))
    const dry = await assay([
      'import',
      'samples',
      samplesFile,
      ...at,
      '--deployment',
      'park-prod',
      '--id',
      'sample',
      '--prediction',
      'predicted',
      '--dry-run',
      '--json',
    ])
    expect(JSON.parse(dry.out)).toMatchObject({
      imported: false,
      rows: 1200,
      columns: [
        { name: 'sample', role: 'id' },
        // Its name and its values say that it is one.
        { name: 'at', role: 'time' },
        { name: 'light', role: 'feature', type: 'numeric' },
        { name: 'site', role: 'group', type: 'categorical' },
        { name: 'predicted', role: 'prediction', type: 'categorical' },
      ],
    })
    const samples = await assay([
      'import',
      'samples',
      samplesFile,
      ...at,
      '--deployment',
      'park-prod',
      '--id',
      'sample',
      '--prediction',
      'predicted',
    ])
    expect(samples, samples.err.join('\n')).toMatchObject({ code: 0 })
    const given = await assay([
      'import',
      'labels',
      labelsFile,
      ...at,
      '--deployment',
      'park-prod',
      '--id',
      'sample',
      '--label',
      'animal',
    ])
    expect(given, given.err.join('\n')).toMatchObject({ code: 0 })
    await withWorkspace(workspace, surroundings, async ({ call }) => {
      const [{ deployments }] = await call('models.list', {})
      const window = { from: 0, to: Date.now() }
      const { items } = await call('samples.list', {
        deploymentId: deployments[0].target.id,
        window,
        limit: 5,
        cursor: null,
      })
      expect(items[0]).toMatchObject({ inputs: { site: expect.stringMatching(/north|south/) }, labelSource: 'import' })
    })
  }, 60_000)

  it('says what is wrong with an import, and takes nothing', async () => {
    const wrong = await assay(['import', 'samples', referenceFile, ...at, '--deployment', 'park-prd', ...roles])
    expect(wrong).toMatchObject({ code: 2, out: '', err: [expect.stringContaining('did you mean “park-prod”?')] })
    const column = await assay([
      'import',
      'samples',
      referenceFile,
      ...at,
      '--deployment',
      'park-prod',
      '--label',
      'anima',
    ])
    expect(column).toMatchObject({ code: 2, out: '', err: [expect.stringContaining('did you mean “animal”?')] })
    const noTime = await assay([
      'import',
      'samples',
      referenceFile,
      ...at,
      '--deployment',
      'park-prod',
      '--ignore',
      'at',
      '--prediction',
      'predicted',
    ])
    expect(noTime).toMatchObject({ code: 2, out: '', err: [expect.stringContaining('time of each prediction')] })
  })

  it('is a gate: asks the monitors of what is in production, and judges by its limits', async () => {
    const held = await assay(['check', ...at, '--kind', 'drift,performance,integrity', '--json'])
    expect(held, held.out).toMatchObject({ code: 0 })
    const found = JSON.parse(held.out)
    expect(found).toMatchObject({ passed: true, deployments: [{ deployment: 'park-prod' }] })
    const accuracy = found.deployments[0].findings.find(
      ({ subject }: { subject: { metric: string } }) => subject.metric === 'accuracy',
    )
    expect(accuracy).toMatchObject({ kind: 'performance', n: 1200, status: 'ok', limit: { direction: 'below' } })

    const night = files.write('night.csv', csv(3, 3000, -30, 'n'))
    const imported = await assay(['import', 'samples', night, ...at, '--deployment', 'park-prod', ...roles])
    expect(imported, imported.err.join('\n')).toMatchObject({ code: 0 })
    const broken = await assay(['check', ...at, '--deployment', 'park-prod', '--kind', 'drift'])
    expect(broken.code, broken.out).toBe(1)
    expect(broken.out).toMatch(/^FAILED .*\n\nverdict[^\n]*\nbreach +park-prod .*light/)
  }, 60_000)

  it('names what cannot be checked', async () => {
    expect(await assay(['check', ...at, '--deployment', 'park-test'])).toMatchObject({
      code: 2,
      err: ['error: --deployment: there is no deployment “park-test”; there is park-prod'],
    })
    expect(await assay(['check', ...at, '--kind', 'drft'])).toMatchObject({
      code: 2,
      err: [expect.stringContaining('“drift”')],
    })
    expect(await assay(['check', ...at, '--stored'])).toMatchObject({
      code: 2,
      err: [expect.stringContaining('no stored findings')],
    })
  })

  it('can be checked, but not changed, while a console has it open', async () => {
    await withWorkspace(workspace, surroundings, async () => {
      const changed = await assay(['import', 'samples', referenceFile, ...at, '--deployment', 'park-prod', ...roles])
      expect(changed).toMatchObject({
        code: 2,
        out: '',
        err: [expect.stringMatching(/^error: .*already open in process \d+/)],
      })
      const checked = await assay(['check', ...at, '--kind', 'integrity'])
      expect(checked.err).toEqual([])
      expect(checked.code, checked.out).toBe(0)
    })
  })

  it('exports nothing where there is no release, and writes over nothing', async () => {
    const out = join(files.folder, 'export.zip')
    expect(await assay(['export', ...at, '--out', out, '--reason', 'a test'])).toMatchObject({
      code: 2,
      err: ['error: there is no release to export'],
    })
    expect(await assay(['export', ...at, '--out', referenceFile, '--reason', 'a test'])).toMatchObject({
      code: 2,
      err: [expect.stringContaining('exists already')],
    })
  })

  it('does not verify what is no export', async () => {
    const ran = await assay(['verify', referenceFile, '--json'])
    expect(ran).toMatchObject({ code: 1, err: [] })
    expect(JSON.parse(ran.out)).toMatchObject({ isValid: false, steps: [{ name: 'archive', outcome: 'failed' }] })
    expect(await assay(['verify', join(files.folder, 'none.zip')])).toMatchObject({ code: 2, out: '' })
  })
})
