import { hash, randomUUID } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobStore, BlobSweep } from '../store.ts'
import { isAbsent, sizeOf, syncFolder } from './blob-files.ts'
import type { SampleBlobWriter } from './sample-blob-rows.ts'

export interface SampleBlobFilesOptions {
  /** Folder of the files that came with samples, two letters of the digest a folder below. */
  readonly root: string
  readonly staging: string
  readonly rows: SampleBlobWriter
  /** Bytes of those that are stored, when the workspace is opened. */
  readonly usedBytes: () => number
  /** Whether a file is stored for another use. */
  readonly isHeld: (digest: string, bytes: number) => Promise<boolean>
}

/** A file that was put so lately may be about to be named by a sample: it is not removed. */
export const graceMs = 15 * 60_000
/** When there is no room, so much more than needed is made, so that not every file has to make its own. */
const spareShare = 0.05
const looked = 200

/**
 * The files that came with samples, under a quota. One thing is done at a time, so that nothing is removed while it is put. A file
 * is written before its sample is stored, and the row that names it comes with the sample: what a crash leaves without a row
 * is swept.
 */
export function makeSampleBlobFiles({ root, staging, rows, usedBytes, isHeld }: SampleBlobFilesOptions) {
  const pathOf = (digest: string) => join(root, digest.slice(0, 2), digest)
  let used: number | null = null
  /** Removed to make room since it was last told. */
  let evicted: BlobSweep = { files: 0, bytes: 0 }
  let last: Promise<unknown> = Promise.resolve()

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work)
    last = next.catch(() => undefined)
    return next
  }

  const isFresh = async (digest: string, now: number): Promise<boolean> => {
    try {
      return (await stat(pathOf(digest))).mtimeMs > now - graceMs
    } catch (error) {
      if (isAbsent(error)) return false
      throw error
    }
  }

  async function unlink(digest: string, bytes: number): Promise<void> {
    await rm(pathOf(digest), { force: true })
    used = Math.max(0, (used ?? usedBytes()) - bytes)
  }

  /** Removes the oldest that nobody has reviewed until so many bytes fit; false when they never will. */
  async function makeRoom(need: number, quotaBytes: number, now: number): Promise<boolean> {
    used ??= usedBytes()
    if (used + need <= quotaBytes) return true
    if (need > quotaBytes) return false
    const goal = Math.max(0, quotaBytes * (1 - spareShare) - need)
    for (let after = 0; used > goal; ) {
      const found = rows.oldestUnreviewed(after, looked)
      if (found.length === 0) break
      for (const { ref, digest, bytes } of found) {
        after = ref
        if (used <= goal) break
        if ((await isFresh(digest, now)) || !rows.markRemoved(ref, now)) continue
        await unlink(digest, bytes)
        evicted = { files: evicted.files + 1, bytes: evicted.bytes + bytes }
      }
    }
    return used + need <= quotaBytes
  }

  async function write(bytes: Uint8Array, digest: string): Promise<void> {
    const temporary = join(staging, `sample-${randomUUID()}`)
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      const path = pathOf(digest)
      await mkdir(dirname(path), { recursive: true })
      await rename(temporary, path)
      await syncFolder(dirname(path))
    } finally {
      await rm(temporary, { force: true })
    }
  }

  async function put(bytes: Uint8Array, { quotaBytes, now }: { quotaBytes: number; now: number }) {
    const digest = hash('sha256', bytes, 'hex')
    const stored = (state: 'kept' | 'held' | 'over-quota') => ({ digest, bytes: bytes.length, state })
    if (await isHeld(digest, bytes.length)) return stored('held')
    if ((await sizeOf(pathOf(digest))) === bytes.length) {
      // From now on it is young again: nothing removes it before its sample is stored.
      await utimes(pathOf(digest), now / 1000, now / 1000)
      return stored('kept')
    }
    if (!(await makeRoom(bytes.length, quotaBytes, now))) return stored('over-quota')
    await write(bytes, digest)
    await utimes(pathOf(digest), now / 1000, now / 1000)
    used = (used ?? usedBytes()) + bytes.length
    return stored('kept')
  }

  /** Files of which no stored sample speaks any more. */
  async function sweepUnused(now: number): Promise<BlobSweep> {
    const swept = { files: 0, bytes: 0 }
    for (let after = 0; ; ) {
      const found = rows.unused(after, looked)
      if (found.length === 0) return swept
      for (const { ref, digest, bytes, removed } of found) {
        after = ref
        if ((await isFresh(digest, now)) || !rows.forget(ref) || removed === 1) continue
        await unlink(digest, bytes)
        swept.files += 1
        swept.bytes += bytes
      }
    }
  }

  /** Files that have no row: what was put, and then its sample was never stored. */
  async function sweepStray(now: number): Promise<BlobSweep> {
    const swept = { files: 0, bytes: 0 }
    const folders = await readdir(root).catch(() => [])
    for (const folder of folders)
      for (const digest of await readdir(join(root, folder)).catch(() => [])) {
        const row = rows.find(digest)
        if ((row !== null && row.removed === 0) || (await isFresh(digest, now))) continue
        swept.bytes += (await sizeOf(pathOf(digest))) ?? 0
        swept.files += 1
        await rm(pathOf(digest), { force: true })
      }
    return swept
  }

  return {
    pathOf,
    putSample: (bytes: Uint8Array, options: { quotaBytes: number; now: number }) => inTurn(() => put(bytes, options)),
    /** A file of other use is stored under this digest: the sample's copy goes, and with it its quota. */
    hand: (digest: string): Promise<void> =>
      inTurn(async () => {
        const row = rows.find(digest)
        if (row !== null) {
          rows.hand(row.ref)
          if (row.removed === 0) used = Math.max(0, (used ?? usedBytes()) - row.bytes)
        }
        await rm(pathOf(digest), { force: true })
      }),
    sweepSamples: ({ quotaBytes, now }: { quotaBytes: number; now: number }): ReturnType<BlobStore['sweepSamples']> =>
      inTurn(async () => {
        const unused = await sweepUnused(now)
        const stray = await sweepStray(now)
        // What strays left behind is not counted; from here on the sum is exact again.
        used = usedBytes()
        await makeRoom(0, quotaBytes, now)
        const forQuota = evicted
        evicted = { files: 0, bytes: 0 }
        return {
          unused: { files: unused.files + stray.files, bytes: unused.bytes + stray.bytes },
          forQuota,
        }
      }),
  }
}
