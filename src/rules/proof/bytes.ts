/**
 * Bytes and their text forms, for proofs that must compile without Node and without the DOM.
 */

/** SHA-256, handed in by the environment: 32 bytes for any input. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const sextets = new Map([...alphabet].map((letter, value) => [letter, value]))

/** Joins byte strings into one. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** Tells whether two byte strings are the same. Not constant-time: for public values only. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

/** UTF-8 bytes of a string. Throws a RangeError on a lone surrogate, which has no UTF-8 form. */
export function encodeUtf8(text: string): Uint8Array {
  if (!text.isWellFormed()) throw new RangeError('The text holds a lone surrogate and has no UTF-8 form')
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) as number
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 63))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 63), 0x80 | ((point >> 6) & 63), 0x80 | (point & 63))
  }
  return Uint8Array.from(bytes)
}

/** Lower-case hexadecimal. */
export function encodeHex(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0')
  return text
}

/** Bytes of a hexadecimal string of either case; undefined when it is not one. */
export function decodeHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return undefined
  return Uint8Array.from({ length: text.length / 2 }, (_, at) => Number.parseInt(text.slice(at * 2, at * 2 + 2), 16))
}

/** Standard Base 64 with padding (RFC 4648 section 4). */
export function encodeBase64(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const block = (bytes[at] << 16) | ((left > 1 ? bytes[at + 1] : 0) << 8) | (left > 2 ? bytes[at + 2] : 0)
    parts.push(
      alphabet[block >> 18] +
        alphabet[(block >> 12) & 63] +
        (left > 1 ? alphabet[(block >> 6) & 63] : '=') +
        (left > 2 ? alphabet[block & 63] : '='),
    )
  }
  return parts.join('')
}

/**
 * Bytes of standard, padded Base 64; undefined when the text is anything else. Unused trailing bits must be zero, so
 * that every byte string has exactly one accepted spelling.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const digits = text.length - padding
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let pending = 0
  let bits = 0
  let written = 0
  for (let at = 0; at < digits; at += 1) {
    const sextet = sextets.get(text[at])
    if (sextet === undefined) return undefined
    pending = ((pending << 6) | sextet) & 0xffff
    bits += 6
    if (bits >= 8) {
      bits -= 8
      bytes[written] = (pending >> bits) & 0xff
      written += 1
    }
  }
  return (pending & ((1 << bits) - 1)) === 0 ? bytes : undefined
}

/** As decodeBase64, but also takes the URL-safe alphabet (RFC 4648 section 5) and missing padding; never a mixture. */
export function decodeAnyBase64(text: string): Uint8Array | undefined {
  const urlSafe = /[-_]/.test(text)
  if (urlSafe && /[+/]/.test(text)) return undefined
  const standard = urlSafe ? text.replaceAll('-', '+').replaceAll('_', '/') : text
  const padded = standard.endsWith('=') ? standard : standard + '='.repeat((4 - (standard.length % 4)) % 4)
  return decodeBase64(padded)
}
