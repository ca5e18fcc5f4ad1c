import { hash } from 'node:crypto'
import canonicalize from 'canonicalize'

/** Canonical JSON (RFC 8785). What JSON cannot hold is dropped as `JSON.stringify` drops it; lone surrogates throw. */
export function canonicalText(value: unknown): string {
  return canonicalize(JSON.parse(JSON.stringify(value))) as string
}

/** SHA-256 of canonical JSON in lower-case hexadecimal. */
export function canonicalDigest(value: unknown): string {
  return hash('sha256', canonicalText(value), 'hex')
}

export const sha256Bytes = (bytes: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', bytes, 'buffer'))
