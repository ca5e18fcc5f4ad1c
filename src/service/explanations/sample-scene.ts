import { decodeTable } from '../../collect/dataset-codec.ts'
import type { Deployment, SchemaSpec, Version } from '../../contract/model.ts'
import type { LabelledSample } from '../../contract/sample.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import type { Store } from '../../store/store.ts'

/** A prediction with all that is needed to ask about it. */
export interface SampleScene {
  readonly sample: LabelledSample
  readonly deployment: Deployment
  readonly version: Version
  /** Columns that the model takes. */
  readonly inputs: readonly string[]
  /** The one sample as a table. */
  readonly row: SampleTable
  /** What it is compared with: the version's reference, else samples from around it. Loaded when asked for. */
  background(columns?: readonly string[]): Promise<{ table: SampleTable; of: 'reference' | 'window' }>
}

/** Samples of the days around it stand in where the version has no reference. */
const aroundMs = 7 * 86_400_000
const mostAround = 5000

/** Sets the scene; a sentence where something is gone. */
export async function openSampleScene(
  store: Store,
  { deploymentId, sampleId }: { readonly deploymentId: string; readonly sampleId: string },
): Promise<SampleScene | string> {
  const deployment = (await store.records.get('deployment', deploymentId))?.record
  const sample = await store.samples.get(deploymentId, sampleId)
  if (deployment === undefined || sample === null) return 'There is no such sample; retention may have removed it'
  const version = (await store.records.get('version', sample.versionId))?.record
  if (version === undefined) return 'The version that predicted it is not known'
  const inputs = version.schema.columns.flatMap(({ name, role }) => (role === 'input' ? [name] : []))
  return {
    ...{ sample, deployment, version, inputs },
    row: tableOfOne(sample, version.schema),
    async background(columns = inputs) {
      const dataset =
        version.referenceDatasetId === null
          ? null
          : ((await store.records.get('dataset', version.referenceDatasetId))?.record ?? null)
      const bytes = dataset === null ? null : await store.blobs.get(dataset.digest)
      const reference = bytes === null ? null : decodeTable(bytes)
      if (
        reference !== null &&
        reference.n > 0 &&
        columns.some((name) => reference.columns.has(name)) &&
        (columns !== inputs || inputs.every((name) => reference.columns.has(name)))
      )
        return { table: reference, of: 'reference' }
      const window = { from: Math.max(0, sample.at - aroundMs), to: sample.at + aroundMs }
      const query = { deploymentId, versionId: version.id, window, columns, limit: mostAround }
      return { table: await store.samples.table(query), of: 'window' }
    },
  }
}

function tableOfOne({ inputs }: LabelledSample, { columns }: SchemaSpec): SampleTable {
  const table = new Map<string, Column>()
  for (const { name, type } of columns) {
    const value = inputs[name] ?? null
    if (type === 'numeric')
      table.set(name, { type, values: Float64Array.of(typeof value === 'number' ? value : Number.NaN) })
    else
      table.set(name, {
        type: 'categorical',
        codes: Int32Array.of(value === null ? -1 : 0),
        categories: value === null ? [] : [String(value)],
      })
  }
  return {
    n: 1,
    columns: table,
    ids: null,
    at: null,
    prediction: null,
    label: null,
    scores: new Map(),
    latencyMs: null,
  }
}
