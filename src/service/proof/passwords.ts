/** Passwords for signing in: stored as scrypt hashes in the usual text form, compared in constant time. */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { defaultScryptCost, deriveFromPassword, maxPasswordLength, type ScryptCost, saltBytes } from './scrypt.ts'
import type { RandomSource } from './sealing.ts'

const hashBytes = 32
const storedForm = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** Hashes a password with a fresh salt: `$scrypt$ln=15,r=8,p=3$salt$hash`, Base 64 without padding. */
export async function hashPassword(
  password: string,
  options: { cost?: ScryptCost; random?: RandomSource } = {},
): Promise<string> {
  const { cost = defaultScryptCost, random = randomBytes } = options
  const salt = random(saltBytes)
  const hash = await deriveFromPassword(password, salt, hashBytes, cost)
  return `$scrypt$ln=${Math.log2(cost.N)},r=${cost.r},p=${cost.p}$${unpadded(salt)}$${unpadded(hash)}`
}

/**
 * Tells whether a password is the one that was hashed. With `undefined` for a person who does not exist it does the same
 * work and says no, so that the time taken does not tell who exists. Throws when the stored hash is not one of ours.
 */
export async function verifyPassword(password: string, stored: string | undefined): Promise<boolean> {
  const known = stored === undefined ? nobody : parseStored(stored)
  // Never stored, so never right; yet it must not answer sooner than any other wrong password.
  const tooLong = password.length > maxPasswordLength
  const hash = await deriveFromPassword(tooLong ? '' : password, known.salt, hashBytes, known.cost)
  return timingSafeEqual(hash, known.hash) && stored !== undefined && !tooLong
}

/** Tells whether a stored hash is cheaper than what is used now, and should be renewed at the next sign-in. */
export function needsRehash(stored: string, cost: ScryptCost = defaultScryptCost): boolean {
  const known = parseStored(stored).cost
  return known.N * known.r * known.p < cost.N * cost.r * cost.p
}

type StoredPassword = { cost: ScryptCost; salt: Uint8Array; hash: Uint8Array }

const nobody: StoredPassword = {
  cost: defaultScryptCost,
  salt: new Uint8Array(saltBytes),
  hash: new Uint8Array(hashBytes),
}

function parseStored(stored: string): StoredPassword {
  const [, logN, r, p, salt, hash] = storedForm.exec(stored) ?? []
  const parsed = {
    cost: { N: 2 ** Number(logN), r: Number(r), p: Number(p) },
    salt: new Uint8Array(Buffer.from(salt ?? '', 'base64')),
    hash: new Uint8Array(Buffer.from(hash ?? '', 'base64')),
  }
  // The text itself stays out of the message: it is a secret of sorts.
  if (parsed.salt.length < 8 || parsed.hash.length !== hashBytes) throw new Error('The stored password is damaged')
  return parsed
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
