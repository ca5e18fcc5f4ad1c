import type { Action } from '../../contract/alert.ts'
import type { Connection } from '../../contract/connection.ts'
import type { Dataset, Lineage, Version } from '../../contract/model.ts'
import { type RetrainingResult, retrainingResult } from '../../contract/outcome.ts'
import { RpcError } from '../../contract/rpc.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { ServiceContext } from '../context.ts'
import { registerVersion } from '../models/register-version.ts'
import { ArtifactFault, fetchArtifact } from './fetch-artifact.ts'

/** The version that a retraining made, registered; or why it could not be. */
export type Retrained =
  | { readonly version: Version; readonly servedBy: readonly string[]; readonly result: RetrainingResult }
  | { readonly problem: string }

const nothingSaid: Lineage = {
  sourceRepository: null,
  sourceCommit: null,
  pipelineRun: null,
  parameters: {},
  trainingDatasetDigest: null,
  testDatasetDigest: null,
  referenceDatasetDigest: null,
  metricsAtTraining: {},
}

/** What the pipeline said, and what the console knows: which version it began from and under which id it ran. */
function lineageOf(said: RetrainingResult['lineage'], parent: Version, action: Action): Lineage {
  const lineage = { ...nothingSaid, ...said }
  return {
    ...lineage,
    pipelineRun: lineage.pipelineRun ?? action.correlationId,
    parameters: { parentVersion: parent.name, retrainingAction: action.id, ...lineage.parameters },
  }
}

/** The reference that the pipeline names, where the workspace holds it; else that of the parent, so that drift stays comparable. */
const referenceOf = (lineage: Lineage, parent: Version, datasets: readonly Dataset[]): string | null =>
  datasets.find(
    ({ digest, sourceDigest }) =>
      lineage.referenceDatasetDigest !== null &&
      (digest === lineage.referenceDatasetDigest || sourceDigest === lineage.referenceDatasetDigest),
  )?.id ?? parent.referenceDatasetId

const isSameBuild = (version: Version, result: RetrainingResult) =>
  version.artifacts.length === result.artifacts.length &&
  result.artifacts.every(({ name, digest }) =>
    version.artifacts.some((known) => known.name === name && known.digest === digest),
  )

/**
 * Registers what a pipeline made: fetches its files, checks their digests, and takes from the parent what the pipeline left out. A
 * repeat finds the version registered already. What the pipeline did wrong is a sentence.
 */
export async function takeRetraining(
  context: ServiceContext,
  given: {
    readonly action: Action
    readonly connection: Connection
    readonly parent: Version
    readonly signal: AbortSignal
  },
  say: (line: string) => void,
): Promise<Retrained> {
  const { action, connection, parent, signal } = given
  const parsed = retrainingResult.safeParse(action.result)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    const where = path.length === 0 ? '' : ` (${path.map(String).join('.')}: ${message})`
    return { problem: `The pipeline ended well, but did not say which version it made${where}` }
  }
  const result = parsed.data
  const { store, vault, fetch } = context
  const known = await store.records.find('version', `${parent.modelId}/${result.version}`)
  if (known !== null && isSameBuild(known.record, result)) {
    say(`Version ${result.version} is registered already`)
    return { version: known.record, servedBy: result.servedBy, result }
  }
  try {
    for (const file of result.artifacts) {
      const bytes = await fetchArtifact(file, { connection, secrets: (name) => vault.get(name), fetch, signal })
      await store.blobs.put(bytes)
      say(`Fetched ${file.name}, ${bytes.length} bytes, SHA-256 ${file.digest}`)
    }
    const datasets = await store.records.list('dataset', { link: 'modelId', id: parent.modelId })
    const lineage = lineageOf(result.lineage, parent, action)
    const { record } = await registerVersion(
      context,
      {
        modelId: parent.modelId,
        name: result.version,
        lineage,
        schema: result.schema ?? parent.schema,
        referenceDatasetId: referenceOf(
          lineage,
          parent,
          datasets.map((dataset) => dataset.record),
        ),
        artifacts: result.artifacts.map(({ name, digest, mediaType }) => ({ name, digest, mediaType })),
      },
      {
        caller: systemCaller,
        action: 'system.versions.register',
        reason: action.reason,
        details: { actionId: action.id, parentVersionId: parent.id },
      },
    )
    say(`Registered version ${record.name}`)
    return { version: record, servedBy: result.servedBy, result }
  } catch (error) {
    if (error instanceof ArtifactFault) return { problem: error.message }
    if (error instanceof RpcError) return { problem: `The version could not be registered: ${error.message}` }
    throw error
  }
}
