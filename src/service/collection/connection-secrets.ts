import type { ConnectionConfig } from '../../contract/connection.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { TlsIdentity } from '../../contract/tls.ts'
import { type SecretVault, SecretVaultError } from '../proof/secrets.ts'

/** One secret of a configuration: its field, and the name under which the vault keeps it. */
export interface SecretSlot {
  readonly field: 'password' | 'auth' | 'hmac' | 'tlsKey'
  readonly name: string
}

/** Trust and identity of a configuration that may have them. */
export const tlsOf = (config: ConnectionConfig): TlsIdentity | undefined =>
  config.kind === 'endpoint' || config.kind === 'prometheus' ? config.tls : undefined

const hasAuth = (config: ConnectionConfig) =>
  config.kind === 'endpoint' || config.kind === 'http-action' || config.kind === 'prometheus'

/** The secrets that a configuration refers to. */
export function secretSlots(config: ConnectionConfig): SecretSlot[] {
  const slots: SecretSlot[] = []
  if (config.kind === 'mqtt' && config.passwordSecret !== null)
    slots.push({ field: 'password', name: config.passwordSecret })
  if (hasAuth(config) && config.auth.kind !== 'none') slots.push({ field: 'auth', name: config.auth.secret })
  if ((config.kind === 'webhook' || config.kind === 'http-action') && config.hmacSecret !== null)
    slots.push({ field: 'hmac', name: config.hmacSecret })
  if (config.kind === 'mqtt' && config.identity) slots.push({ field: 'tlsKey', name: config.identity.keySecret })
  const tls = tlsOf(config)
  if (tls?.keySecret) slots.push({ field: 'tlsKey', name: tls.keySecret })
  return slots
}

/** The same configuration with its secrets kept under other names. */
export function renameSecrets(
  config: ConnectionConfig,
  rename: (field: SecretSlot['field']) => string,
): ConnectionConfig {
  let renamed = config
  if (renamed.kind === 'mqtt' && renamed.passwordSecret !== null)
    renamed = { ...renamed, passwordSecret: rename('password') }
  if (hasAuth(renamed) && renamed.auth.kind !== 'none')
    renamed = { ...renamed, auth: { ...renamed.auth, secret: rename('auth') } }
  if ((renamed.kind === 'webhook' || renamed.kind === 'http-action') && renamed.hmacSecret !== null)
    renamed = { ...renamed, hmacSecret: rename('hmac') }
  if (renamed.kind === 'mqtt' && renamed.identity)
    renamed = { ...renamed, identity: { ...renamed.identity, keySecret: rename('tlsKey') } }
  if ((renamed.kind === 'endpoint' || renamed.kind === 'prometheus') && renamed.tls?.keySecret)
    renamed = { ...renamed, tls: { ...renamed.tls, keySecret: rename('tlsKey') } }
  return renamed
}

export const fieldNames = {
  password: 'password',
  auth: 'secret of the authentication',
  hmac: 'key of the signature',
  tlsKey: 'private key of the certificate',
} as const

/** A secret of a stored connection. Rejects with an RpcError `unavailable` that names what is missing, never a value. */
export async function readSecret(vault: SecretVault, { field, name }: SecretSlot): Promise<string> {
  let value: string | undefined
  try {
    value = await vault.get(name)
  } catch (error) {
    if (error instanceof SecretVaultError) throw new RpcError('unavailable', error.message)
    throw error
  }
  if (value === undefined)
    throw new RpcError('unavailable', `The ${fieldNames[field]} is not stored on this machine: enter it again`)
  return value
}

/** The secrets of a stored connection by their field. Rejects like `readSecret`. */
export async function readSecrets(
  vault: SecretVault,
  config: ConnectionConfig,
): Promise<Partial<Record<SecretSlot['field'], string>>> {
  const values: Partial<Record<SecretSlot['field'], string>> = {}
  for (const slot of secretSlots(config)) values[slot.field] = await readSecret(vault, slot)
  return values
}
