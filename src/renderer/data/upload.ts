import { useCallback, useRef, useState } from 'react'
import type { RpcClient } from '../rpc/client.ts'
import { useRpcClient } from '../rpc/hooks.ts'
import { toBase64 } from './stored-file.ts'

const chunkBytes = 1024 * 1024

export type StagedFile = { name: string; bytes: number; digest: string }

/**
 * Sends a file to the service in pieces and resolves with the digest that the service computed. `onProgress` hears the share
 * sent, in [0, 1]. Rejects with an RpcError, `cancelled` when the signal is aborted.
 */
export async function stageFile(
  client: RpcClient,
  file: File,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {},
): Promise<StagedFile> {
  const uploadId = crypto.randomUUID()
  let offset = 0
  for (;;) {
    const bytes = new Uint8Array(await file.slice(offset, offset + chunkBytes).arrayBuffer())
    const isLast = offset + bytes.length >= file.size
    const input = { uploadId, offset, base64: toBase64(bytes), isLast }
    const { digest } = await client.call('files.stage', input, { signal })
    offset += bytes.length
    onProgress?.(file.size === 0 ? 1 : offset / file.size)
    if (!isLast) continue
    if (digest === null) throw new Error('The service did not say what arrived')
    return { name: file.name, bytes: file.size, digest }
  }
}

export type Upload = {
  upload: (file: File) => Promise<StagedFile | null>
  staged: StagedFile | null
  /** Share sent, null when nothing is under way. */
  done: number | null
  problem: string | null
  cancel: () => void
  reset: () => void
}

/** One file at a time: a new one takes the place of the last. */
export function useUpload(): Upload {
  const client = useRpcClient()
  const [staged, setStaged] = useState<StagedFile | null>(null)
  const [done, setDone] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const controller = useRef<AbortController | null>(null)

  const upload = useCallback(
    async (file: File) => {
      controller.current?.abort()
      const mine = new AbortController()
      controller.current = mine
      setStaged(null)
      setProblem(null)
      setDone(0)
      try {
        const result = await stageFile(client, file, { signal: mine.signal, onProgress: setDone })
        setStaged(result)
        return result
      } catch (error) {
        if (!mine.signal.aborted) setProblem(error instanceof Error ? error.message : String(error))
        return null
      } finally {
        if (controller.current === mine) setDone(null)
      }
    },
    [client],
  )
  const cancel = useCallback(() => {
    controller.current?.abort()
    setDone(null)
  }, [])
  const reset = useCallback(() => {
    controller.current?.abort()
    setStaged(null)
    setDone(null)
    setProblem(null)
  }, [])
  return { upload, staged, done, problem, cancel, reset }
}
