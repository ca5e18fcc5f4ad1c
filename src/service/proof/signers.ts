/** Ed25519 keys as the rest of the proof room takes them: signers that hide the private key, and public keys as PEM. */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import type { NoteKey, NoteSigner } from '../../rules/proof/signed-note.ts'
import { sha256Hex } from './digest.ts'

/** Someone who can sign now. The private key stays inside. */
export type Signer = {
  /** SHA-256 of the public key's SPKI DER, in hexadecimal. */
  keyId: string
  publicKeyPem: string
  /** The 64-byte Ed25519 signature of a message. */
  sign: (message: Uint8Array) => Uint8Array
}

const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex')
const rawKeyBytes = 32

/** Reads an Ed25519 public key from SPKI PEM. Throws with a clear sentence when it is anything else. */
export function readPublicKey(publicKeyPem: string): KeyObject {
  const key = tryRead(publicKeyPem)
  if (key?.asymmetricKeyType !== 'ed25519') throw new Error('This is not an Ed25519 public key in PEM form')
  return key
}

function tryRead(publicKeyPem: string): KeyObject | undefined {
  // createPublicKey would also take a private key and derive the public one: a private key has no place here.
  if (!publicKeyPem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return undefined
  try {
    return createPublicKey(publicKeyPem)
  } catch {
    return undefined
  }
}

/** Key id of a public key: SHA-256 of its SPKI DER, in hexadecimal. */
export function keyIdOf(publicKey: KeyObject | string): string {
  const key = typeof publicKey === 'string' ? readPublicKey(publicKey) : publicKey
  return sha256Hex(key.export({ format: 'der', type: 'spki' }))
}

/** The 32 raw bytes of an Ed25519 public key. */
export function rawPublicKey(publicKeyPem: string): Uint8Array {
  return new Uint8Array(readPublicKey(publicKeyPem).export({ format: 'der', type: 'spki' }).subarray(-rawKeyBytes))
}

/** Wraps an Ed25519 private key, which nothing outside can then read. */
export function signerFor(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey)
  return {
    keyId: keyIdOf(publicKey),
    publicKeyPem: publicKey.export({ format: 'pem', type: 'spki' }) as string,
    sign: (message) => new Uint8Array(sign(null, message, privateKey)),
  }
}

/** Verifies an Ed25519 signature by a raw public key: the form that the checkpoint rules take. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== rawKeyBytes) return false
  const key = createPublicKey({ key: Buffer.concat([spkiPrefix, publicKey]), format: 'der', type: 'spki' })
  return verify(null, message, key, signature)
}

/** A public key under a name, for `verifyCheckpoint`. */
export function noteKeyFor(name: string, publicKeyPem: string): NoteKey {
  return { name, publicKey: rawPublicKey(publicKeyPem) }
}

/** A signer under a name, for `signCheckpoint`. */
export function noteSignerFor(name: string, signer: Signer): NoteSigner {
  return { ...noteKeyFor(name, signer.publicKeyPem), sign: signer.sign }
}
