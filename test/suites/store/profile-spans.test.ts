import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeProfileFold } from '../../../src/analysis/profile/fold.ts'
import type { Binning, Profile } from '../../../src/contract/profile.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../../src/stats/random.ts'
import { openSqliteReader, openSqliteStore } from '../../../src/store/sqlite/open.ts'
import { compareProfiles } from '../../../src/store/sqlite/profile-comparison.ts'
import type { Store } from '../../../src/store/store.ts'

const hourMs = 3_600_000
const days = 70
const start = Date.UTC(2026, 0, 3, 5)
const fold = makeProfileFold()
const binning: Binning = {
  versionId: 'ver_1',
  numeric: { x: { shift: 0, edges: [-1, 0, 1] } },
  categorical: { site: ['a', 'b'], prediction: ['cat', 'dog'] },
  ranges: {},
  groups: ['site'],
  omitted: [],
}

function sampleAt(at: number, id: string, random: Random) {
  return {
    label: null,
    sample: {
      ...{ id, deploymentId: 'dep_1', versionId: randomUniform(random) < 0.95 ? 'ver_1' : 'ver_2', at, arrivedAt: at },
      inputs: {
        x: randomNormal(random),
        site: 'ab'[randomInteger(random, 2)],
        user: `u${randomInteger(random, 4000)}`,
      },
      ...{
        prediction: ['cat', 'dog'][randomInteger(random, 2)],
        scores: null,
        latencyMs: null,
        deviceId: null,
        seq: null,
      },
    },
  }
}

describe('sums of stored profiles', () => {
  let path: string
  let store: Store
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'assay-spans-'))
    store = await openSqliteStore({ path, fold })
    await store.profiles.setBinning(binning)
    const random = createRandom(2)
    const samples = Array.from({ length: 6000 }, (_, i) =>
      sampleAt(start + Math.floor(randomUniform(random) * days * 24) * hourMs, `s${i}`, random),
    )
    await add(samples)
  })
  afterEach(async () => {
    await store.close()
    await rm(path, { recursive: true })
  })
  const add = (samples: ReturnType<typeof sampleAt>[]) =>
    store.samples.append({ samples, labels: [], telemetry: [], deadLetters: [], counters: [] })
  const makeAll = async () => {
    let made = 0
    for (let more = -1; more !== 0; made += more) more = await store.profiles.makeSpans({ most: 40 })
    return made
  }
  const query = (from: number, to: number) => ({ deploymentId: 'dep_1', versionId: 'ver_1', window: { from, to } })
  const windows = (() => {
    const random = createRandom(9)
    const someHour = () => start + (randomInteger(random, days * 24 + 40) - 20) * hourMs
    return Array.from({ length: 12 }, () => [someHour(), someHour()].sort((a, b) => a - b))
  })()

  it('are the same to the last digit whether days were added up before or not, and those of their hours', async () => {
    const before: (Profile | null)[] = []
    for (const [from, to] of windows) before.push(await store.profiles.sum(query(from, to)))
    const all = await store.profiles.sum(query(0, Number.MAX_SAFE_INTEGER))
    expect(await makeAll()).toBeGreaterThan(days)
    const reader = await openSqliteReader({ path, fold })
    for (const [i, [from, to]] of windows.entries()) {
      const sum = await reader.profiles.sum(query(from, to))
      expect(sum).toEqual(before[i])
      const hours = await reader.profiles.read(query(from, to))
      expect(sum?.n ?? 0).toBe(hours.reduce((total, { n }) => total + n, 0))
      const plain = fold.sum(hours)
      if (sum !== null && plain !== null) expect(compareProfiles(sum, plain)).toBeNull()
    }
    expect(await reader.profiles.sum(query(0, Number.MAX_SAFE_INTEGER))).toEqual(all)
    // Of all versions together.
    const both = await reader.profiles.sum({ ...query(0, Number.MAX_SAFE_INTEGER), versionId: undefined })
    expect(both?.n).toBe(6000)
    const outcomes = await reader.profiles.sum({ ...query(0, Number.MAX_SAFE_INTEGER), parts: 'outcomes' })
    expect(outcomes).toEqual({ ...all, columns: {} })
    await expect(reader.profiles.makeSpans({ most: 1 })).rejects.toThrow('reading only')
    await reader.close()
  })

  it('know a late sample at once, and its days are added up again', async () => {
    await makeAll()
    const window = query(start - 1000 * hourMs, start + 10_000 * hourMs)
    const before = await store.profiles.sum(window)
    const random = createRandom(4)
    const late = { ...sampleAt(start + 50 * hourMs, 'late', random) }
    await add([{ ...late, sample: { ...late.sample, versionId: 'ver_1' } }])
    expect((await store.profiles.sum(window))?.n).toBe((before?.n ?? 0) + 1)
    // The spans that hold the hour, one of each length that is over.
    expect(await makeAll()).toBe(4)
    expect((await store.profiles.sum(window))?.n).toBe((before?.n ?? 0) + 1)
    expect(await store.profiles.check('dep_1')).toEqual([])
  })

  it('that are not those of their hours are found', async () => {
    await makeAll()
    const db = new Database(join(path, 'workspace.sqlite'))
    db.exec(`UPDATE profile_span SET body = json_set(body, '$.n', 1) WHERE ref = (SELECT min(ref) FROM profile_span)`)
    db.close()
    const faults = await store.profiles.check('dep_1')
    expect(faults).toHaveLength(1)
    expect(faults[0]).toMatch(/^6 hours from 2026-01-.*: n is 1, recounted/)
  })
})
