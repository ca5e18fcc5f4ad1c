import { createHash, hash, randomUUID } from 'node:crypto'
import { createReadStream, mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { BlobStore } from '../store.ts'

/** Bytes that no longer match their name: a damaged disk or a changed file. */
export class DamagedBlobError extends Error {
  override readonly name = 'DamagedBlobError'
  constructor(digest: string) {
    super(`The stored file ${digest} is damaged: its content no longer has this SHA-256`)
  }
}

const isDigest = (text: string) => /^[0-9a-f]{64}$/.test(text)
const isAbsent = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'ENOENT'

async function syncFolder(folder: string): Promise<void> {
  // Windows neither opens folders nor needs this.
  if (process.platform === 'win32') return
  const handle: FileHandle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isAbsent(error)) return null
    throw error
  }
}

/** Read as a stream: an upload may be larger than the memory that the service may take. */
async function digestOf(path: string): Promise<string> {
  const digest = createHash('sha256')
  await pipeline(createReadStream(path), digest)
  return digest.digest('hex')
}

/**
 * Files named by their SHA-256 under `blobs/`, two letters of it a folder. Only digests and hashes of upload ids become
 * file names. Uploads in progress do not outlive the writer.
 */
export function makeBlobs(workspace: string, mode: 'write' | 'read'): BlobStore {
  const root = join(workspace, 'blobs')
  const staging = join(root, 'staging')
  if (mode === 'write') {
    rmSync(staging, { recursive: true, force: true })
    mkdirSync(staging, { recursive: true })
  }
  const pathOf = (digest: string) => join(root, digest.slice(0, 2), digest)
  const verified = new Set<string>()
  /** Chunks of one upload are taken one after the other. */
  const uploads = new Map<string, Promise<unknown>>()

  function requireWriter(): void {
    if (mode === 'read') throw new Error('The workspace is open for reading only')
  }

  /** Gives a synced temporary file its final name, for good. */
  async function keep(temporary: string, digest: string): Promise<void> {
    const path = pathOf(digest)
    const folder = dirname(path)
    await mkdir(folder, { recursive: true })
    await rename(temporary, path)
    await syncFolder(folder)
    await syncFolder(root)
  }

  async function put(bytes: Uint8Array): Promise<{ digest: string; bytes: number }> {
    requireWriter()
    const digest = hash('sha256', bytes, 'hex')
    const known = await sizeOf(pathOf(digest))
    if (known === bytes.length && (await readVerified(digest).catch(() => null)) !== null)
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
    try {
      const bytes = await readFile(pathOf(digest))
      if (hash('sha256', bytes, 'hex') !== digest) throw new DamagedBlobError(digest)
      verified.add(digest)
      return bytes
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  }

  const size = async (digest: string) => (isDigest(digest) ? sizeOf(pathOf(digest)) : null)
  return {
    put,
    stage,
    get: readVerified,
    size,
    has: async (digest) => (await size(digest)) !== null,
    path: async (digest) => {
      if (!isDigest(digest)) return null
      const path = pathOf(digest)
      if (verified.has(digest)) return path
      if ((await sizeOf(path)) === null) return null
      if ((await digestOf(path)) !== digest) throw new DamagedBlobError(digest)
      verified.add(digest)
      return path
    },
  }
}
