import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { Dataset, Model, Version } from '../../contract/model.ts'
import type { DatasetFile } from '../history/datasets.ts'
import type { PreparedModels, PreparedVersion } from '../history/prepare.ts'
import type { DemoHost } from '../host.ts'
import { MODEL_KEY } from '../park/names.ts'
import { PARK_SCHEMA } from '../park/sample.ts'
import { PEOPLE } from './people.ts'
import { finishedJob, uploadFile } from './upload.ts'

const operator = PEOPLE.operator.login
const ONNX = 'application/octet-stream'
/** Pictures that are uploaded at the same time. */
const UPLOADS_AT_ONCE = 8

export interface RegisteredModels {
  readonly model: Model
  readonly first: Version
  readonly released: Version
  readonly testSet: Dataset
}

export async function ensureModel(host: DemoHost): Promise<Model> {
  const known = (await host.call(operator, 'models.list', {})).find(({ model }) => model.key === MODEL_KEY)
  if (known) return known.model
  const { record } = await host.call(operator, 'models.create', {
    key: MODEL_KEY,
    name: 'Cat or dog',
    description: 'Tells cats from dogs on the frames of the camera at the entrance of the pet park.',
    task: PARK_SCHEMA.task,
  })
  return record
}

/** Imports the datasets and registers both versions with their lineage; what is there already stays. */
export async function registerModels(host: DemoHost, prepared: PreparedModels): Promise<RegisteredModels> {
  const model = await ensureModel(host)
  const known = await host.call(operator, 'models.get', { id: model.id })
  const datasets = new Map(known.datasets.map(({ record }) => [record.name, record]))
  for (const file of prepared.datasets) {
    if (!datasets.has(file.name)) datasets.set(file.name, await importDataset(host, model, file))
  }
  const datasetOf = (role: DatasetFile['role'], version: string): Dataset => {
    const file = prepared.datasets.find((one) => one.role === role && (one.version ?? version) === version)
    const dataset = file && datasets.get(file.name)
    if (!dataset) throw new Error(`the ${role} dataset is missing`)
    return dataset
  }

  async function ensureVersion({ version, path, lineage }: PreparedVersion): Promise<Version> {
    const found = known.versions.find(({ record }) => record.name === version)
    if (found) return found.record
    const reference = datasetOf('reference', version)
    const digest = await uploadFile(host, operator, await readFile(path))
    const { record } = await host.call(operator, 'versions.register', {
      modelId: model.id,
      name: version,
      schema: PARK_SCHEMA,
      referenceDatasetId: reference.id,
      lineage: {
        ...lineage,
        trainingDatasetDigest: datasetOf('training', version).digest,
        testDatasetDigest: datasetOf('test', version).digest,
        referenceDatasetDigest: reference.digest,
      },
      artifacts: [{ name: 'model.onnx', digest, mediaType: ONNX }],
    })
    return record
  }

  const first = await ensureVersion(prepared.first)
  const released = await ensureVersion(prepared.released)
  return { model, first, released, testSet: datasetOf('test', released.name) }
}

async function importDataset(host: DemoHost, model: Model, file: DatasetFile): Promise<Dataset> {
  const waiting = [...file.pictures]
  const uploadNext = async (): Promise<void> => {
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      await uploadFile(host, operator, await readFile(path))
    }
  }
  await Promise.all(Array.from({ length: UPLOADS_AT_ONCE }, uploadNext))
  const digest = await uploadFile(host, operator, await readFile(file.path))
  const { jobId } = await host.call(operator, 'imports.dataset', {
    digest,
    fileName: basename(file.path),
    modelId: model.id,
    name: file.name,
    role: file.role,
    columns: file.columns,
  })
  const { result } = await finishedJob(host, operator, jobId)
  if (result === null) throw new Error(`the import of ${file.name} gave no dataset`)
  return (await host.call(operator, 'datasets.get', { id: result })).record
}
