import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IncomingSample, SampleBlob } from '../../../src/contract/intake.ts'
import type { Store } from '../../../src/store/store.ts'
import { batch, deployment, draft, label, model, sample, start, version } from './store-data.ts'
import type { Workspace } from './store-suite.ts'

const day = 86_400_000
const minute = 60_000
const plenty = 1e9

/** A file of so many bytes, like no other of another number. */
const file = (number: number, bytes = 1000) => Buffer.alloc(bytes, `file ${number};`)

/** What every adapter must do with the files that come with samples. */
export function describeSampleBlobs(open: () => Promise<Workspace>): void {
  describe('files of samples', () => {
    let workspace: Workspace
    let store: Store
    let now = start
    beforeEach(async () => {
      workspace = await open()
      store = workspace.store
      now = start
    })
    afterEach(() => workspace.remove())

    /** Stores a sample with a file, as the intake does. */
    async function take(number: number, quotaBytes = plenty, bytes = file(number), over: { at?: number } = {}) {
      const { digest, state } = await store.blobs.putSample(bytes, { quotaBytes, now })
      const blobs: SampleBlob[] = state === 'held' ? [] : [{ digest, bytes: bytes.length, isKept: state === 'kept' }]
      const item: IncomingSample = {
        sample: sample(number, { inputs: { frame: digest }, ...over }),
        label: null,
        blobs,
      }
      await store.samples.append(batch({ samples: [item] }))
      return { digest, state }
    }
    const sweep = (quotaBytes = plenty) => store.blobs.sweepSamples({ quotaBytes, now })
    const nothing = { files: 0, bytes: 0 }

    it('are read like any other, counted, and stored once', async () => {
      const { digest, state } = await take(1)
      expect(state).toBe('kept')
      expect((await take(2, plenty, file(1))).digest).toBe(digest)
      expect(Buffer.from((await store.blobs.get(digest)) ?? [])).toEqual(file(1))
      expect(await store.blobs.size(digest)).toBe(1000)
      expect(await store.blobs.path(digest)).toContain(digest)
      expect(await store.blobs.usage()).toEqual({ files: 1, bytes: 1000, reviewedBytes: 0, removed: 0 })
      store = await workspace.reopen()
      expect(await store.blobs.has(digest)).toBe(true)
      now += day
      expect(await sweep()).toEqual({ unused: nothing, forQuota: nothing })
    })

    it('make room for newer ones, the oldest first, and say when they went', async () => {
      const taken: string[] = []
      for (let number = 0; number < 6; number++) {
        taken.push((await take(number, 4000)).digest)
        now += day
      }
      const kept = await Promise.all(taken.map((digest) => store.blobs.has(digest)))
      expect(kept.slice(-3)).toEqual([true, true, true])
      expect(kept[0]).toBe(false)
      const { bytes, removed, files } = await store.blobs.usage()
      expect(bytes).toBeLessThanOrEqual(4000)
      expect(files + removed).toBe(6)
      expect(await store.blobs.removedAt(taken[0])).toBeGreaterThan(start)
      expect(await store.blobs.removedAt(taken[5])).toBeNull()
      expect(await store.blobs.removedAmong(taken)).toEqual(taken.filter((_, index) => !kept[index]))
      expect(await store.blobs.get(taken[0])).toBeNull()
      expect(await store.blobs.path(taken[0])).toBeNull()
      // Told once, with what the next sweep would have removed.
      expect((await sweep(4000)).forQuota).toEqual({ files: removed, bytes: removed * 1000 })
      expect((await sweep(4000)).forQuota).toEqual(nothing)
      // It came again: it is there again.
      const again = await take(10, 4000, file(0))
      expect(await store.blobs.removedAt(again.digest)).toBeNull()
      expect(await store.blobs.has(again.digest)).toBe(true)
    })

    it('of reviewed samples stay longest; where all are, new ones are not kept but their samples are', async () => {
      const first = await take(0, 2000)
      const second = await take(1, 2000)
      await store.records.commit([], draft(), {
        labels: [0, 1].map((n) => label(n, 'cat', { source: 'review:usr_1' })),
      })
      expect((await store.blobs.usage()).reviewedBytes).toBe(2000)
      now += day
      const third = await take(2, 2000)
      expect(third.state).toBe('over-quota')
      expect(await store.blobs.removedAt(third.digest)).toBe(sample(2).arrivedAt)
      expect((await store.samples.get('dep_1', sample(2).id))?.inputs.frame).toBe(third.digest)
      expect(await Promise.all([first, second, third].map(({ digest }) => store.blobs.has(digest)))).toEqual([
        ...[true, true, false],
      ])
    })

    it('that were just put are not removed, whoever needs room', async () => {
      const first = await take(0, 2000)
      const second = await take(1, 2000)
      now += minute
      expect((await take(2, 2000)).state).toBe('over-quota')
      expect(await store.blobs.has(first.digest)).toBe(true)
      expect(await store.blobs.has(second.digest)).toBe(true)
      // Put again after a day, before the sample that names it is stored.
      now += day
      await store.blobs.putSample(file(0), { quotaBytes: 2000, now })
      expect((await take(3, 2000)).state).toBe('kept')
      expect(await store.blobs.has(first.digest)).toBe(true)
      expect(await store.blobs.has(second.digest)).toBe(false)
    })

    it('are swept when no sample names them, but not while they may be about to be named', async () => {
      const { digest } = await store.blobs.putSample(file(1), { quotaBytes: plenty, now })
      now += minute
      expect((await sweep()).unused).toEqual(nothing)
      expect(await store.blobs.has(digest)).toBe(true)
      now += day
      // The message comes again after all, a moment before the sweep.
      await store.blobs.putSample(file(1), { quotaBytes: plenty, now })
      const [swept] = await Promise.all([sweep(), take(1)])
      expect(swept.unused).toEqual(nothing)
      expect(await store.blobs.has(digest)).toBe(true)
      const stray = await store.blobs.putSample(file(2), { quotaBytes: plenty, now })
      now += day
      expect((await sweep()).unused).toEqual({ files: 1, bytes: 1000 })
      expect(await store.blobs.has(stray.digest)).toBe(false)
      expect(await store.blobs.has(digest)).toBe(true)
    })

    it('go with their last sample, hot or sealed', async () => {
      await store.records.commit(
        [
          { ...model('mdl_1'), revision: null },
          { ...version('ver_1', 'mdl_1', '1'), revision: null },
          { ...deployment('dep_1', { rawDays: 2, maxSamples: null, profileDays: 400 }), revision: null },
        ],
        draft(),
      )
      const sealed = await take(0)
      const shared = await take(1, plenty, file(99))
      await store.samples.seal({ olderThan: start + 10 * day, maxRows: 1000 })
      const hot = await take(2)
      const young = await take(3, plenty, file(99), { at: start + 5 * day })
      expect(young.digest).toBe(shared.digest)
      now = start + 6 * day
      await store.samples.retain({ now })
      expect((await sweep()).unused).toEqual({ files: 2, bytes: 2000 })
      expect(await store.blobs.has(sealed.digest)).toBe(false)
      expect(await store.blobs.has(hot.digest)).toBe(false)
      expect(await store.blobs.has(shared.digest)).toBe(true)
      expect(await store.blobs.usage()).toMatchObject({ files: 1, bytes: 1000, removed: 0 })
    })

    it('that something else names too leave the quota for good', async () => {
      const { digest } = await take(0)
      await store.blobs.put(file(0))
      const { digest: named } = await take(1)
      await store.blobs.hold(named)
      expect(await store.blobs.usage()).toEqual({ files: 0, bytes: 0, reviewedBytes: 0, removed: 0 })
      now += day
      expect(await sweep(0)).toEqual({ unused: nothing, forQuota: nothing })
      expect(Buffer.from((await store.blobs.get(digest)) ?? [])).toEqual(file(0))
      expect(Buffer.from((await store.blobs.get(named)) ?? [])).toEqual(file(1))
      expect((await take(2, 0, file(0))).state).toBe('held')
    })

    it('keep to a quota that is lowered', async () => {
      for (let number = 0; number < 4; number++) await take(number)
      now += day
      expect((await sweep(2000)).forQuota).toEqual({ files: 3, bytes: 3000 })
      expect((await store.blobs.usage()).bytes).toBe(1000)
    })
  })
}
