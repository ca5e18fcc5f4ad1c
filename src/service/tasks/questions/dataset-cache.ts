import { createPreparedReferences, type PreparedReferences } from '../../../analysis/drift/prepared-references.ts'
import { decodeTable } from '../../../collect/dataset-codec.ts'
import type { SampleTable } from '../../../contract/table.ts'
import type { BlobStore } from '../../../store/store.ts'
import { UnaskableError } from './question.ts'

/** Decoded datasets by digest: they never change, and monitors ask for the same reference again and again. */
export interface DatasetCache {
  get(digest: string): Promise<SampleTable>
  /** What questions have worked out about these tables. */
  readonly prepared: PreparedReferences
}

/** Keeps the tables used last, as long as their encoded bytes together stay below `maxBytes` (and always the newest). */
export function createDatasetCache(blobs: Pick<BlobStore, 'get'>, maxBytes = 64 * 2 ** 20): DatasetCache {
  const kept = new Map<string, { readonly table: SampleTable; readonly bytes: number }>()

  function makeRoom(): void {
    let total = [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)
    for (const [digest, { bytes }] of kept) {
      if (total <= maxBytes || kept.size === 1) return
      kept.delete(digest)
      total -= bytes
    }
  }

  return {
    prepared: createPreparedReferences(),
    async get(digest) {
      const known = kept.get(digest)
      if (known !== undefined) {
        // Used last, thrown out last.
        kept.delete(digest)
        kept.set(digest, known)
        return known.table
      }
      const bytes = await blobs.get(digest)
      if (bytes === null)
        throw new UnaskableError(`The data of dataset ${digest.slice(0, 12)}… is not in the workspace`)
      const table = decodeTable(bytes)
      kept.set(digest, { table, bytes: bytes.length })
      makeRoom()
      return table
    },
  }
}
