import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import { openSqliteStore } from '../../../src/store/sqlite/open.ts'
import { describeStore } from './store-suite.ts'

describeStore('SQLite', async () => {
  const path = await mkdtemp(join(tmpdir(), 'assay-store-'))
  const open = () => openSqliteStore({ path, fold: makeProfileFold() })
  let store = await open()
  return {
    get store() {
      return store
    },
    reopen: async () => {
      await store.close()
      store = await open()
      return store
    },
    remove: async () => {
      await store.close()
      await rm(path, { recursive: true, force: true })
    },
  }
})
