import { afterEach, describe, expect, it } from 'vitest'
import type { InputOf } from '../../src/contract/api.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import {
  createCleanUp,
  faultsOf,
  noLineage,
  openRoomConsole,
  roomDeployment,
  roomSchema,
} from './service-collection-room.ts'

const cleanUp = createCleanUp()
afterEach(() => cleanUp.run())

const linear = (inputNames: string[]) =>
  writeLinearClassifier({
    weights: [inputNames.map((_, index) => index - 0.5), inputNames.map((_, index) => 0.5 - index)],
    bias: [0.1, -0.1],
    inputNames,
    classes: ['empty', 'occupied'],
  })

describe('versions', () => {
  it('are registered with files that are what they are said to be', async () => {
    const { console, model } = await openRoomConsole(cleanUp)
    const modelId = model.record.id
    const register = (name: string, more: Partial<InputOf<'versions.register'>> = {}) =>
      console.call('versions.register', {
        ...{ modelId, name, lineage: noLineage, schema: roomSchema, referenceDatasetId: null, artifacts: [] },
        ...more,
      })
    const onnx = (digest: string) => [{ name: 'model.onnx', digest, mediaType: 'application/octet-stream' }]

    const fits = await console.upload(linear(['temperature', 'light']))
    const { record } = await register('2.0', { artifacts: onnx(fits) })
    expect(record.artifacts).toEqual([{ ...onnx(fits)[0], bytes: linear(['temperature', 'light']).length }])

    const noise = await console.upload(Buffer.from('this is no model, whatever its name says'))
    await expect(register('3.0', { artifacts: onnx(noise) })).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(/^model\.onnx is no ONNX model that can be opened: /),
    })
    const wide = await console.upload(linear(['temperature', 'light', 'noise']))
    await expect(register('3.0', { artifacts: onnx(wide) })).rejects.toMatchObject({
      message: expect.stringMatching(/takes 3 values a row in .*declares 2 inputs/),
    })
    await expect(register('3.0', { artifacts: onnx('0'.repeat(64)) })).rejects.toMatchObject({ code: 'not-found' })
    await expect(register('2.0')).rejects.toMatchObject({ code: 'conflict' })
    // Nothing of what was refused is there.
    const { versions } = await console.call('models.get', { id: modelId })
    expect(versions.map(({ record }) => record.name)).toEqual(['1.0', '2.0'])
    expect(faultsOf(console)).toEqual([])
  })

  it('are refused when their schema contradicts itself or its model', async () => {
    const { console, model } = await openRoomConsole(cleanUp)
    const register = (schema: Partial<SchemaSpec>) =>
      console.call('versions.register', {
        ...{ modelId: model.record.id, name: '2.0', lineage: noLineage, referenceDatasetId: null, artifacts: [] },
        schema: { ...roomSchema, ...schema },
      })
    const column = roomSchema.columns[0]
    const faults: [Partial<SchemaSpec>, RegExp][] = [
      [{ task: 'multiclass' }, /is a binary model/],
      [{ classes: ['empty'] }, /exactly two classes/],
      [{ classes: ['empty', 'empty'] }, /two classes are called/],
      [{ positiveClass: 'cat' }, /none of the classes/],
      [{ columns: [column, column] }, /two columns are called “temperature”/],
      [{ columns: [{ ...column, range: [5, 1] }] }, /ends before it begins/],
    ]
    for (const [schema, message] of faults)
      await expect(register(schema)).rejects.toMatchObject({
        code: 'invalid-input',
        message: expect.stringMatching(message),
      })
  })

  it('are compared by their own bins once they have a reference', async () => {
    const { console, model, version } = await openRoomConsole(cleanUp)
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${i / 10},${i},${i % 2 ? 'open' : 'shut'},${i < 90 ? 'empty' : 'occupied'}`,
    )
    const digest = await console.upload(Buffer.from(['temperature,light,window,label', ...rows].join('\n')))
    const modelId = model.record.id
    const file = { digest, fileName: 'reference.csv' }
    const preview = await console.call('imports.preview', { ...file, modelId })
    expect(preview).toMatchObject({ format: 'csv', rowCount: 200, errorCount: 0 })
    const { jobId } = await console.call('imports.dataset', {
      ...{ ...file, modelId, name: 'Reference', role: 'reference', columns: preview.columns },
    })
    const job = await console.ended(jobId)
    const dataset = await console.call('datasets.get', { id: job.result ?? '' })
    expect(dataset.record).toMatchObject({ rows: 200, sourceDigest: digest, role: 'reference', modelId })

    const { id } = version.record
    await expect(
      console.call('versions.setReference', { id, revision: 7, referenceDatasetId: dataset.record.id }),
    ).rejects.toMatchObject({ code: 'stale' })
    const after = await console.call('versions.setReference', {
      ...{ id, revision: version.revision, referenceDatasetId: dataset.record.id },
    })
    expect(after).toMatchObject({ revision: 2, record: { referenceDatasetId: dataset.record.id } })

    const other = await console.call('models.create', { key: 'b', name: 'Other', description: '', task: 'binary' })
    await expect(
      console.call('versions.register', {
        ...{ modelId: other.record.id, name: '1', lineage: noLineage, artifacts: [] },
        ...{ schema: roomSchema, referenceDatasetId: dataset.record.id },
      }),
    ).rejects.toMatchObject({ code: 'refused', message: 'The dataset “Reference” is of another model' })
    expect(faultsOf(console)).toEqual([])
  })
})

describe('deployments', () => {
  it('remember which version ran when', async () => {
    const { console, model, version, deployment } = await openRoomConsole(cleanUp)
    const modelId = model.record.id
    const schema = schemaSpec.parse(roomSchema)
    const next = await console.call('versions.register', {
      ...{ modelId, name: '2.0', lineage: noLineage, schema, referenceDatasetId: null, artifacts: [] },
    })
    const { id } = deployment.record
    const switched = await console.call('deployments.recordVersion', {
      ...{ id, revision: deployment.revision, versionId: next.record.id, reason: 'Switched by hand' },
    })
    expect(switched.record.history.map(({ versionId, reason }) => [versionId, reason])).toEqual([
      [version.record.id, 'Deployment recorded'],
      [next.record.id, 'Switched by hand'],
    ])
    await expect(
      console.call('deployments.recordVersion', {
        ...{ id, revision: switched.revision, versionId: next.record.id, reason: 'Again' },
      }),
    ).rejects.toMatchObject({ code: 'refused', message: expect.stringMatching(/already recorded to run 2\.0/) })
    await expect(console.call('deployments.create', roomDeployment(modelId, next.record.id))).rejects.toMatchObject({
      code: 'conflict',
    })
    const renamed = await console.call('deployments.update', {
      ...{ id, revision: switched.revision, changes: { name: 'Renamed', labelDelayMs: 5 } },
    })
    expect(renamed.record).toMatchObject({ name: 'Renamed', labelDelayMs: 5, versionId: next.record.id })
    expect(faultsOf(console)).toEqual([])
  })
})
