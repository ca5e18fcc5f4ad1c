import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import { openSqliteStoreWithWriter } from '../../../src/store/sqlite/writer/open-with-writer.ts'
import { batch, draft, incoming } from './store-data.ts'
import { describeStore } from './store-suite.ts'

const entry = new URL('./writer-thread.ts', import.meta.url)
const startWriter = (path: string) => new Worker(entry, { workerData: path, execArgv: [] })
const open = (path: string) =>
  openSqliteStoreWithWriter({ path, fold: makeProfileFold(), startWriter: () => startWriter(path) })

describeStore('SQLite with a thread that writes', async () => {
  const path = await mkdtemp(join(tmpdir(), 'assay-store-'))
  let store = await open(path)
  return {
    get store() {
      return store
    },
    reopen: async () => {
      await store.close()
      store = await open(path)
      return store
    },
    remove: async () => {
      await store.close()
      await rm(path, { recursive: true, force: true })
    },
  }
})

describe('the thread that writes', () => {
  const paths: string[] = []
  const newPath = async () => {
    const path = await mkdtemp(join(tmpdir(), 'assay-store-'))
    paths.push(path)
    return path
  }
  afterEach(async () => {
    for (const path of paths.splice(0)) await rm(path, { recursive: true, force: true })
  })

  it('says why a workspace cannot be opened', async () => {
    const path = await newPath()
    const store = await open(path)
    await expect(open(path)).rejects.toThrow(`already open in process ${process.pid}`)
    await store.close()
    await (await open(path)).close()
  })

  it('rejects what was asked of it when it dies, and is replaced', async () => {
    const path = await newPath()
    const workers: Worker[] = []
    const store = await openSqliteStoreWithWriter({
      ...{ path, fold: makeProfileFold() },
      startWriter: () => {
        const worker = startWriter(path)
        workers.push(worker)
        return worker
      },
    })
    await store.samples.append(batch({ samples: incoming(0, 3) }))
    const failed = expect(store.samples.append(batch({ samples: incoming(3, 6) }))).rejects.toThrow('has ended')
    await workers[0].terminate()
    await failed
    // Nobody knows whether the batch was stored, so it is sent again; what was is not stored twice.
    const results = await Promise.all([
      store.samples.append(batch({ samples: incoming(3, 6) })),
      store.samples.append(batch({ samples: incoming(0, 3) })),
      store.records.commit([], draft()),
    ])
    expect(results).toMatchObject([{}, { samples: { stored: 0, repeated: 3 } }, { status: 'committed' }])
    expect(workers).toHaveLength(2)
    expect((await store.facts()).samples).toBe(6)
    await store.close()
  })
})
