import type { PreparedReferences } from '../../../analysis/drift/prepared-references.ts'
import { isBlobKind } from '../../../contract/blob.ts'
import type { Deployment, SchemaSpec, Version } from '../../../contract/model.ts'
import type { Window } from '../../../contract/primitives.ts'
import type { Report } from '../../../contract/report.ts'
import type { SampleTable } from '../../../contract/table.ts'
import type { Store } from '../../../store/store.ts'
import type { DatasetCache } from './dataset-cache.ts'
import { type Question, UnaskableError } from './question.ts'

/** What is compared with: the table, and how the report names it. */
export interface ReferenceData {
  readonly table: SampleTable
  readonly source: NonNullable<Report['reference']>
  /** Where the table is kept from question to question: what is known of it already. */
  readonly prepared?: PreparedReferences
}

export interface TableRequest {
  /** Columns to read; null: all that the samples have. */
  readonly columns: readonly string[] | null
  /** The newest are kept when there are more. */
  readonly limit: number
  readonly labelledOnly?: boolean
  readonly withIds?: boolean
}

/** A deployment as a question sees it: the version that ran, its samples of the window, and what they are compared with. */
export interface DeploymentScene {
  readonly deployment: Deployment
  readonly version: Version
  readonly schema: SchemaSpec
  /** The question's window, cut to the time since this version runs. */
  readonly window: Window
  /** Inputs that can be analysed: pictures, which are digests, are left out. */
  readonly columns: readonly string[]
  /** Samples of the version in the window, from hourly counts: whole hours. */
  countSamples(): Promise<number>
  table(request: TableRequest): Promise<SampleTable>
  /** Null where the version has no reference. */
  reference(request: Pick<TableRequest, 'columns'>): Promise<ReferenceData | null>
}

/** Most rows of a window that serves as reference. */
const mostReferenceRows = 500_000

/**
 * The version that ran at the end of a window, and since when. What ran before is another model and would hide how this one
 * does. The first one known counts as having run always, since samples may be older than their deployment's record.
 */
export function versionIn(deployment: Deployment, window: Window): { versionId: string; window: Window } {
  const history = [...deployment.history].sort((a, b) => a.from - b.from)
  const index = history.findLastIndex((entry) => entry.from < window.to)
  if (index <= 0) return { versionId: history[0]?.versionId ?? deployment.versionId, window }
  const { versionId, from } = history[index]
  return { versionId, window: { from: Math.max(window.from, from), to: window.to } }
}

/** Sets the scene of a question about a deployment; throws UnaskableError when it is not there. */
export async function openScene(store: Store, datasets: DatasetCache, question: Question): Promise<DeploymentScene> {
  const { records, samples, profiles } = store
  const deployment = (await records.get('deployment', question.target.id))?.record
  if (question.target.type !== 'deployment' || deployment === undefined)
    throw new UnaskableError('This can be asked of a deployment only, and there is none of this name')
  const { versionId, window } = versionIn(deployment, question.window)
  const version = (await records.get('version', versionId))?.record
  if (version === undefined) throw new UnaskableError(`The version ${versionId} that ran then is not known`)
  const { schema } = version

  async function ofDataset(datasetId: string): Promise<ReferenceData> {
    const dataset = (await records.get('dataset', datasetId))?.record
    if (dataset === undefined) throw new UnaskableError(`There is no dataset ${datasetId}`)
    return {
      table: await datasets.get(dataset.digest),
      source: { datasetDigest: dataset.digest },
      prepared: datasets.prepared,
    }
  }

  async function ofWindow(span: Window, columns: readonly string[] | null): Promise<ReferenceData> {
    const table = await samples.table({
      deploymentId: question.target.id,
      window: span,
      columns,
      limit: mostReferenceRows,
    })
    return { table, source: { window: span } }
  }

  return {
    deployment,
    version,
    schema,
    window,
    columns: schema.columns.filter(({ type }) => !isBlobKind(type)).map(({ name }) => name),
    async countSamples() {
      const hours = await profiles.activity({ deploymentId: deployment.id, window })
      return hours.reduce((sum, { n }) => sum + n, 0)
    },
    table: (request) => samples.table({ deploymentId: deployment.id, window, versionId, ...request }),
    async reference({ columns }) {
      const { reference } = question
      if (reference.kind === 'dataset') return await ofDataset(reference.datasetId)
      if (reference.kind === 'window') return await ofWindow(reference.window, columns)
      if (reference.kind === 'previous') {
        const from = Math.max(0, window.from - reference.lengthMs)
        return await ofWindow({ from, to: Math.max(window.from, from + 1) }, columns)
      }
      return version.referenceDatasetId === null ? null : await ofDataset(version.referenceDatasetId)
    },
  }
}

/** What a question that compares needs; the sentence says how to give it one. */
export async function requireReference(
  scene: DeploymentScene,
  request: Pick<TableRequest, 'columns'>,
): Promise<ReferenceData> {
  const reference = await scene.reference(request)
  if (reference === null)
    throw new UnaskableError(
      `Version ${scene.version.name} has no reference dataset: import one and set it, or compare with an earlier window`,
    )
  if (reference.table.n === 0) throw new UnaskableError('What it should be compared with holds no samples')
  return reference
}
