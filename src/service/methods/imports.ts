import type { ColumnMapping, ColumnRole } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { importDataset } from '../imports/import-dataset.ts'
import { importSamples } from '../imports/import-samples.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

const auditPage = 200

function requireColumn(columns: readonly ColumnMapping[], role: ColumnRole, message: string): void {
  if (columns.some((column) => column.role === role)) return
  throw new RpcError('invalid-input', message, { issues: [{ path: 'columns', message }] })
}

/** Files that bring datasets, predictions or labels. */
export function createImportHandlers(context: ServiceContext): HandlersOf<'imports'> {
  const { store, workers, jobs, now } = context
  const { records } = store

  async function requireModel(id: string) {
    const model = await records.get('model', id)
    if (model === null) throw new RpcError('not-found', 'There is no such model')
    return model.record
  }

  async function newestSchema(modelId: string) {
    const versions = await records.list('version', { link: 'modelId', id: modelId })
    return versions.at(-1)?.record.schema ?? null
  }

  async function requireFile(digest: string) {
    if (!(await store.blobs.has(digest))) throw new RpcError('not-found', 'The file has not been uploaded')
  }

  /** When this file was first imported into the deployment in the same way; null when it never was. */
  async function firstImportAt(deploymentId: string, digest: string, what: string): Promise<number | null> {
    let first: number | null = null
    for (let before: number | null = null; ; ) {
      const filter = { limit: auditPage, before, action: 'imports.samples', subjectId: deploymentId, actorId: null }
      const entries = await store.audit.list(filter)
      for (const { entry } of entries)
        if (entry.details.digest === digest && entry.details.what === what) first = entry.at
      const last = entries.at(-1)
      if (last === undefined || entries.length < auditPage) return first
      before = last.entry.index
    }
  }

  return {
    'imports.preview': async ({ digest, fileName, modelId }, { signal }) => {
      await requireFile(digest)
      const model = modelId === null ? null : await requireModel(modelId)
      const schema = model === null ? null : await newestSchema(model.id)
      const read = await workers.run('imports.preview', { digest, fileName, schema }, { signal })
      if (!read.ok) throw new RpcError('refused', `${fileName}: ${read.message}`)
      const { columns, rows, errors, ...preview } = read.value
      const isClassification = model !== null && model.task !== 'regression'
      return {
        ...preview,
        // Class codes look like numbers, and are not.
        columns: columns.map((column) =>
          isClassification && (column.role === 'prediction' || column.role === 'label')
            ? { ...column, type: 'categorical' }
            : column,
        ),
        rows: rows.map((row) => [...row]),
        errors: [...errors],
      }
    },

    'imports.dataset': async (input, { caller }) => {
      const { digest, fileName, modelId, name, role } = input
      const model = await requireModel(modelId)
      await requireFile(digest)
      await commitOrRefuse(
        records,
        [],
        draftOf(caller, now(), {
          action: 'imports.dataset',
          subject: { kind: 'model', id: modelId, name: model.name },
          details: { fileName, digest, name, role },
        }),
      )
      const schema = await newestSchema(modelId)
      return { jobId: jobs.start(importDataset(context, { ...input, schema, caller })).id }
    },

    'imports.samples': async (input, { caller }) => {
      const { digest, fileName, deploymentId, columns, what } = input
      const deployment = await records.get('deployment', deploymentId)
      if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
      const version = await records.get('version', deployment.record.versionId)
      if (version === null) throw new RpcError('not-found', 'The version that the deployment runs is not there')
      await requireFile(digest)
      if (what === 'samples') {
        requireColumn(columns, 'prediction', 'Choose the column that holds the predictions')
        requireColumn(
          columns,
          'time',
          'Choose the column that holds the time of each prediction: without it nobody can say when it was made',
        )
      } else {
        requireColumn(columns, 'id', 'Choose the column that holds the sample ids: labels are matched by them')
        requireColumn(columns, 'label', 'Choose the column that holds the labels')
      }
      const before = await firstImportAt(deploymentId, digest, what)
      const at = now()
      await commitOrRefuse(
        records,
        [],
        draftOf(caller, at, {
          action: 'imports.samples',
          subject: { kind: 'deployment', id: deploymentId, name: deployment.record.name },
          details: { fileName, digest, what },
        }),
      )
      const work = importSamples(context, {
        ...{ digest, fileName, columns, what },
        deployment: deployment.record,
        schema: version.record.schema,
        firstAt: before ?? at,
        isRepeated: before !== null,
      })
      return { jobId: jobs.start(work).id }
    },
  }
}
