import type { Credential, User } from '../../contract/user.ts'
import type { RecordStore } from '../../store/store.ts'
import { createPersonKey } from '../proof/keys.ts'
import { hashPassword, needsRehash, verifyPassword } from '../proof/passwords.ts'
import type { ScryptCost } from '../proof/scrypt.ts'
import type { RandomSource } from './sessions.ts'

/** What making and opening accounts needs from outside. */
export interface AccountParts {
  readonly records: RecordStore
  readonly now: () => number
  /** A new record id with this prefix. */
  readonly newId: (prefix: string) => string
  readonly random: RandomSource
  /** Cheaper in tests than the default. */
  readonly scryptCost?: ScryptCost
}

const maxFailures = 5
const lockMs = 15 * 60_000

/** A new person with a key pair of their own; nothing is stored yet. */
export async function makeAccount(
  person: Pick<User, 'login' | 'name' | 'roles'> & { password: string },
  { now, newId, random, scryptCost }: AccountParts,
): Promise<{ user: User; credential: Credential }> {
  const { login, name, roles, password } = person
  const userId = newId('usr')
  const options = { cost: scryptCost, random }
  const { keyId, publicKeyPem, encryptedKey } = await createPersonKey({ userId, password }, options)
  return {
    user: {
      id: userId,
      login,
      name,
      roles: [...new Set(roles)],
      keyId,
      publicKeyPem,
      isDisabled: false,
      createdAt: now(),
    },
    credential: {
      id: newId('crd'),
      userId,
      passwordHash: await hashPassword(password, options),
      encryptedKey,
      failedAttempts: 0,
      lockedUntil: null,
    },
  }
}

/** The credential as it should be stored after an attempt; null when it stays as it was. */
export type Attempt =
  | { readonly status: 'right'; readonly changed: Credential | null }
  | { readonly status: 'wrong'; readonly changed: Credential | null; readonly why: 'password' | 'locked' | 'nobody' }

/**
 * Tries a password. After five failures in a row the account is locked for 15 minutes and no password is tried. Does the
 * same work for nobody as for somebody.
 */
export async function tryPassword(
  password: string,
  credential: Credential | null,
  { now, random, scryptCost }: Pick<AccountParts, 'now' | 'random' | 'scryptCost'>,
): Promise<Attempt> {
  const leftMs = (credential?.lockedUntil ?? 0) - now()
  // A lock that began by a clock since set back does not last longer than any other.
  const isLocked = leftMs > 0 && leftMs <= lockMs
  const isRight = await verifyPassword(password, isLocked ? undefined : credential?.passwordHash)
  if (credential === null) return { status: 'wrong', why: 'nobody', changed: null }
  if (isLocked) return { status: 'wrong', why: 'locked', changed: null }
  if (!isRight) {
    const failedAttempts = credential.failedAttempts + 1
    const locks = failedAttempts >= maxFailures
    const changed = {
      ...credential,
      failedAttempts: locks ? 0 : failedAttempts,
      lockedUntil: locks ? now() + lockMs : null,
    }
    return { status: 'wrong', why: locks ? 'locked' : 'password', changed }
  }
  const renews = needsRehash(credential.passwordHash, scryptCost)
  if (!renews && credential.failedAttempts === 0 && credential.lockedUntil === null) {
    return { status: 'right', changed: null }
  }
  const passwordHash = renews ? await hashPassword(password, { cost: scryptCost, random }) : credential.passwordHash
  return { status: 'right', changed: { ...credential, passwordHash, failedAttempts: 0, lockedUntil: null } }
}

/** The credential of a person, with its revision. */
export async function credentialOf(records: RecordStore, userId: string) {
  const [credential] = await records.list('credential', { link: 'userId', id: userId })
  return credential ?? null
}

/** What a person is told after a failed attempt: never whether the account exists. */
export function refusalOf(attempt: Extract<Attempt, { status: 'wrong' }>): string {
  return attempt.why === 'locked'
    ? 'Too many failed attempts: this account is locked for 15 minutes'
    : 'The name or the password is wrong'
}
