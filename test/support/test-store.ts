import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeProfileFold } from '../../src/analysis/profile/fold.ts'
import type { AuditEntry } from '../../src/contract/audit.ts'
import { openSqliteStore } from '../../src/store/sqlite/open.ts'
import type { Store } from '../../src/store/store.ts'

export interface TestStore {
  readonly store: Store
  /** The whole audit log, oldest first. */
  auditEntries(): Promise<AuditEntry[]>
  dispose(): Promise<void>
}

/** A real workspace in a folder of its own. */
export async function openTestStore(): Promise<TestStore> {
  const path = await mkdtemp(join(tmpdir(), 'assay-store-'))
  const store = await openSqliteStore({ path, fold: makeProfileFold() })
  return {
    store,
    async auditEntries() {
      const newestFirst = await store.audit.list({
        limit: 1000,
        before: null,
        action: null,
        subjectId: null,
        actorId: null,
      })
      return newestFirst.map(({ entry }) => entry).reverse()
    },
    async dispose() {
      await store.close()
      await rm(path, { recursive: true })
    },
  }
}
