import { z } from 'zod'
import { instant, recordId, sha256, title } from './primitives.ts'

export const userId = recordId('usr')

export const role = z.enum(['viewer', 'operator', 'product-owner', 'qa-expert', 'administrator'])
export type Role = z.infer<typeof role>

/** Ids are never reused; a person who leaves is disabled, not deleted. */
export const user = z.strictObject({
  id: userId,
  login: z.string().regex(/^[a-z0-9._-]{2,40}$/),
  name: title,
  roles: z.array(role).min(1),
  keyId: sha256,
  publicKeyPem: z.string(),
  isDisabled: z.boolean(),
  createdAt: instant,
})
export type User = z.infer<typeof user>

/** Kept apart from the user so that no page can be sent one by mistake. */
export const credential = z.strictObject({
  id: recordId('crd'),
  userId,
  passwordHash: z.string(),
  /** Private key encrypted with the password (see service/proof/keys). */
  encryptedKey: z.string(),
  failedAttempts: z.int(),
  lockedUntil: instant.nullable(),
})
export type Credential = z.infer<typeof credential>

/** Who asks: fixed when a port opens, travels as an argument. `visitor` has not signed in. */
export interface Caller {
  readonly userId: string | null
  readonly name: string
  readonly roles: readonly (Role | 'visitor')[]
}
