import { open, stat } from 'node:fs/promises'
import { CliFault } from '../fault.ts'
import type { OpenWorkspace } from '../open-workspace.ts'

const chunkBytes = 2 ** 20

/** Brings a file into the workspace, a chunk at a time; returns its digest. */
export async function stageFile({ call }: OpenWorkspace, path: string, uploadId: string): Promise<string> {
  const { size } = await stat(path)
  if (size === 0) throw new CliFault(`${path} is empty`)
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(chunkBytes)
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, chunkBytes, offset)
      const isLast = offset + bytesRead >= size
      const base64 = buffer.subarray(0, bytesRead).toString('base64')
      const { digest } = await call('files.stage', { uploadId, offset, base64, isLast })
      offset += bytesRead
      if (isLast) {
        if (digest === null) throw new CliFault(`${path} was changed while it was read`)
        return digest
      }
      if (bytesRead === 0) throw new CliFault(`${path} became shorter while it was read`)
    }
  } finally {
    await file.close()
  }
}
