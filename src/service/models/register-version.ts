import type { ParsedInputOf } from '../../contract/api.ts'
import type { AuditDraft } from '../../contract/audit.ts'
import { withDerivedColumns } from '../../contract/blob-columns.ts'
import type { SchemaSpec, Version } from '../../contract/model.ts'
import type { Revisioned } from '../../contract/records.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import type { ServiceContext } from '../context.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { requireSoundSchema } from './check-schema.ts'
import { findOnnxFault } from './compare-onnx.ts'
import { makeBinning } from './reference-binning.ts'

export type VersionInput = ParsedInputOf<'versions.register'>
type Parts = Pick<ServiceContext, 'store' | 'workers' | 'now' | 'newId'>
type ArtifactInput = VersionInput['artifacts'][number]

/** Opening waits for a free worker too. */
const openingMs = 120_000

const isOnnx = ({ name, mediaType }: ArtifactInput) => /\.onnx$/i.test(name) || /\bonnx\b/i.test(mediaType)

async function requireOnnx({ workers }: Parts, { name, digest }: ArtifactInput, schema: SchemaSpec): Promise<void> {
  const timeout = AbortSignal.timeout(openingMs)
  const inspection = await workers.run('models.inspectOnnx', digest, { signal: timeout }).catch((error) => {
    if (timeout.aborted) throw new RpcError('refused', `${name} could not be opened within ${openingMs / 1000} s`)
    throw new RpcError('refused', `${name} could not be opened: ${(error as Error).message.slice(0, 300)}`)
  })
  if (!inspection.isOnnx)
    throw new RpcError('refused', `${name} is no ONNX model that can be opened: ${inspection.problem}`)
  const fault = findOnnxFault(inspection.inputs, schema)
  if (fault !== null) throw new RpcError('refused', `${name} does not fit the declared schema: ${fault}`)
}

async function readArtifacts(parts: Parts, { artifacts, schema }: VersionInput): Promise<Version['artifacts']> {
  const stored: Version['artifacts'] = []
  for (const artifact of artifacts) {
    const bytes = await parts.store.blobs.size(artifact.digest)
    if (bytes === null) throw new RpcError('not-found', `The file ${artifact.name} has not been uploaded`)
    if (isOnnx(artifact)) await requireOnnx(parts, artifact, schema)
    stored.push({ ...artifact, bytes })
  }
  return stored
}

/** The dataset must exist and be of the same model. */
export async function requireReference({ store }: Pick<Parts, 'store'>, datasetId: string | null, modelId: string) {
  if (datasetId === null) return
  const dataset = await store.records.get('dataset', datasetId)
  if (dataset === null) throw new RpcError('not-found', 'There is no such dataset')
  if (dataset.record.modelId !== modelId)
    throw new RpcError('refused', `The dataset “${dataset.record.name}” is of another model`)
}

/**
 * Registers a version whose files are stored: checks its schema, opens its ONNX files, prepares the bins of its profiles, and
 * commits it with one audit entry. Rejects with an RpcError that says what is wrong.
 */
export async function registerVersion(
  parts: Parts,
  input: VersionInput,
  { caller, ...entry }: { readonly caller: Caller } & Partial<Pick<AuditDraft, 'action' | 'reason' | 'details'>>,
): Promise<Revisioned<'version'>> {
  const { store, now, newId } = parts
  const { modelId, name, lineage, referenceDatasetId } = input
  const schema = withDerivedColumns(input.schema)
  const model = await store.records.get('model', modelId)
  if (model === null) throw new RpcError('not-found', 'There is no such model')
  if ((await store.records.find('version', `${modelId}/${name}`)) !== null)
    throw new RpcError('conflict', `${model.record.name} already has a version called ${name}`)
  requireSoundSchema(schema, model.record)
  await requireReference(parts, referenceDatasetId, modelId)
  const artifacts = await readArtifacts(parts, input)
  const id = newId('ver')
  const record: Version = { id, modelId, name, artifacts, lineage, schema, referenceDatasetId, createdAt: now() }
  // Before the version exists: no sample of it is ever folded without its bins.
  await store.profiles.setBinning(await makeBinning(parts, record))
  const [revision] = await commitOrRefuse(
    store.records,
    [{ kind: 'version', record, revision: null }],
    draftOf(caller, now(), {
      action: 'versions.register',
      subject: { kind: 'version', id, name: `${model.record.name} ${name}` },
      ...entry,
      details: { artifacts: artifacts.map(({ name, digest }) => ({ name, digest })), ...entry.details },
    }),
  )
  return { revision, record }
}
