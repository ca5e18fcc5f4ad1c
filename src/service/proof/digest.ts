import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** SHA-256 as 32 bytes. The form that the pure rules take as their `Sha256`. */
export function sha256Bytes(data: Uint8Array | string): Uint8Array {
  return new Uint8Array(hash('sha256', data, 'buffer'))
}

/** SHA-256 in lower-case hexadecimal; a string counts as its UTF-8 bytes. */
export function sha256Hex(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex')
}

/**
 * SHA-256 of a file in lower-case hexadecimal, and its size in bytes, read as a stream. Rejects with the file system's
 * error, or with the signal's reason when aborted.
 */
export async function sha256OfFile(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash('sha256')
  const file = createReadStream(path)
  await pipeline(file, digest, { signal })
  return { sha256: digest.digest('hex'), bytes: file.bytesRead }
}
