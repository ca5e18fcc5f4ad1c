import type { z } from 'zod'
import type { endpointAuth } from '../contract/connection.ts'
import { type SecretLookup, UnusableActionError } from './deps.ts'

/** Headers that prove who calls, and the secret texts in them, to be masked. */
export interface Authentication {
  readonly headers: Record<string, string>
  readonly secrets: string[]
}

/** Fetches one secret or says which is missing; its value is in no message. */
export async function requireSecret(lookup: SecretLookup, name: string): Promise<string> {
  const value = await lookup(name)
  if (value === undefined || value === '') throw new UnusableActionError(`The secret "${name}" is not stored`)
  return value
}

/** Turns a configured authentication into headers. Throws UnusableActionError when a secret is missing or fits no header. */
export async function authenticate(auth: z.infer<typeof endpointAuth>, lookup: SecretLookup): Promise<Authentication> {
  if (auth.kind === 'none') return { headers: {}, secrets: [] }
  const secret = await requireSecret(lookup, auth.secret)
  if (auth.kind === 'basic') {
    const pair = Buffer.from(`${auth.username}:${secret}`).toString('base64')
    return { headers: { authorization: `Basic ${pair}` }, secrets: [secret, pair] }
  }
  if (!/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(secret))
    throw new UnusableActionError(`The secret "${auth.secret}" holds characters that a header cannot carry`)
  const headers =
    auth.kind === 'bearer' ? { authorization: `Bearer ${secret}` } : { [auth.header.toLowerCase()]: secret }
  return { headers, secrets: [secret] }
}
