import { buildBinning } from '../../analysis/profile/binning.ts'
import { decodeTable } from '../../collect/dataset-codec.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { Binning } from '../../contract/profile.ts'
import type { SampleTable } from '../../contract/table.ts'
import type { ServiceContext } from '../context.ts'
import type { TaskParts } from '../tasks/tasks.ts'

export interface BinningOrder {
  readonly versionId: string
  readonly schema: SchemaSpec
  /** Blob of the reference dataset. */
  readonly digest: string
}

/** The binning that a reference dataset gives; reads the whole of it, so it runs in a worker. */
export async function binReference(
  { store }: TaskParts,
  { versionId, schema, digest }: BinningOrder,
): Promise<Binning> {
  const bytes = await store.blobs.get(digest)
  if (bytes === null) throw new Error(`The dataset ${digest} is not stored`)
  return buildBinning(versionId, decodeTable(bytes), schema)
}

const noRows: SampleTable = {
  n: 0,
  columns: new Map(),
  ids: null,
  at: null,
  prediction: null,
  label: null,
  scores: new Map(),
  latencyMs: null,
}

/** Without a reference: declared ranges, categories and groups alone. A column of undeclared categories has no unseen ones. */
export function binSchema(versionId: string, schema: SchemaSpec): Binning {
  const binning = buildBinning(versionId, noRows, schema)
  const categorical = Object.fromEntries(Object.entries(binning.categorical).filter(([, names]) => names.length > 0))
  return { ...binning, categorical }
}

/** The binning of a version: by its reference dataset where it has one, else by its schema. */
export async function makeBinning(
  { store, workers }: Pick<ServiceContext, 'store' | 'workers'>,
  version: { readonly id: string; readonly schema: SchemaSpec; readonly referenceDatasetId: string | null },
  signal?: AbortSignal,
): Promise<Binning> {
  const { id: versionId, schema, referenceDatasetId } = version
  const dataset = referenceDatasetId === null ? null : await store.records.get('dataset', referenceDatasetId)
  if (dataset === null) return binSchema(versionId, schema)
  return await workers.run('models.binReference', { versionId, schema, digest: dataset.record.digest }, { signal })
}
