import { isUtf8 } from 'node:buffer'
import type { DeadLetter } from '../contract/sample.ts'

/** Why something was refused: a closed code, and a sentence that names what is wrong and where. */
export interface Refusal {
  readonly code: DeadLetter['code']
  readonly reason: string
  /** Event time of what lies too far in the future: it is held apart until then. */
  readonly aheadAt?: number
  /** Whose event time that is. */
  readonly deviceId?: string
}

const backslash = 0x5c
const quote = 0x22

/** Deepest nesting of brackets outside strings; a cheap pass over bytes, so that nothing deep is ever built. */
export function measureDepth(bytes: Uint8Array): number {
  let depth = 0
  let deepest = 0
  let isInString = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (isInString) {
      if (byte === backslash) i++
      else if (byte === quote) isInString = false
    } else if (byte === quote) isInString = true
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > deepest) deepest = depth
    } else if (byte === 0x7d || byte === 0x5d) depth--
  }
  return deepest
}

/** Parses bytes from outside as JSON after checking size, UTF-8 and depth, in this order. */
export function decodeJson(
  bytes: Uint8Array,
  limits: { readonly maxBytes: number; readonly maxDepth: number },
): { readonly json: unknown; readonly refusal: null } | { readonly refusal: Refusal } {
  if (bytes.length > limits.maxBytes)
    return { refusal: { code: 'too-large', reason: `${bytes.length} bytes; at most ${limits.maxBytes} are taken` } }
  if (!isUtf8(bytes)) return { refusal: { code: 'not-json', reason: 'the payload is not UTF-8 text' } }
  const depth = measureDepth(bytes)
  if (depth > limits.maxDepth)
    return {
      refusal: { code: 'too-deep', reason: `nested ${depth} deep; at most ${limits.maxDepth} levels are taken` },
    }
  if (bytes.length === 0) return { refusal: { code: 'not-json', reason: 'the payload is empty' } }
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    return { json: JSON.parse(text), refusal: null }
  } catch (error) {
    return { refusal: { code: 'not-json', reason: `not JSON: ${(error as Error).message.slice(0, 300)}` } }
  }
}

/** Describes a value from outside in a few words, for a reason that a person reads. */
export function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object') return 'an object'
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`
  return `the ${typeof value} ${String(value)}`
}

/** Writes a path as `[3].inputs.temperature`, at most 300 characters. */
export function formatPath(path: readonly PropertyKey[]): string {
  let text = ''
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text ? `.${String(part)}` : String(part)
  return text.length > 300 ? `${text.slice(0, 300)}…` : text
}
