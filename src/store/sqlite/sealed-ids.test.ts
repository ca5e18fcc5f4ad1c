import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../analysis/profile/fold.ts'
import type { IncomingSample } from '../../contract/intake.ts'
import type { Store } from '../store.ts'
import { openSqliteReader, openSqliteStore } from './open.ts'
import { mayHold } from './sealed-ids.ts'

const at = Date.UTC(2026, 0, 1)
const incoming = (id: string): IncomingSample => ({
  sample: {
    ...{ id, deploymentId: 'dep_1', versionId: 'ver_1', at, arrivedAt: at, inputs: { x: 1 }, prediction: 'cat' },
    ...{ scores: null, latencyMs: null, deviceId: null, seq: null },
  },
  label: null,
})
const ids = (count: number, idOf: (index: number) => string) => Array.from({ length: count }, (_, index) => idOf(index))
/** Every number below 3,000 once, in an order that jumps about. */
const scattered = (index: number) => `s-${(index * 1717) % 3000}`

describe('ids of sealed samples', () => {
  let path: string
  let store: Store
  const fold = makeProfileFold()
  const append = async (all: readonly string[]) => {
    const samples = all.map(incoming)
    return (await store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })).samples
  }
  const seal = () => store.samples.seal({ olderThan: at + 1, maxRows: 1000 })

  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'assay-ids-'))
    store = await openSqliteStore({ path, fold })
  })
  afterEach(async () => {
    await store.close()
    await rm(path, { recursive: true, force: true })
  })

  it.each([
    ['that rise', (index: number) => `s-${String(index).padStart(8, '0')}`],
    ['in no order', scattered],
    ['beyond the basic plane', (index: number) => `${['🐕', '\uffee', 'a'][index % 3]}${index}`],
  ])('are known again, those %s, and new ones are new', async (_, idOf) => {
    const known = ids(3000, idOf)
    for (let from = 0; from < 3000; from += 1000) {
      expect(await append(known.slice(from, from + 1000))).toEqual({ stored: 1000, repeated: 0 })
      expect(await seal()).toBe(1000)
    }
    expect(await append(known)).toEqual({ stored: 0, repeated: 3000 })
    const reader = await openSqliteReader({ path, fold })
    for (const id of [known[0], known[1500], known[2999]]) expect((await reader.samples.get('dep_1', id))?.id).toBe(id)
    expect(await reader.samples.get('dep_1', 'unknown')).toBeNull()
    await reader.close()
  })

  it('are found in chunks written before their ranges were noted, alone and joined with newer ones', async () => {
    const known = ids(12_000, scattered)
    const distinct = [...new Set(known)]
    await append(distinct)
    for (let times = 0; times < 3; times++) await seal()
    await store.close()
    const db = new Database(join(path, 'workspace.sqlite'))
    expect(db.prepare('UPDATE chunk SET first_id = NULL, last_id = NULL').run().changes).toBe(3)
    db.close()
    store = await openSqliteStore({ path, fold })
    expect(await append(distinct)).toEqual({ stored: 0, repeated: 3000 })
    const newer = ids(6000, (index) => `t-${index}`)
    await append(newer)
    for (let times = 0; times < 6; times++) await seal()
    expect(await append([...distinct, ...newer])).toEqual({ stored: 0, repeated: 9000 })
  })
})

it('holds an id within its range, and any where the range is unknown', () => {
  const range = { ref: 1, firstId: 'b', lastId: 'd' }
  expect(['a', 'b', 'c', 'd', 'e'].map((id) => mayHold(range, id))).toEqual([false, true, true, true, false])
  expect(mayHold({ ref: 1, firstId: null, lastId: null }, 'a')).toBe(true)
})
