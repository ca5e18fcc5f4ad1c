import { isUtf8 } from 'node:buffer'

const magics: readonly [mediaType: string, bytes: readonly number[]][] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ['application/vnd.apache.parquet', [0x50, 0x41, 0x52, 0x31]],
  ['application/x-assay-dataset', [...Buffer.from('ASSAYTB1')]],
]

const startsWith = (head: Uint8Array, at: number, text: string) =>
  Buffer.from(head.subarray(at, at + text.length)).toString('latin1') === text

/**
 * What a stored file is, by its first bytes and never by what somebody called it. Text is `application/json` or
 * `text/plain`: nothing stored is ever handed out as a page.
 */
export function sniffMediaType(head: Uint8Array): string {
  for (const [mediaType, bytes] of magics) if (bytes.every((byte, index) => head[index] === byte)) return mediaType
  if (startsWith(head, 0, 'RIFF') && startsWith(head, 8, 'WAVE')) return 'audio/wav'
  // The head may end in the middle of a character.
  const whole = head.length < 4 ? head : head.subarray(0, -3)
  const isText = [0, 1, 2, 3].some((more) => isUtf8(head.subarray(0, whole.length + more))) && !head.includes(0)
  if (!isText) return 'application/octet-stream'
  const first = Buffer.from(head.subarray(0, 64)).toString('utf8').trimStart()[0]
  return first === '{' || first === '[' ? 'application/json' : 'text/plain'
}
