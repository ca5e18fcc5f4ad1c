import { hash } from 'node:crypto'
import { findHeaderFault } from './header.ts'

/** A blob taken out of a message: its bytes and the SHA-256 under which it will be stored. */
export interface Blob {
  readonly digest: string
  readonly bytes: Uint8Array
}

/** Longest text of a sample, bytes of UTF-8. */
export const mostTextBytes = 256 * 1024

const dataUri = /^data:([a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[a-z0-9-]+=[^;,]*)*;base64,/i

/** The base64 of a data URI, or the text itself where it is none. */
export function base64Of(text: string): string {
  const prefix = text.startsWith('data:') ? dataUri.exec(text.slice(0, 200))?.[0] : undefined
  return prefix === undefined ? text : text.slice(prefix.length)
}

export const blobOf = (bytes: Uint8Array): Blob => ({ digest: hash('sha256', bytes, 'hex'), bytes })

/** Decodes base64 (or a data URI with it) into a picture or recording of at most `maxBytes`; a sentence when it is not one. */
export function takeBlob(text: string, kind: 'image' | 'audio', maxBytes: number): Blob | string {
  const base64 = base64Of(text)
  if (base64.length > Math.ceil(maxBytes / 3) * 4)
    return `${base64.length} characters of base64; at most ${maxBytes} bytes are taken`
  const bytes = Buffer.from(base64, 'base64')
  // Characters that are none of base64 are skipped while decoding, and then there are fewer bytes.
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0
  if (bytes.length !== Math.floor(((base64.length - padding) * 3) / 4)) return 'this is not base64'
  return findHeaderFault(bytes, kind) ?? blobOf(bytes)
}

/** A text as the bytes that are stored; a sentence when it is too long. */
export function takeText(text: string): Blob | string {
  const bytes = Buffer.from(text.toWellFormed(), 'utf8')
  return bytes.length > mostTextBytes
    ? `a text of ${bytes.length} bytes; at most ${mostTextBytes} are taken`
    : blobOf(bytes)
}

/** An embedding as the bytes that are stored: 32-bit floats, little end first; a sentence when one does not fit. */
export function takeEmbedding(values: readonly number[], length: number | undefined): Blob | string {
  if (length !== undefined && values.length !== length)
    return `${values.length} numbers; the version declares ${length}`
  const bytes = Buffer.alloc(values.length * 4)
  for (const [index, value] of values.entries()) bytes.writeFloatLE(Math.fround(value), index * 4)
  for (let index = 0; index < values.length; index++)
    if (!Number.isFinite(bytes.readFloatLE(index * 4))) return `[${index}]: ${values[index]} does not fit 32 bits`
  return blobOf(bytes)
}

/** The numbers of a stored embedding. */
export function readEmbedding(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.byteLength >> 2 }, (_, index) => view.getFloat32(index * 4, true))
}
