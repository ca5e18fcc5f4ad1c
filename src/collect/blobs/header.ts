/** Pixels that a picture may have: more is taken for a decompression bomb. */
export const mostPixels = 16_000_000
/** Longest side of a picture. */
const longestSide = 20_000

const png = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
const jpeg = [0xff, 0xd8, 0xff]

const begins = (bytes: Uint8Array, magic: readonly number[]) => magic.every((byte, index) => bytes[index] === byte)
const isText = (bytes: Uint8Array, at: number, text: string) =>
  [...text].every((character, index) => bytes[at + index] === character.charCodeAt(0))

/** Media type by the first bytes; null for anything but PNG, JPEG and WAV, whatever the sender calls it. */
export function mediaTypeOf(bytes: Uint8Array): 'image/png' | 'image/jpeg' | 'audio/wav' | null {
  if (begins(bytes, png)) return 'image/png'
  if (begins(bytes, jpeg)) return 'image/jpeg'
  return isText(bytes, 0, 'RIFF') && isText(bytes, 8, 'WAVE') ? 'audio/wav' : null
}

export interface Size {
  readonly width: number
  readonly height: number
}

/** Size that a PNG or JPEG declares, read without decoding anything; null where it declares none. O(markers). */
export function declaredSize(bytes: Uint8Array): Size | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (begins(bytes, png))
    return bytes.length < 33 || !isText(bytes, 12, 'IHDR')
      ? null
      : { width: view.getUint32(16), height: view.getUint32(20) }
  for (let at = 2; at + 9 < bytes.length; ) {
    if (bytes[at] !== 0xff) return null
    const marker = bytes[at + 1]
    if (marker === 0xff) {
      at++
      continue
    }
    // Start of a frame: C0 to CF without C4 (tables), C8 (reserved) and CC (arithmetic coding).
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) }
    if (marker === 0xd9 || marker === 0xda) return null
    at += marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8) ? 2 : 2 + view.getUint16(at + 2)
  }
  return null
}

/** Why bytes cannot be a picture or recording that is taken, told by their beginning; null where nothing speaks against it. */
export function findHeaderFault(bytes: Uint8Array, kind: 'image' | 'audio'): string | null {
  const mediaType = mediaTypeOf(bytes)
  if (kind === 'audio') return mediaType === 'audio/wav' ? null : 'no WAV file by its first bytes'
  if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') return 'neither PNG nor JPEG by its first bytes'
  const size = declaredSize(bytes)
  // A header that is cut off may belong to a camera that is about to fail: its sample is kept, and measured as damaged.
  if (size === null) return null
  const { width, height } = size
  if (width > longestSide || height > longestSide || width * height > mostPixels)
    return `a picture of ${width} x ${height} pixels; at most ${mostPixels.toLocaleString('en')} are taken`
  return null
}
