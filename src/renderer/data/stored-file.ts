import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { RpcError } from '../../contract/rpc.ts'
import type { RpcClient } from '../rpc/client.ts'
import { useRpcClient } from '../rpc/hooks.ts'

export type StoredFile = { bytes: Uint8Array<ArrayBuffer>; mediaType: string }

/** Reads a stored file piece by piece. `onProgress` hears the share that has come, in [0, 1]. Rejects with an RpcError. */
export async function readStoredFile(
  client: RpcClient,
  digest: string,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (share: number) => void } = {},
): Promise<StoredFile> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let offset = 0
  for (;;) {
    const { base64, totalBytes, mediaType } = await client.call('files.read', { digest, offset }, { signal })
    const part = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
    parts.push(part)
    offset += part.length
    onProgress?.(totalBytes === 0 ? 1 : offset / totalBytes)
    // An empty piece before the end would otherwise be asked for for ever.
    if (offset >= totalBytes || part.length === 0) return { bytes: joined(parts, offset), mediaType }
  }
}

function joined(parts: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.length
  }
  return whole
}

/** A stored file whole; content never changes under a digest, so it is asked for once. */
export function useStoredFile(digest: string | null) {
  const client = useRpcClient()
  return useQuery<StoredFile, RpcError>({
    queryKey: ['file', digest],
    queryFn: ({ signal }) => readStoredFile(client, digest ?? '', { signal }),
    enabled: digest !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

/** Formats that show a picture and can do nothing else. */
const pictureTypes = ['image/png', 'image/jpeg']

/** Address of a stored PNG or JPEG for `<img>`. Content never changes under a digest, so it is asked for once. */
export function usePicture(digest: string | null) {
  const client = useRpcClient()
  return useQuery<string, RpcError>({
    queryKey: ['picture', digest],
    queryFn: async ({ signal }) => {
      const { bytes, mediaType } = await readStoredFile(client, digest ?? '', { signal })
      if (!pictureTypes.includes(mediaType)) throw new Error(`A picture cannot be ${mediaType}`)
      return `data:${mediaType};base64,${toBase64(bytes)}`
    },
    enabled: digest !== null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
}

/** Bytes as base64, in steps that no call's argument list is too short for. */
export function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}

/** Hands bytes to the person as a file. */
export function saveFile({ bytes, mediaType }: StoredFile, fileName: string): void {
  const address = URL.createObjectURL(new Blob([bytes], { type: mediaType }))
  const link = document.createElement('a')
  link.href = address
  link.download = fileName
  link.click()
  // The browser reads it after the click returns.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

export type Download = {
  download: (digest: string, fileName: string) => Promise<void>
  /** Share that has come, null when nothing is under way. */
  done: number | null
  problem: string | null
}

/** Fetches a stored file by digest and hands it to the person. */
export function useDownload(): Download {
  const client = useRpcClient()
  const [done, setDone] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const download = useCallback(
    async (digest: string, fileName: string) => {
      setProblem(null)
      setDone(0)
      try {
        saveFile(await readStoredFile(client, digest, { onProgress: setDone }), fileName)
      } catch (error) {
        setProblem(error instanceof Error ? error.message : String(error))
      } finally {
        setDone(null)
      }
    },
    [client],
  )
  return { download, done, problem }
}
