import type { ColumnMapping, Dataset, SchemaSpec } from '../../contract/model.ts'
import type { Caller } from '../../contract/user.ts'
import type { ServiceContext } from '../context.ts'
import type { JobWork } from '../jobs/jobs.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { countOf, sayRowError } from './import-text.ts'

export interface DatasetImport {
  readonly digest: string
  readonly fileName: string
  readonly modelId: string
  readonly name: string
  readonly role: Dataset['role']
  readonly columns: readonly ColumnMapping[]
  /** Of the model's newest version, as the preview had it. */
  readonly schema: SchemaSpec | null
  readonly caller: Caller
}

/** The job that turns a file into a dataset: read in a worker, stored under its digest, recorded with one audit entry. */
export function importDataset(context: ServiceContext, order: DatasetImport): JobWork {
  const { store, workers, now, newId } = context
  const { digest, fileName, modelId, name, role, columns, schema, caller } = order

  return {
    kind: 'imports.dataset',
    title: `Import ${fileName} as ${role} dataset “${name}”`,
    async run({ signal, progress }) {
      progress(null, 'Reading the file')
      const read = await workers.run('imports.encodeFile', { digest, fileName, columns, schema }, { signal })
      if (!read.ok) throw new Error(`${fileName}: ${read.message}`)
      const { bytes, rows, errors, errorCount, files } = read.value
      progress(0.8, 'Storing the dataset')
      for (const { bytes: file } of files.blobs) {
        signal.throwIfAborted()
        await store.blobs.put(file)
      }
      // From now on the dataset names them: no quota removes them.
      for (const named of files.named) await store.blobs.hold(named)
      const blob = await store.blobs.put(bytes)
      signal.throwIfAborted()
      const record: Dataset = {
        id: newId('dat'),
        name,
        modelId,
        role,
        digest: blob.digest,
        sourceDigest: digest,
        rows,
        columns: [...columns.filter(({ role }) => role !== 'ignore'), ...files.derived],
        createdAt: now(),
      }
      await commitOrRefuse(
        store.records,
        [{ kind: 'dataset', record, revision: null }],
        draftOf(caller, now(), {
          action: 'imports.datasetStored',
          subject: { kind: 'dataset', id: record.id, name },
          details: { fileName, rows, digest: blob.digest, sourceDigest: digest, errors: errorCount },
        }),
      )
      const faults = errorCount === 0 ? '' : `; ${countOf(errorCount, 'error')}, the first in ${sayRowError(errors[0])}`
      progress(1, `${countOf(rows, 'row')} stored${faults}`)
      return record.id
    },
  }
}
