import { createHash, hash, randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BlobStore } from '../store.ts'
import { isAbsent, sizeOf, syncFolder } from './blob-files.ts'
import type { Connection } from './database.ts'
import { makeSampleBlobFiles } from './sample-blob-files.ts'
import { makeSampleBlobReader, type SampleBlobWriter } from './sample-blob-rows.ts'

/** Bytes that no longer match their name: a damaged disk or a changed file. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError'
  constructor(digest: string) {
    super(`The stored file ${digest} is damaged: its content no longer has this SHA-256`)
  }
}

const isDigest = (text: string) => /^[0-9a-f]{64}$/.test(text)
/** Read as a stream: an upload may be larger than the memory that the service may take. */
async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex')
}

/**
 * Files named by their SHA-256 under `blobs/`, two letters of it a folder; those that came with samples alike under `blobs/samples/`.
 * Only digests and hashes of upload ids become file names. Uploads in progress do not outlive the writer. `sampleRows` is null
 * where the workspace is open for reading.
 */
export function makeBlobs(workspace: string, connection: Connection, sampleRows: SampleBlobWriter | null): BlobStore {
  const mode = sampleRows === null ? 'read' : 'write'
  const root = join(workspace, 'blobs')
  const staging = join(root, 'staging')
  if (mode === 'write') {
    rmSync(staging, { recursive: true, force: true })
    mkdirSync(staging, { recursive: true })
  }
  const pathOf = (digest: string) => join(root, digest.slice(0, 2), digest)
  const ofSamples = join(root, 'samples')
  const samplePathOf = (digest: string) => join(ofSamples, digest.slice(0, 2), digest)
  const known = makeSampleBlobReader(connection)
  const samples =
    sampleRows === null
      ? null
      : makeSampleBlobFiles({
          ...{ root: ofSamples, staging, rows: sampleRows, usedBytes: () => known.usage().bytes },
          isHeld: async (digest, bytes) => (await sizeOf(pathOf(digest))) === bytes,
        })
  const verified = new Set<string>()
  /** Chunks of one upload are taken one after the other. */
  const uploads = new Map<string, Promise<unknown>>()

  function requireWriter() {
    if (samples === null) throw new Error('The workspace is open for reading only')
    return samples
  }

  /** Gives a synced temporary file its final name, for good. */
  async function keep(temporary: string, digest: string): Promise<void> {
    const path = pathOf(digest)
    const folder = dirname(path)
    await mkdir(folder, { recursive: true })
    await rename(temporary, path)
    await syncFolder(folder)
    await syncFolder(root)
    if ((await sizeOf(samplePathOf(digest))) !== null) await samples?.hand(digest)
  }

  async function put(bytes: Uint8Array): Promise<{ digest: string; bytes: number }> {
    requireWriter()
    const digest = hash('sha256', bytes, 'hex')
    const size = await sizeOf(pathOf(digest))
    if (size === bytes.length && (await readVerified(digest).catch(() => null)) !== null)
      return { digest, bytes: bytes.length }
    const temporary = join(staging, `put-${randomUUID()}`)
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await keep(temporary, digest)
    } finally {
      await rm(temporary, { force: true })
    }
    return { digest, bytes: bytes.length }
  }

  async function appendChunk(uploadId: string, offset: number, chunk: Uint8Array, isLast: boolean) {
    const temporary = join(staging, `upload-${hash('sha256', uploadId, 'hex')}`)
    const received = (await sizeOf(temporary)) ?? 0
    if (offset !== received)
      throw new RangeError(`The upload goes on at byte ${received}, but a chunk for byte ${offset} came`)
    const file = await open(temporary, 'a', 0o600)
    try {
      await file.writeFile(chunk)
      if (isLast) await file.sync()
    } finally {
      await file.close()
    }
    const receivedBytes = received + chunk.length
    if (!isLast) return { receivedBytes, digest: null }
    const digest = await digestOf(temporary)
    await keep(temporary, digest)
    return { receivedBytes, digest }
  }

  async function stage(uploadId: string, offset: number, chunk: Uint8Array, isLast: boolean) {
    requireWriter()
    const before = uploads.get(uploadId) ?? Promise.resolve()
    const next = before.catch(() => undefined).then(() => appendChunk(uploadId, offset, chunk, isLast))
    uploads.set(uploadId, next)
    try {
      return await next
    } finally {
      if (uploads.get(uploadId) === next) uploads.delete(uploadId)
    }
  }

  async function readVerified(digest: string): Promise<Uint8Array | null> {
    if (!isDigest(digest)) return null
    for (const path of [pathOf(digest), samplePathOf(digest)])
      try {
        const bytes = await readFile(path)
        if (hash('sha256', bytes, 'hex') !== digest) throw new DamagedBlobError(digest)
        verified.add(path)
        return bytes
      } catch (error) {
        if (!isAbsent(error)) throw error
      }
    return null
  }

  /** Where a blob lies; null where there is none. */
  async function find(digest: string): Promise<{ path: string; size: number } | null> {
    if (!isDigest(digest)) return null
    for (const path of [pathOf(digest), samplePathOf(digest)]) {
      const size = await sizeOf(path)
      if (size !== null) return { path, size }
    }
    return null
  }

  return {
    put,
    putSample: async (bytes, options) => requireWriter().putSample(bytes, options),
    hold: async (digest) => {
      const writer = requireWriter()
      if (!isDigest(digest) || (await sizeOf(samplePathOf(digest))) === null) return
      const bytes = await readVerified(digest)
      if (bytes !== null) await put(bytes)
      await writer.hand(digest)
    },
    sweepSamples: async (options) => requireWriter().sweepSamples(options),
    usage: async () => known.usage(),
    removedAt: async (digest) => known.removedAt(digest),
    removedAmong: async (digests) => known.removedAmong(digests),
    stage,
    get: readVerified,
    size: async (digest) => (await find(digest))?.size ?? null,
    has: async (digest) => (await find(digest)) !== null,
    path: async (digest) => {
      const found = await find(digest)
      if (found === null) return null
      if (!verified.has(found.path) && (await readVerified(digest)) === null) return null
      return found.path
    },
  }
}
