import { open } from 'node:fs/promises'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { sniffMediaType } from '../files/media-type.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Largest file that a page may bring. */
export const maxFileBytes = 512 * 2 ** 20
const chunkBytes = 2 ** 20
const headBytes = 4096

const inMiB = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`

/** Files in and out, a chunk at a time; only what is stored under its digest can be read. */
export function createFileHandlers({ store }: Pick<ServiceContext, 'store'>): HandlersOf<'files'> {
  async function sayAbsent(digest: string): Promise<string> {
    const removedAt = await store.blobs.removedAt(digest)
    if (removedAt === null) return 'There is no such file'
    return `Removed on ${new Date(removedAt).toISOString().slice(0, 10)}: the files of samples had no more room`
  }

  return {
    'files.stage': async ({ uploadId, offset, base64, isLast }, { caller }) => {
      const chunk = Buffer.from(base64, 'base64')
      if (chunk.length > chunkBytes) throw new RpcError('too-large', `A chunk may have ${chunkBytes} bytes`)
      if (offset + chunk.length > maxFileBytes)
        throw new RpcError('too-large', `A file may have ${inMiB(maxFileBytes)}`)
      try {
        // Nobody adds to an upload of somebody else.
        return await store.blobs.stage(`${caller.userId} ${uploadId}`, offset, chunk, isLast)
      } catch (error) {
        if (error instanceof RangeError) throw new RpcError('conflict', error.message)
        throw error
      }
    },

    'files.read': async ({ digest, offset }) => {
      const path = await store.blobs.path(digest)
      if (path === null) throw new RpcError('not-found', await sayAbsent(digest))
      const file = await open(path)
      try {
        const { size } = await file.stat()
        const head = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
        const part = await file.read(Buffer.alloc(chunkBytes), 0, chunkBytes, offset)
        return {
          base64: part.buffer.subarray(0, part.bytesRead).toString('base64'),
          totalBytes: size,
          mediaType: sniffMediaType(head.buffer.subarray(0, head.bytesRead)),
        }
      } finally {
        await file.close()
      }
    },
  }
}
