/** One Ed25519 key per person, its private half encrypted with the person's password. */
import { createPrivateKey, type KeyObject, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { decodeBase64, encodeBase64 } from '../../rules/proof/bytes.ts'
import {
  defaultScryptCost,
  deriveFromPassword,
  maxPasswordLength,
  objectionToCost,
  type ScryptCost,
  saltBytes,
} from './scrypt.ts'
import { type RandomSource, seal, unseal } from './sealing.ts'
import { type Signer, signerFor } from './signers.ts'

/** A person's key as it is stored. */
export type PersonKey = {
  /** SHA-256 of the public key's SPKI DER, in hexadecimal. */
  keyId: string
  publicKeyPem: string
  /** The private key, encrypted: JSON text. The user id is bound to it but not written in it. */
  encryptedKey: string
}

const encryptedKeyForm = z.strictObject({
  kdf: z.strictObject({ name: z.literal('scrypt'), N: z.int(), r: z.int(), p: z.int(), salt: z.base64() }),
  cipher: z.strictObject({ name: z.literal('aes-256-gcm'), iv: z.base64(), tag: z.base64(), data: z.base64() }),
})

export type UnlockedKey =
  | { status: 'unlocked'; signer: Signer }
  | { status: 'wrong-password' }
  | { status: 'damaged'; reason: string }

export type ChangedPassword =
  | { status: 'changed'; key: PersonKey }
  | { status: 'wrong-password' }
  | { status: 'damaged'; reason: string }

type KeyOptions = { cost?: ScryptCost; random?: RandomSource }

// An Ed25519 private key in PKCS #8 is this prefix and the 32-byte seed (RFC 8410).
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const seedBytes = 32
const sealingKeyBytes = 32

/**
 * Makes a key pair for a person. The password is only used, never kept. Throws a RangeError for a password of more than
 * 1,024 characters or a cost below the floor.
 */
export async function createPersonKey(
  person: { userId: string; password: string },
  { cost = defaultScryptCost, random = randomBytes }: KeyOptions = {},
): Promise<PersonKey> {
  const seed = random(seedBytes)
  const { keyId, publicKeyPem } = signerFor(privateKeyFrom(seed))
  return { keyId, publicKeyPem, encryptedKey: await sealSeed(seed, person, cost, random) }
}

/**
 * Opens a person's key with the password. A wrong password, or a key that belongs to another user, is a value; so is a
 * record that no password can open.
 */
export async function unlockPersonKey(
  key: PersonKey,
  person: { userId: string; password: string },
): Promise<UnlockedKey> {
  const opened = await openKey(key, person)
  return opened.status === 'opened' ? { status: 'unlocked', signer: opened.signer } : opened
}

/** Encrypts the same key anew, with a new password, salt and cost. The key id and all signatures stay as they are. */
export async function changeKeyPassword(
  key: PersonKey,
  change: { userId: string; oldPassword: string; newPassword: string },
  { cost = defaultScryptCost, random = randomBytes }: KeyOptions = {},
): Promise<ChangedPassword> {
  const { userId, oldPassword, newPassword } = change
  const opened = await openKey(key, { userId, password: oldPassword })
  if (opened.status !== 'opened') return opened
  const encryptedKey = await sealSeed(opened.seed, { userId, password: newPassword }, cost, random)
  return { status: 'changed', key: { ...key, encryptedKey } }
}

function privateKeyFrom(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Prefix, seed]), format: 'der', type: 'pkcs8' })
}

async function sealSeed(
  seed: Uint8Array,
  { userId, password }: { userId: string; password: string },
  cost: ScryptCost,
  random: RandomSource,
): Promise<string> {
  const salt = random(saltBytes)
  const sealingKey = await deriveFromPassword(password, salt, sealingKeyBytes, cost)
  const form: z.infer<typeof encryptedKeyForm> = {
    kdf: { name: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: encodeBase64(salt) },
    cipher: { name: 'aes-256-gcm', ...seal(sealingKey, seed, userId, random) },
  }
  return JSON.stringify(form)
}

type OpenedKey =
  | { status: 'opened'; seed: Uint8Array; signer: Signer }
  | { status: 'wrong-password' }
  | { status: 'damaged'; reason: string }

async function openKey(
  { keyId, publicKeyPem, encryptedKey }: PersonKey,
  { userId, password }: { userId: string; password: string },
): Promise<OpenedKey> {
  const form = readForm(encryptedKey)
  const salt = form && decodeBase64(form.kdf.salt)
  if (form === undefined || salt === undefined) {
    return { status: 'damaged', reason: 'The private key is stored in an unknown form' }
  }
  const { kdf, cipher } = form
  const objection = objectionToCost(kdf)
  if (objection !== undefined) return { status: 'damaged', reason: `The stored scrypt cost is refused: ${objection}` }
  if (password.length > maxPasswordLength) return { status: 'wrong-password' }
  const { N, r, p } = kdf
  const sealingKey = await deriveFromPassword(password, salt, sealingKeyBytes, { N, r, p })
  const seed = unseal(sealingKey, cipher, userId)
  if (seed === undefined) return { status: 'wrong-password' }
  if (seed.length !== seedBytes) return { status: 'damaged', reason: `A private key has ${seedBytes} bytes` }
  const signer = signerFor(privateKeyFrom(seed))
  if (signer.keyId !== keyId || signer.publicKeyPem !== publicKeyPem) {
    return { status: 'damaged', reason: 'The private key does not belong to the public key stored beside it' }
  }
  return { status: 'opened', seed, signer }
}

function readForm(encryptedKey: string): z.infer<typeof encryptedKeyForm> | undefined {
  try {
    return encryptedKeyForm.safeParse(JSON.parse(encryptedKey)).data
  } catch {
    return undefined
  }
}
