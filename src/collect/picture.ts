import { hash } from 'node:crypto'

/** A picture taken out of a message: its bytes and the SHA-256 under which it will be stored. */
export interface Picture {
  readonly digest: string
  readonly bytes: Uint8Array
}

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const jpeg = [0xff, 0xd8, 0xff]

const begins = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte)

/** Media type by the first bytes; null for anything but PNG and JPEG, whatever the sender calls it. */
export function pictureType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | null {
  if (begins(bytes, png)) return 'image/png'
  return begins(bytes, jpeg) ? 'image/jpeg' : null
}

/** Decodes base64 into a picture of at most `maxBytes`; a sentence when it is not one. */
export function decodePicture(base64: string, maxBytes: number): Picture | string {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length > maxBytes) return `a picture of ${bytes.length} bytes; at most ${maxBytes} are taken`
  if (!pictureType(bytes)) return 'neither PNG nor JPEG by its first bytes'
  return { digest: hash('sha256', bytes, 'hex'), bytes }
}
