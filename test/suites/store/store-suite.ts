import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HalfChange, KeptHalf } from '../../../src/contract/exchange.ts'
import type { Finding } from '../../../src/contract/finding.ts'
import type { StoredReport } from '../../../src/contract/report.ts'
import type { DeadLetterFilter } from '../../../src/contract/sample.ts'
import type { Store } from '../../../src/store/store.ts'
import { describeSampleBlobs } from './sample-blobs-suite.ts'
import {
  batch,
  binning,
  deployment,
  draft,
  everything,
  hourMs,
  incoming,
  label,
  makeRandom,
  model,
  sample,
  start,
  version,
} from './store-data.ts'

/** A workspace that can be closed and opened again. */
export interface Workspace {
  readonly store: Store
  reopen(): Promise<Store>
  remove(): Promise<void>
}

const query = { deploymentId: 'dep_1', window: everything }
const sha256 = (bytes: string | Buffer) => createHash('sha256').update(bytes).digest()

/** What every adapter of the store's port must do. */
export function describeStore(name: string, open: () => Promise<Workspace>): void {
  describe(`the store on ${name}`, () => describeSampleBlobs(open))
  describe(`the store on ${name}`, () => {
    let workspace: Workspace
    let store: Store
    beforeEach(async () => {
      workspace = await open()
      store = workspace.store
    })
    afterEach(() => workspace.remove())

    describe('records', () => {
      it('creates, changes, finds and remembers, each with one audit entry', async () => {
        const created = await store.records.commit([{ ...model('mdl_1'), revision: null }], draft())
        expect(created).toMatchObject({ status: 'committed', receipt: { index: 0 }, revisions: [1] })
        const changed = { ...model('mdl_1').record, name: 'Renamed' }
        await store.records.commit([{ kind: 'model', record: changed, revision: 1 }], draft({ at: start + 5 }))
        expect(await store.records.get('model', 'mdl_1')).toEqual({ revision: 2, record: changed })
        expect(await store.records.find('model', 'mdl-1')).toEqual({ revision: 2, record: changed })
        expect(await store.records.get('model', 'mdl_2')).toBeNull()
        expect(
          (await store.records.history('model', 'mdl_1')).map(({ revision, at, auditIndex }) => [
            revision,
            at,
            auditIndex,
          ]),
        ).toEqual([
          [1, start, 0],
          [2, start + 5, 1],
        ])
        expect(await store.audit.size()).toBe(2)
        const entry = await store.audit.entry(1)
        expect(entry?.entry.changes).toMatchObject([{ kind: 'model', id: 'mdl_1', revision: 2 }])
      })

      it('refuses a stale revision as a value and writes nothing', async () => {
        await store.records.commit([{ ...model('mdl_1'), revision: null }], draft())
        await store.records.commit([{ ...model('mdl_1'), revision: 1 }], draft())
        const result = await store.records.commit(
          [
            { ...model('mdl_2'), revision: null },
            { ...model('mdl_1'), revision: 1 },
          ],
          draft(),
        )
        expect(result).toEqual({ status: 'stale', kind: 'model', id: 'mdl_1', currentRevision: 2 })
        expect(await store.records.get('model', 'mdl_2')).toBeNull()
        expect(await store.audit.size()).toBe(2)
      })

      it('refuses a link to nothing and a taken key, saying which', async () => {
        const orphan = await store.records.commit([{ ...version('ver_1', 'mdl_9', '1.0'), revision: null }], draft())
        expect(orphan).toMatchObject({ status: 'conflict', message: expect.stringContaining('mdl_9') })
        await store.records.commit([{ ...model('mdl_1', 'pets'), revision: null }], draft())
        const taken = await store.records.commit([{ ...model('mdl_2', 'pets'), revision: null }], draft())
        expect(taken).toMatchObject({ status: 'conflict', message: expect.stringContaining('pets') })
        expect(await store.records.list('version')).toEqual([])
        expect(await store.audit.size()).toBe(1)
      })

      it('lists in order of creation and by link; records of one commit may name each other', async () => {
        await store.records.commit(
          [
            { ...version('ver_2', 'mdl_1', '2.0'), revision: null },
            { ...version('ver_1', 'mdl_1', '1.0'), revision: null },
            { ...model('mdl_1'), revision: null },
            { ...model('mdl_2'), revision: null },
            { ...version('ver_3', 'mdl_2', '1.0'), revision: null },
          ],
          draft(),
        )
        const ids = async (id: string) =>
          (await store.records.list('version', { link: 'modelId', id })).map(({ record }) => record.id)
        expect(await ids('mdl_1')).toEqual(['ver_2', 'ver_1'])
        expect(await ids('mdl_2')).toEqual(['ver_3'])
        expect((await store.records.find('version', 'mdl_1/2.0'))?.record.id).toBe('ver_2')
      })

      it('lists what is about one target', async () => {
        const monitorOf = (id: string) => {
          const monitor = {
            ...{
              id: `mon_${id}`,
              name: id,
              kind: 'device' as const,
              schedule: null,
              everyNewItems: 10,
              windowMs: 60_000,
            },
            ...{
              delayMs: 0,
              reference: { kind: 'default' as const },
              parameters: {},
              isEnabled: true,
              createdAt: start,
            },
            target: { type: 'device' as const, id: `dev_${id}` },
          }
          return { kind: 'monitor' as const, record: monitor, revision: null }
        }
        await store.records.commit([monitorOf('1'), monitorOf('2'), { ...model('mdl_1'), revision: null }], draft())
        const about = (type: 'device' | 'deployment', id: string) =>
          store.records.list('monitor', { target: { type, id } })
        expect((await about('device', 'dev_2')).map(({ record }) => record.id)).toEqual(['mon_2'])
        expect(await about('device', 'dev_3')).toEqual([])
        expect(await about('deployment', 'dev_2')).toEqual([])
        expect(await store.records.list('thresholdSet', { target: { type: 'device', id: 'dev_2' } })).toEqual([])
      })

      it('rejects a record that is not one', async () => {
        const record = { ...model('mdl_1').record, key: '../etc' }
        await expect(store.records.commit([{ kind: 'model', record, revision: null }], draft())).rejects.toThrow()
        expect(await store.audit.size()).toBe(0)
      })
    })

    describe('the audit log', () => {
      it('is canonical JSON in an RFC 6962 tree', async () => {
        for (let index = 0; index < 7; index += 1) await store.records.commit([], draft({ at: start + index }))
        const canonical = await store.audit.canonicalEntries(0, 7)
        expect(canonical[0]).toBe(
          `{"action":"models.add","actor":{"id":"usr_1","name":"Ada","roles":["operator"]},"at":${start},"changes":[],"details":{"nested":{"a":[1,2.5],"b":1},"note":"é"},"index":0,"reason":null,"subject":null}`,
        )
        const leaves = canonical.map((text) => sha256(Buffer.concat([Buffer.of(0), Buffer.from(text, 'utf8')])))
        expect(await store.audit.leafHashes(0, 7)).toEqual(leaves.map((leaf) => leaf.toString('hex')))
        // The root of the whole tree as the standard defines it, from the top.
        const root = (hashes: Buffer[]): Buffer => {
          if (hashes.length === 1) return hashes[0]
          const split = 2 ** Math.floor(Math.log2(hashes.length - 1))
          return sha256(Buffer.concat([Buffer.of(1), root(hashes.slice(0, split)), root(hashes.slice(split))]))
        }
        expect(await store.audit.rootHash()).toEqual({ size: 7, rootHash: root(leaves).toString('hex') })
        store = await workspace.reopen()
        expect((await store.audit.rootHash()).rootHash).toBe(root(leaves).toString('hex'))
      })

      it('is the hash of nothing when empty, and filters newest first', async () => {
        expect((await store.audit.rootHash()).rootHash).toBe(sha256('').toString('hex'))
        for (let index = 0; index < 6; index += 1)
          await store.records.commit([], draft({ action: index % 2 ? 'odd' : 'even' }))
        const list = (over: object) =>
          store.audit.list({ limit: 10, before: null, action: null, subjectId: null, actorId: null, ...over })
        expect((await list({ action: 'odd' })).map(({ entry }) => entry.index)).toEqual([5, 3, 1])
        expect((await list({ before: 3, limit: 2 })).map(({ entry }) => entry.index)).toEqual([2, 1])
        expect(await list({ actorId: 'usr_2' })).toEqual([])
      })

      it('keeps checkpoints', async () => {
        expect(await store.audit.newestCheckpoint()).toBeNull()
        const checkpoint = { size: 0, rootHash: 'a'.repeat(64), at: start, note: 'signed\n' }
        await store.audit.addCheckpoint(checkpoint)
        expect(await store.audit.newestCheckpoint()).toEqual(checkpoint)
        expect(await store.audit.checkpoints()).toEqual([checkpoint])
      })
    })

    describe('samples', () => {
      it('gives back exactly what was stored, hot and sealed and after opening again', async () => {
        await store.samples.append(batch({ samples: incoming(0, 2500) }))
        const unlabelled = { label: null, labelledAt: null, labelSource: null }
        const check = async () => {
          for (const index of [0, 1, 777, 2499])
            expect(await store.samples.get('dep_1', sample(index).id)).toEqual({ ...sample(index), ...unlabelled })
        }
        await check()
        expect(await store.samples.seal({ olderThan: start + 1500 * 1000, maxRows: 10_000 })).toBe(1500)
        await check()
        store = await workspace.reopen()
        await check()
        expect((await store.facts()).samples).toBe(2500)
      })

      it('changes nothing for a repeated id: in the batch, later, sealed, after opening again', async () => {
        const twice = await store.samples.append(batch({ samples: [...incoming(0, 1200), ...incoming(100, 110)] }))
        expect(twice.samples).toEqual({ stored: 1200, repeated: 10 })
        const before = await store.profiles.read(query)
        const repeat = async () => {
          const changed = { sample: sample(5, { at: start + 99 * hourMs, prediction: 'cat' }), label: null }
          const result = await store.samples.append(batch({ samples: [changed, ...incoming(0, 1200)] }))
          expect(result.samples).toEqual({ stored: 0, repeated: 1201 })
          expect(await store.profiles.read(query)).toEqual(before)
        }
        await repeat()
        store = await workspace.reopen()
        await repeat()
        await store.samples.seal({ olderThan: everything.to, maxRows: 100_000 })
        await repeat()
        store = await workspace.reopen()
        await repeat()
        const other = { sample: sample(5, { deploymentId: 'dep_2' }), label: null }
        expect((await store.samples.append(batch({ samples: [other] }))).samples.stored).toBe(1)
      })

      it('stores nothing of a batch that fails', async () => {
        await store.samples.append(batch({ samples: incoming(0, 10) }))
        const profiles = await store.profiles.read(query)
        const poison = { deviceId: 'dev_1', channel: 't', at: start, value: Number.NaN }
        const failing = batch({ samples: incoming(5, 30), labels: [label(1, 'cat')], telemetry: [poison] })
        await expect(store.samples.append(failing)).rejects.toThrow('finite')
        expect((await store.facts()).samples).toBe(10)
        expect(await store.profiles.read(query)).toEqual(profiles)
        const again = await store.samples.append({ ...failing, telemetry: [] })
        expect(again.samples).toEqual({ stored: 20, repeated: 5 })
        expect(again.labels).toEqual({ stored: 1, repeated: 0, waiting: 0 })
        expect(await store.profiles.check('dep_1')).toEqual([])
      })

      it('gives the same table however the samples are stored', async () => {
        await store.records.commit(
          [
            { ...model('mdl_1'), revision: null },
            { ...version('ver_1', 'mdl_1', '1'), revision: null },
          ],
          draft(),
        )
        const random = makeRandom(3)
        const shuffled = incoming(0, 3000).sort(() => random() - 0.5)
        const second = incoming(3000, 3100).map(({ sample: one }) => ({
          sample: { ...one, versionId: 'ver_2', at: one.at - 1_500_000 },
          label: null,
        }))
        await store.samples.append(batch({ samples: [...shuffled, ...second] }))
        await store.samples.append(
          batch({ labels: Array.from({ length: 400 }, (_, index) => label(index * 7, index % 2 ? 'cat' : 'dog')) }),
        )
        const read = async () => ({
          all: await store.samples.table({ ...query, withIds: true }),
          part: await store.samples.table({
            ...query,
            window: { from: start + 500_500, to: start + 900_000 },
            columns: ['x'],
            labelledOnly: true,
            withIds: true,
          }),
          newest: await store.samples.table({ ...query, limit: 50, withIds: true }),
          version: await store.samples.table({ ...query, versionId: 'ver_2', withIds: true }),
        })
        const hot = await read()
        expect(hot.all.n).toBe(3100)
        expect(hot.version.n).toBe(100)
        expect(hot.newest.ids).toEqual(hot.all.ids?.slice(-50))
        expect([...hot.part.columns.keys()]).toEqual(['x'])
        expect(hot.part.n).toBe(
          hot.all.at?.filter((at, row) => at >= start + 500_500 && at < start + 900_000 && labelledAt(hot.all, row))
            .length,
        )
        expect(hot.all.columns.get('site')).toMatchObject({ type: 'categorical', categories: ['north', 'south'] })
        expect(hot.all.columns.get('isNight')).toMatchObject({ type: 'categorical', categories: ['false', 'true'] })
        await store.samples.seal({ olderThan: start + 2_000_000, maxRows: 1000 })
        expect(await read()).toEqual(hot)
        await store.samples.seal({ olderThan: everything.to, maxRows: 100_000 })
        expect(await read()).toEqual(hot)
        await store.samples.append(
          batch({ labels: Array.from({ length: 300 }, (_, index) => label(1 + index * 7, 'cat')) }),
        )
        const relabelled = await read()
        expect(relabelled.all.label).not.toEqual(hot.all.label)
        await store.samples.seal({ olderThan: everything.to, maxRows: 100_000 })
        expect(await read()).toEqual(relabelled)
        expect(await store.profiles.check('dep_1')).toEqual([])
      })

      it('lists newest first in pages without a gap or a repeat, hot and sealed', async () => {
        const ties = Array.from({ length: 40 }, (_, index) => ({
          sample: sample(5000 + index, { at: start + 700_000 }),
          label: null,
        }))
        await store.samples.append(batch({ samples: [...incoming(0, 1500), ...ties] }))
        await store.samples.append(batch({ labels: [label(10, 'cat'), label(12, 'cat'), label(13, 'cat')] }))
        const pages = async (filter: object, limit: number) => {
          const ids: string[] = []
          for (let cursor: string | null = null; ; ) {
            const page = await store.samples.list({ ...query, ...filter }, { limit, cursor })
            ids.push(...page.items.map(({ id }) => id))
            cursor = page.nextCursor
            if (cursor === null) return ids
          }
        }
        const filters = [
          {},
          { prediction: 'cat' },
          { isError: true },
          { isLabelled: true },
          { label: 'cat' },
          { column: { name: 'site', value: 'south' } },
          { window: { from: start + 600_000, to: start + 800_000 } },
        ]
        const hot = await Promise.all(filters.map((filter) => pages(filter, 37)))
        expect(new Set(hot[0]).size).toBe(1540)
        expect(hot[0].length).toBe(1540)
        expect(hot[2]).toEqual([sample(13).id, sample(10).id])
        await store.samples.seal({ olderThan: start + 1_100_000, maxRows: 100_000 })
        expect(await Promise.all(filters.map((filter) => pages(filter, 37)))).toEqual(hot)
        expect(await store.samples.count(query)).toEqual({ samples: 1540, labelled: 3 })
        expect(await store.samples.count({ ...query, window: { from: start, to: start + 12_500 } })).toEqual({
          samples: 13,
          labelled: 2,
        })
      })

      it('reports gaps in sequence numbers by device', async () => {
        const seqs = [3, 1, 2, 5, 9, 10]
        const samples = seqs.map((seq, index) => ({ sample: sample(index, { seq, deviceId: 'dev_1' }), label: null }))
        await store.samples.append(batch({ samples }))
        expect(await store.samples.sequenceGaps(query)).toEqual([
          { deviceId: 'dev_1', after: 3, before: 5, missing: 1 },
          { deviceId: 'dev_1', after: 5, before: 9, missing: 3 },
        ])
      })
    })

    describe('labels', () => {
      const at = (hours: number) => start + hours * hourMs

      it('hold by their instant, in whatever order they come, before or after sample and sealing', async () => {
        const orders = [
          ['early', 'mid', 'late'],
          ['early', 'late', 'mid'],
          ['mid', 'early', 'late'],
          ['mid', 'late', 'early'],
          ['late', 'early', 'mid'],
          ['late', 'mid', 'early'],
        ]
        const times = { early: at(1), mid: at(2), late: at(3) }
        const outcomes = { early: 'cat', mid: 'dog', late: 'cat' } as const
        const labelsOf = (order: string[], base: number) =>
          order.map((name) => label(base, outcomes[name as 'early'], { at: times[name as 'early'] }))
        // Samples 0 to 5 are labelled before they come, 6 to 11 after, the rest once they are sealed.
        for (const [index, order] of orders.entries()) {
          const result = await store.samples.append(batch({ labels: labelsOf(order, index) }))
          expect(result.labels).toMatchObject({ waiting: 3 - result.labels.repeated, stored: 0 })
        }
        await store.samples.append(batch({ samples: incoming(0, 1200) }))
        for (const [index, order] of orders.entries())
          await store.samples.append(batch({ labels: labelsOf(order, 6 + index) }))
        await store.samples.seal({ olderThan: everything.to, maxRows: 10_000 })
        for (const [index, order] of orders.entries())
          await store.samples.append(batch({ labels: labelsOf(order, 12 + index) }))
        for (let index = 0; index < 18; index += 1)
          expect(await store.samples.get('dep_1', sample(index).id)).toMatchObject({ label: 'cat' })
        expect(await store.samples.count(query)).toEqual({ samples: 1200, labelled: 18 })
        expect(await store.profiles.check('dep_1')).toEqual([])
        const repeated = await store.samples.append(batch({ labels: labelsOf(['early', 'mid', 'late'], 12) }))
        expect(repeated.labels).toEqual({ stored: 0, repeated: 3, waiting: 0 })
      })

      it('move the count of the hour of their sample', async () => {
        await store.profiles.setBinning(binning)
        await store.samples.append(batch({ samples: incoming(0, 3) }))
        await store.samples.append(batch({ labels: [label(1, 'cat')] }))
        const confusion = async () => (await store.profiles.read(query))[0].outcomes['']?.confusion
        expect(await confusion()).toEqual({ cat: { dog: 1 } })
        await store.samples.append(batch({ labels: [label(1, 'dog', { at: at(20) })] }))
        expect(await confusion()).toEqual({ dog: { dog: 1 } })
        expect(await store.profiles.activity(query)).toEqual([{ hour: start, n: 3, labelled: 1 }])
        expect((await store.profiles.read(query))[0].outcomes['site=south'].labelled).toBe(1)
      })

      it('come with their sample, or with the commit of a review', async () => {
        const together = { sample: sample(1), label: label(1, 'cat') }
        expect((await store.samples.append(batch({ samples: [together] }))).labels.stored).toBe(1)
        expect((await store.samples.append(batch({ samples: [together] }))).labels.repeated).toBe(1)
        await store.records.commit([], draft(), { labels: [label(1, 'dog', { at: at(30), source: 'review:usr_1' })] })
        expect(await store.samples.get('dep_1', sample(1).id)).toMatchObject({
          label: 'dog',
          labelSource: 'review:usr_1',
        })
        const stale = { ...model('mdl_1'), revision: 4 }
        await store.records.commit([stale], draft(), { labels: [label(1, 'cat', { at: at(40) })] })
        expect(await store.samples.get('dep_1', sample(1).id)).toMatchObject({ label: 'dog' })
        expect(await store.profiles.check('dep_1')).toEqual([])
      })
    })

    describe('profiles', () => {
      it('equal a recount after any mixture of work', async () => {
        for (const seed of [1, 2, 3]) {
          const random = makeRandom(seed)
          const pick = (n: number) => Math.floor(random() * n)
          for (let step = 0; step < 25; step += 1) {
            const size = pick(400)
            const samples = Array.from({ length: size }, () => {
              const index = seed * 10_000 + pick(6000)
              return {
                sample: sample(index, { versionId: index % 5 ? 'ver_1' : 'ver_2' }),
                label: random() < 0.1 ? label(index, 'cat', { at: start + pick(1e9) }) : null,
              }
            })
            const labels = Array.from({ length: pick(100) }, () =>
              label(seed * 10_000 + pick(6000), random() < 0.5 ? 'cat' : 'dog', { at: start + pick(1e9) }),
            )
            await store.samples.append(batch({ samples, labels }))
            if (random() < 0.2)
              await store.samples.seal({ olderThan: start + pick(40_000_000), maxRows: 1000 + pick(3000) })
            if (random() < 0.1) await store.profiles.setBinning(binning)
            if (random() < 0.1) store = await workspace.reopen()
          }
          expect(await store.profiles.check('dep_1')).toEqual([])
        }
        const n = (await store.profiles.activity(query)).reduce((total, hour) => total + hour.n, 0)
        expect(n).toBe((await store.facts()).samples)
        expect(n).toBeGreaterThan(1000)
      })

      it('says so when they do not', async () => {
        await store.samples.append(batch({ samples: incoming(0, 5) }))
        expect(await store.profiles.check('dep_1')).toEqual([])
        expect(await store.profiles.check('dep_unknown')).toEqual([])
        await store.profiles.setBinning(binning)
        expect(await store.profiles.binning('ver_1')).toEqual(binning)
        expect((await store.profiles.read(query))[0].columns.x).toMatchObject({ edges: [0.5, 1, 2], n: 5 })
      })
    })

    describe('retention', () => {
      it('removes by age and number, keeps labelled samples longer, and leaves profiles', async () => {
        const day = 24 * hourMs
        await store.records.commit(
          [
            { ...model('mdl_1'), revision: null },
            { ...version('ver_1', 'mdl_1', '1'), revision: null },
            { ...deployment('dep_1', { rawDays: 2, maxSamples: null, profileDays: 400 }), revision: null },
          ],
          draft(),
        )
        // One sample a minute for ten days, every tenth labelled.
        const samples = Array.from({ length: 14_400 }, (_, index) => ({
          sample: sample(index, { at: start + index * 60_000 }),
          label: index % 10 === 0 ? label(index, 'cat') : null,
        }))
        await store.samples.append(batch({ samples }))
        await store.samples.seal({ olderThan: start + 5 * day, maxRows: 100_000 })
        const now = start + 10 * day
        const removed = await store.samples.retain({ now })
        expect(removed).toEqual([
          { deploymentId: 'dep_1', samples: 4 * 1440 + 4 * 1296, from: start, to: now - 2 * day - 60_000 },
        ])
        expect(await store.samples.count(query)).toEqual({ samples: 2880 + 4 * 144, labelled: 288 + 4 * 144 })
        expect(await store.samples.retain({ now })).toEqual([])
        expect(await store.profiles.check('dep_1')).toEqual([])
        const n = (await store.profiles.activity(query)).reduce((total, hour) => total + hour.n, 0)
        expect(n).toBe(14_400)
        await store.records.commit(
          [{ ...deployment('dep_1', { rawDays: 2, maxSamples: 1000, profileDays: 400 }), revision: 1 }],
          draft(),
        )
        await store.samples.retain({ now })
        const kept = await store.samples.table({ ...query })
        expect(kept.n - labelledCount(kept)).toBe(900)
        store = await workspace.reopen()
        expect((await store.samples.table({ ...query })).n).toBe(kept.n)
      })
    })

    describe('what retention removed', () => {
      const day = 24 * hourMs
      const total = async () => (await store.profiles.activity(query)).reduce((sum, hour) => sum + hour.n, 0)
      beforeEach(async () => {
        await store.records.commit(
          [
            { ...model('mdl_1'), revision: null },
            { ...version('ver_1', 'mdl_1', '1'), revision: null },
            { ...deployment('dep_1', { rawDays: 2, maxSamples: null, profileDays: 30 }), revision: null },
          ],
          draft(),
        )
      })

      it('is not counted twice when it comes again, from a file or a broker; what is new still is', async () => {
        const samples = Array.from({ length: 3000 }, (_, index) => ({
          sample: sample(index, { at: start + index * 120_000 }),
          label: index % 10 === 0 ? label(index, 'cat') : null,
        }))
        await store.samples.append(batch({ samples }))
        await store.samples.seal({ olderThan: start + 3 * day, maxRows: 100_000 })
        await store.samples.retain({ now: start + 6 * day })
        const kept = await store.samples.count(query)
        expect(kept.samples).toBeLessThan(3000)
        store = await workspace.reopen()
        expect((await store.samples.append(batch({ samples }))).samples).toEqual({ stored: 0, repeated: 3000 })
        expect(await total()).toBe(3000)
        expect(await store.samples.count(query)).toEqual(kept)
        const late = Array.from({ length: 5 }, (_, index) => ({
          sample: sample(10_000 + index, { at: start + index * 120_000 }),
          label: null,
        }))
        expect((await store.samples.append(batch({ samples: late }))).samples).toEqual({ stored: 5, repeated: 0 })
        expect(await total()).toBe(3005)
      })

      it('is forgotten with its profile', async () => {
        const samples = [{ sample: sample(1, { at: start }), label: null }]
        await store.samples.append(batch({ samples }))
        await store.samples.retain({ now: start + 3 * day })
        await store.samples.retain({ now: start + 40 * day })
        expect(await total()).toBe(0)
        expect((await store.samples.append(batch({ samples }))).samples).toEqual({ stored: 1, repeated: 0 })
        expect(await total()).toBe(1)
      })
    })

    describe('retention of telemetry', () => {
      it('removes exactly what lies before, hot and in blocks, of one device alone', async () => {
        const point = (deviceId: string, channel: string, index: number) => ({
          ...{ deviceId, channel, at: start + index * 1000, value: index % 7 },
        })
        const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index)
        await store.samples.append(batch({ telemetry: range(0, 10_000).map((index) => point('dev_1', 'a', index)) }))
        await store.samples.append(batch({ telemetry: range(0, 100).map((index) => point('dev_1', 'b', index)) }))
        await store.samples.append(batch({ telemetry: range(0, 100).map((index) => point('dev_2', 'a', index)) }))
        const before = start + 6_000 * 1000
        expect(await store.telemetry.retain({ deviceId: 'dev_1', before })).toBe(6_100)
        expect(await store.telemetry.retain({ deviceId: 'dev_1', before })).toBe(0)
        expect(await store.telemetry.retain({ deviceId: 'dev_9', before })).toBe(0)
        const channel = { deviceId: 'dev_1', channel: 'a' }
        const { at, value } = await store.telemetry.read({ ...channel, window: everything })
        expect([...at]).toEqual(range(6_000, 10_000).map((index) => start + index * 1000))
        expect([...value]).toEqual(range(6_000, 10_000).map((index) => index % 7))
        expect(await store.telemetry.channels('dev_1')).toEqual([
          { channel: 'a', points: 4_000, from: before, to: start + 9_999_000 },
        ])
        expect((await store.telemetry.channels('dev_2'))[0].points).toBe(100)
        expect((await store.facts()).telemetryPoints).toBe(4_100)
        // Points go on coming, late ones too, and are counted rightly after opening again.
        store = await workspace.reopen()
        const more = batch({
          telemetry: [...range(5_990, 6_010), ...range(10_000, 20_000)].map((i) => point('dev_1', 'a', i)),
        })
        expect((await store.samples.append(more)).telemetry).toEqual({ stored: 10_010, repeated: 10 })
        expect(await store.telemetry.channels('dev_1')).toEqual([
          { channel: 'a', points: 14_010, from: start + 5_990_000, to: start + 19_999_000 },
        ])
        expect((await store.telemetry.read({ ...channel, window: everything })).at).toHaveLength(14_010)
      })
    })

    describe('telemetry', () => {
      it('keeps each instant once, whatever the order, and reads in order of time', async () => {
        const random = makeRandom(8)
        const points = Array.from({ length: 30_000 }, (_, index) => ({
          deviceId: 'dev_1',
          channel: 'temperature',
          at: start + Math.floor(index < 20_000 ? index * 1000 : random() * 20_000_000),
          value: index,
        }))
        const kept = new Map<number, number>()
        for (const { at, value } of points) if (!kept.has(at)) kept.set(at, value)
        let stored = 0
        for (let from = 0; from < points.length; from += 700)
          stored += (await store.samples.append(batch({ telemetry: points.slice(from, from + 700) }))).telemetry.stored
        expect(stored).toBe(kept.size)
        store = await workspace.reopen()
        const again = await store.samples.append(batch({ telemetry: points.slice(0, 25_000) }))
        expect(again.telemetry).toEqual({ stored: 0, repeated: 25_000 })
        const channel = { deviceId: 'dev_1', channel: 'temperature' }
        const read = await store.telemetry.read({ ...channel, window: everything })
        const expected = [...kept].sort(([a], [b]) => a - b)
        expect([...read.at]).toEqual(expected.map(([at]) => at))
        expect([...read.value]).toEqual(expected.map(([, value]) => value))
        const window = { from: start + 3_333_000, to: start + 9_999_000 }
        const part = await store.telemetry.read({ ...channel, window })
        expect([...part.at]).toEqual(expected.map(([at]) => at).filter((at) => at >= window.from && at < window.to))
        expect(await store.telemetry.channels('dev_1')).toEqual([
          { channel: 'temperature', points: kept.size, from: expected[0][0], to: expected[expected.length - 1][0] },
        ])
        const [at, value] = expected[expected.length - 1]
        expect(await store.telemetry.newest('dev_1')).toEqual([{ channel: 'temperature', at, value }])
        const drawn = await store.telemetry.downsample({ ...channel, window: everything, maxPoints: 100 })
        expect(drawn.points).toBe(kept.size)
        expect(drawn.at.length).toBeLessThanOrEqual(100)
        expect(Math.max(...drawn.value)).toBe(Math.max(...kept.values()))
        expect(drawn.at).toEqual([...drawn.at].sort((a, b) => a - b))
        expect((await store.facts()).telemetryPoints).toBe(kept.size)
      })
    })

    describe('findings', () => {
      const target = { type: 'deployment', id: 'dep_1' } as const
      const finding = (index: number, over: Partial<Finding> = {}): Finding => ({
        id: `fnd_${index}`,
        monitorId: null,
        kind: 'drift',
        target,
        subject: { metric: 'psi', column: 'x' },
        at: start,
        window: { from: start, to: start + (index + 1) * hourMs },
        value: index,
        unit: '',
        n: 10,
        interval: null,
        status: 'ok',
        limit: null,
        evidence: null,
        message: 'm',
        engine: '1',
        ...over,
      })
      const report = (index: number): StoredReport => ({
        id: `rep_${index}`,
        at: start,
        monitorId: null,
        durationMs: 1,
        report: {
          kind: 'drift',
          target,
          window: { from: start, to: start + (index + 1) * hourMs },
          reference: null,
          parameters: {},
          engine: '1',
          headline: { status: 'ok', text: 't' },
          findings: [],
          detail: { kind: 'drift', features: [], driftedShare: { value: null, n: 0, interval: null } },
        },
      })

      it('come by series, newest of each subject, and in pages', async () => {
        for (let index = 0; index < 5; index += 1)
          await store.findings.add(report(index), [
            finding(index),
            finding(100 + index, { subject: { column: 'y', metric: 'psi' }, window: finding(index).window }),
          ])
        await store.findings.add(report(-1 + 100), [])
        expect(await store.findings.get('fnd_3')).toEqual(finding(3))
        expect((await store.findings.report('rep_2'))?.id).toBe('rep_2')
        expect((await store.findings.latestReport('drift', target))?.id).toBe('rep_99')
        const series = await store.findings.series({
          target,
          kind: 'drift',
          subject: { column: 'x', metric: 'psi' },
          window: everything,
        })
        expect(series.map(({ value }) => value)).toEqual([0, 1, 2, 3, 4])
        expect((await store.findings.latest(target)).map(({ id }) => id).sort()).toEqual(['fnd_104', 'fnd_4'])
        const ids: string[] = []
        for (let cursor: string | null = null; ; ) {
          const page = await store.findings.list({ target, kind: null, window: everything, limit: 3, cursor })
          ids.push(...page.items.map(({ id }) => id))
          cursor = page.nextCursor
          if (cursor === null) break
        }
        expect(ids).toHaveLength(10)
        expect(new Set(ids).size).toBe(10)
        expect(ids.slice(0, 2).sort()).toEqual(['fnd_104', 'fnd_4'])
      })

      it('lets old ones go a few at a time, but never the newest nor what is named', async () => {
        for (let index = 0; index < 20; index += 1)
          await store.findings.add(report(index), [
            finding(index),
            finding(100 + index, { subject: { column: 'y', metric: 'psi' }, window: finding(index).window }),
          ])
        // A number that is no longer asked for: its newest finding is old, and tells of its last day.
        await store.findings.add(report(50), [finding(50, { subject: { metric: 'gone' }, window: finding(0).window })])
        // Asked today about a window of long ago.
        const late = { ...report(60), at: start + 720 * hourMs, report: { ...report(0).report, kind: 'bias' as const } }
        await store.findings.add(late, [finding(60, { at: late.at, kind: 'bias', window: finding(0).window })])
        await store.records.commit(
          [{ ...model('mdl_1'), revision: null }],
          draft({ details: { reportId: 'rep_4', findingId: 'fnd_3' } }),
        )
        const run = async (findingsBefore: number, reportsBefore: number) => {
          const sum = { findings: 0, reports: 0, details: 0, steps: 0 }
          for (let cursor: string | null = null; ; ) {
            const step = await store.findings.retain({ findingsBefore, reportsBefore, limit: 7, cursor })
            sum.findings += step.findings
            sum.reports += step.reports
            sum.details += step.details
            sum.steps += 1
            cursor = step.nextCursor
            if (cursor === null) return sum
          }
        }
        // Windows that ended before the tenth hour, and details before the fifteenth.
        const removed = await run(start + 10 * hourMs, start + 15 * hourMs)
        // Nine windows of two numbers without the one that is named; reports without the named and that of the named.
        expect(removed).toMatchObject({ findings: 17, reports: 7, details: 5 })
        expect(removed.steps).toBeGreaterThan(2)
        const left = async (id: string) => (await store.findings.get(id)) !== null
        expect(await Promise.all(['fnd_2', 'fnd_3', 'fnd_9', 'fnd_50', 'fnd_60'].map(left))).toEqual([
          ...[false, true, true, true, true],
        ])
        const shown = async (id: string) => (await store.findings.report(id)) !== null
        expect(await Promise.all(['rep_2', 'rep_3', 'rep_4', 'rep_9', 'rep_14', 'rep_60'].map(shown))).toEqual([
          ...[false, true, true, false, true, true],
        ])
        expect((await store.findings.latestReport('drift', target))?.id).toBe('rep_50')
        expect((await store.findings.latest(target)).map(({ id }) => id).sort()).toEqual([
          ...['fnd_119', 'fnd_19', 'fnd_50', 'fnd_60'],
        ])
        expect(await run(start + 10 * hourMs, start + 15 * hourMs)).toMatchObject({
          findings: 0,
          reports: 0,
          details: 0,
        })
        await expect(
          store.findings.retain({ findingsBefore: 0, reportsBefore: 0, limit: 7, cursor: 'x' }),
        ).rejects.toThrow(RangeError)
      })

      it('stores report and findings together or not at all', async () => {
        await store.findings.add(report(0), [finding(0)])
        await expect(store.findings.add(report(1), [finding(1), finding(0)])).rejects.toThrow()
        expect(await store.findings.get('fnd_1')).toBeNull()
        expect(await store.findings.report('rep_1')).toBeNull()
      })
    })

    describe('intake', () => {
      it('counts and keeps what was refused', async () => {
        const letter = {
          at: start,
          connectionId: 'con_1',
          source: 'topic',
          code: 'not-json',
          reason: 'at byte 3',
          payloadBase64: 'AAEC',
          payloadBytes: 3,
        } as const
        const counter = { connectionId: 'con_1', received: 6, refused: 2, lastAt: start, lagMs: 12 }
        await store.samples.append(
          batch({
            samples: incoming(0, 3),
            deadLetters: [letter, { ...letter, connectionId: null }],
            counters: [counter],
          }),
        )
        await store.samples.append(
          batch({ samples: incoming(2, 5), counters: [{ ...counter, received: 3, refused: 0, lagMs: null }] }),
        )
        expect(await store.intake.counters()).toEqual([
          { connectionId: 'con_1', received: 9, stored: 5, repeated: 1, refused: 2, lastAt: start, lagMs: 12 },
        ])
        const all = await store.intake.deadLetters({ connectionId: null, limit: 10, before: null })
        expect(all.map(({ connectionId }) => connectionId)).toEqual([null, 'con_1'])
        expect(await store.intake.deadLetters({ connectionId: 'con_1', limit: 10, before: null })).toEqual([
          { ...letter, id: 1 },
        ])
        expect(await store.intake.deadLetterCounts()).toEqual([
          { connectionId: null, code: 'not-json', count: 1 },
          { connectionId: 'con_1', code: 'not-json', count: 1 },
        ])
      })
    })

    describe('dead letters', () => {
      it('are found by text, code, time and state, and keep what became of a replay', async () => {
        const letter = (at: number, code: 'not-json' | 'unknown-device', source: string, payload: string) => ({
          ...{ at, connectionId: 'con_1', source, code, reason: `why ${source}` },
          ...{ payloadBase64: Buffer.from(payload).toString('base64'), payloadBytes: payload.length },
        })
        await store.samples.append(
          batch({
            deadLetters: [
              letter(start, 'not-json', 'Topic/A', 'oops'),
              letter(start + 10, 'unknown-device', 'topic/b', '{"device":"Box-7"}'),
              letter(start + 20, 'unknown-device', 'topic/c', '{"device":"box-8"}'),
            ],
          }),
        )
        await store.samples.append(
          batch({
            replays: [
              { id: 2, at: start + 30, status: 'taken', reason: 'one element was taken' },
              { id: 3, at: start + 30, status: 'refused', reason: 'still unknown' },
            ],
          }),
        )
        const found = async (filter: DeadLetterFilter, ids?: number[]) => {
          const letters = await store.intake.deadLetters({
            ...{ connectionId: null, limit: 10, before: null, filter },
            ...(ids && { ids }),
          })
          if (!ids) expect(await store.intake.countDeadLetters({ connectionId: null, filter })).toBe(letters.length)
          return letters.map(({ id }) => id)
        }
        expect(await found({ text: 'topic/a' })).toEqual([1])
        expect(await found({ text: 'Box-7' })).toEqual([2])
        expect(await found({ text: '%' })).toEqual([])
        expect(await found({ code: 'unknown-device' })).toEqual([3, 2])
        expect(await found({ window: { from: start + 10, to: start + 20 } })).toEqual([2])
        expect(await found({ state: 'open' })).toEqual([3, 1])
        expect(await found({ state: 'taken' })).toEqual([2])
        expect(await found({ state: 'open' }, [1, 2])).toEqual([1])
        const [third] = await store.intake.deadLetters({ connectionId: 'con_1', limit: 1, before: null })
        expect(third.replay).toEqual({ at: start + 30, status: 'refused', reason: 'still unknown' })
        expect(third).not.toHaveProperty('route')
        await store.samples.append(
          batch({ deadLetters: [{ ...letter(start, 'unknown-device', 'd', '{}'), route: 'devices/box-8/telemetry' }] }),
        )
        const [fourth] = await store.intake.deadLetters({ connectionId: 'con_1', limit: 1, before: null })
        expect(fourth.route).toBe('devices/box-8/telemetry')
      })
    })

    describe('numbers of messages', () => {
      const minute = 60_000
      const numbers = (...seqs: number[]) =>
        seqs.map((seq) => ({ deviceId: 'dev_1', at: start + seq * minute, seq, lost: 0 }))
      const lost = (from = start, to = start + 1000 * minute) =>
        store.telemetry.lostMessages({ deviceId: 'dev_1', window: { from, to } })

      it('tell what never came, in any order and however often they come', async () => {
        expect(await lost()).toEqual({ numbered: 0, missing: 0, gaps: [] })
        await store.samples.append(batch({ numbers: numbers(1, 2, 3, 7, 8, 12) }))
        await store.samples.append(batch({ numbers: numbers(2, 3, 7) }))
        const [first, second] = [
          { at: start + 7 * minute, after: 3, before: 7, missing: 3 },
          { at: start + 12 * minute, after: 8, before: 12, missing: 3 },
        ]
        expect(await lost()).toEqual({ numbered: 6, missing: 6, gaps: [first, second] })
        expect(await lost(start, start + 10 * minute)).toMatchObject({ numbered: 5, missing: 3, gaps: [first] })
        await store.samples.append(batch({ numbers: numbers(5, 4, 11) }))
        expect(await lost()).toMatchObject({ numbered: 9, missing: 3 })
        await store.samples.append(batch({ numbers: numbers(6, 9, 10) }))
        expect(await lost()).toEqual({ numbered: 12, missing: 0, gaps: [] })
      })

      it('begin anew after a restart of the source, and hold what it lost by its own word', async () => {
        const again = (seq: number) => ({ deviceId: 'dev_1', at: start + (600 + seq) * minute, seq, lost: 0 })
        await store.samples.append(batch({ numbers: [...numbers(500, 501), again(0), again(2)] }))
        expect(await lost()).toMatchObject({ numbered: 4, missing: 1 })
        const told = { deviceId: 'dev_1', at: start + 700 * minute, seq: null, lost: 4 }
        for (const _ of [1, 2]) await store.samples.append(batch({ numbers: [told] }))
        expect((await lost()).missing).toBe(5)
        await store.telemetry.retain({ deviceId: 'dev_1', before: start + 800 * minute })
        expect(await lost()).toEqual({ numbered: 0, missing: 0, gaps: [] })
      })

      it('agree with a recount for any order', async () => {
        const random = makeRandom(7)
        const sent = Array.from({ length: 400 }, (_, seq) => seq).filter(() => random() < 0.8)
        const shuffled = [...sent, ...sent.slice(0, 50)].sort(() => random() - 0.5)
        for (let from = 0; from < shuffled.length; from += 20)
          await store.samples.append(batch({ numbers: numbers(...shuffled.slice(from, from + 20)) }))
        const span = (sent.at(-1) ?? 0) - sent[0] + 1
        expect(await lost()).toMatchObject({ numbered: sent.length, missing: span - sent.length })
      })
    })

    describe('what is held apart', () => {
      const held = (aheadAt: number, payload: string, at = start) => ({
        ...{ at, connectionId: 'con_1', source: 'topic', code: 'ahead-of-time' as const, reason: 'too early', aheadAt },
        ...{ payloadBase64: Buffer.from(payload).toString('base64'), payloadBytes: payload.length },
      })
      const idsOf = (letters: readonly { id: number }[]) => letters.map(({ id }) => id)
      const due = (upTo: number, aheadMs: number, after = 0) =>
        store.intake.heldDue({ upTo, aheadMs, after, limit: 10 })

      it('is kept once, counted, found when it is due, and settled by a replay or by a person', async () => {
        const letters = [
          held(start + 5000, 'a'),
          held(start + 9000, 'b'),
          held(start + 5000, 'a'),
          held(start + 60, 'c'),
        ]
        await store.samples.append(batch({ deadLetters: letters }))
        await store.samples.append(batch({ deadLetters: [held(start + 5000, 'a')] }))
        expect(await store.intake.heldCounts()).toEqual([{ connectionId: 'con_1', count: 3 }])
        expect(await store.intake.deadLetterCounts()).toEqual([])
        const all = { connectionId: null, limit: 10, before: null }
        expect(await store.intake.deadLetters({ ...all, filter: { state: 'open' } })).toEqual([])
        expect((await store.intake.deadLetters({ ...all, filter: { state: 'held' } }))[0].aheadAt).toBe(start + 60)
        expect(idsOf(await due(start + 5000, 10_000))).toEqual([1, 3])
        expect(idsOf(await due(start + 5000, 10_000, 1))).toEqual([3])
        expect(idsOf(await due(start + 5000, 100))).toEqual([3])
        const replays = [{ id: 1, at: start + 6000, status: 'taken' as const, reason: 'one element was taken' }]
        await store.samples.append(batch({ replays, discards: [{ id: 2, at: start + 6000 }] }))
        expect(await store.intake.heldCounts()).toEqual([{ connectionId: 'con_1', count: 1 }])
        expect(idsOf(await due(start + 9000, 10_000))).toEqual([3])
        const discarded = await store.intake.deadLetters({ ...all, filter: { state: 'discarded' } })
        expect(discarded).toMatchObject([{ id: 2, discardedAt: start + 6000 }])
        expect(discarded[0]).not.toHaveProperty('aheadAt')
        // What was settled may come again, and is held apart again.
        await store.samples.append(batch({ deadLetters: [held(start + 5000, 'a')] }))
        expect(await store.intake.heldCounts()).toEqual([{ connectionId: 'con_1', count: 2 }])
      })
    })

    describe('long payloads of dead letters', () => {
      const letter = (bytes: number, aheadAt?: number) => ({
        ...{ at: start, connectionId: 'con_1', source: 'topic', code: 'mapping-failed' as const, reason: 'why' },
        ...{ payloadBase64: Buffer.alloc(bytes, bytes % 251).toString('base64'), payloadBytes: bytes },
        ...(aheadAt !== undefined && { aheadAt }),
      })
      it('are kept whole apart from their beginning; the oldest give way, what is held apart does not', async () => {
        const megabyte = 1024 * 1024
        const most = 8 * megabyte
        await store.samples.append(
          batch({ deadLetters: [letter(16 * 1024), letter(16 * 1024 + 1), letter(most, start + 1), letter(most)] }),
        )
        const list = () => store.intake.deadLetters({ connectionId: null, limit: 100, before: null })
        expect((await list()).map(({ isKeptWhole }) => isKeptWhole)).toEqual([true, true, true, undefined])
        for (const { payloadBase64 } of await list())
          expect(Buffer.from(payloadBase64, 'base64')).toHaveLength(16 * 1024)
        expect(
          Buffer.from((await store.intake.deadLetterBody(2)) ?? []).equals(Buffer.alloc(16_385, 16_385 % 251)),
        ).toBe(true)
        expect(await store.intake.deadLetterBody(1)).toBeNull()
        for (let more = 0; more < 31; more++) await store.samples.append(batch({ deadLetters: [letter(most)] }))
        const kept = (await list()).filter(({ isKeptWhole }) => isKeptWhole).map(({ id }) => id)
        // 256 MiB are 32 of them, and one of these is held apart.
        expect(kept.reverse()).toEqual([3, ...Array.from({ length: 31 }, (_, i) => i + 5)])
      })
    })

    describe('halves that wait for each other', () => {
      const half = (key: string, text = key): KeptHalf => ({
        ...{ key, arrivedAt: start, connectionId: 'con_1', deploymentKey: 'room', event: Buffer.from(text) },
      })
      const waits = (key: string, text?: string): HalfChange => ({ status: 'waits', half: half(key, text) })
      const kept = async () => {
        const { waiting, joined } = await store.intake.halves()
        return [waiting.map(({ event, ...rest }) => [rest.key, Buffer.from(event).toString('utf8')]), joined]
      }

      it('are kept, joined and given up, and are there after opening again', async () => {
        expect(await kept()).toEqual([[], []])
        await store.samples.append(batch({ halves: [waits('b'), waits('a', 'é\0'), waits('c')] }))
        // The same once more, as when an answer was lost on its way.
        await store.samples.append(batch({ halves: [waits('b', 'other')] }))
        await store.samples.append(
          batch({
            samples: [{ sample: sample(0), label: null }],
            halves: [
              { status: 'joined', key: 'b' },
              { status: 'given-up', key: 'c' },
              { status: 'joined', key: 'never waited' },
            ],
          }),
        )
        const left = [[['a', 'é\0']], ['b', 'never waited']]
        expect(await kept()).toEqual(left)
        store = await workspace.reopen()
        expect(await kept()).toEqual(left)
        expect((await store.intake.halves()).waiting[0]).toMatchObject({ ...half('a'), event: expect.anything() })
        // What was joined never waits again.
        await store.samples.append(batch({ halves: [waits('b')] }))
        expect(await kept()).toEqual(left)
      })

      it('stay as they were when the batch fails', async () => {
        await store.samples.append(batch({ halves: [waits('a')] }))
        // Not to be stored, and met after samples and other halves.
        const wrong = { ...half('c'), arrivedAt: 0.5 }
        const halves: HalfChange[] = [{ status: 'joined', key: 'a' }, waits('b'), { status: 'waits', half: wrong }]
        await expect(store.samples.append(batch({ samples: incoming(0, 1), halves }))).rejects.toThrow()
        expect(await kept()).toEqual([[['a', 'a']], []])
        expect((await store.facts()).samples).toBe(0)
      })

      it('are remembered once joined, but not for ever', async () => {
        const joined = Array.from({ length: 20_100 }, (_, i): HalfChange => ({ status: 'joined', key: `k${i}` }))
        await store.samples.append(batch({ halves: [waits('old'), ...joined] }))
        const { waiting, joined: keys } = await store.intake.halves()
        expect(waiting.map(({ key }) => key)).toEqual(['old'])
        expect(keys.length).toBeLessThanOrEqual(20_000)
        expect(keys.at(-1)).toBe('k20099')
      })
    })

    describe('blobs', () => {
      const bytes = Buffer.from('some evidence')
      const digest = sha256(bytes).toString('hex')

      it('are named by their content', async () => {
        expect(await store.blobs.has(digest)).toBe(false)
        expect(await store.blobs.put(bytes)).toEqual({ digest, bytes: bytes.length })
        expect(await store.blobs.put(bytes)).toEqual({ digest, bytes: bytes.length })
        store = await workspace.reopen()
        expect(Buffer.from((await store.blobs.get(digest)) ?? [])).toEqual(bytes)
        expect(await store.blobs.size(digest)).toBe(bytes.length)
        expect(await store.blobs.path(digest)).toContain(digest)
        for (const hostile of ['../workspace.sqlite', '', 'A'.repeat(64), `${digest}/..`]) {
          expect(await store.blobs.get(hostile)).toBeNull()
          expect(await store.blobs.path(hostile)).toBeNull()
        }
      })

      it('are uploaded in pieces that must follow each other', async () => {
        const id = '../../hostile id'
        expect(await store.blobs.stage(id, 0, bytes.subarray(0, 5), false)).toEqual({ receivedBytes: 5, digest: null })
        await expect(store.blobs.stage(id, 7, bytes.subarray(7), true)).rejects.toThrow('byte 5')
        expect(await store.blobs.stage(id, 5, bytes.subarray(5), true)).toEqual({ receivedBytes: bytes.length, digest })
        expect(Buffer.from((await store.blobs.get(digest)) ?? [])).toEqual(bytes)
      })
    })
  })
}

type Table = Awaited<ReturnType<Store['samples']['table']>>
const labelledAt = ({ label: column }: Table, row: number): boolean =>
  column?.type === 'categorical' && column.codes[row] >= 0
const labelledCount = (table: Table): number => {
  let count = 0
  for (let row = 0; row < table.n; row += 1) if (labelledAt(table, row)) count += 1
  return count
}
