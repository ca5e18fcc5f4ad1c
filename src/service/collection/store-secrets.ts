import type { Connection, ConnectionConfig } from '../../contract/connection.ts'
import { RpcError } from '../../contract/rpc.ts'
import { type SecretVault, SecretVaultError } from '../proof/secrets.ts'
import { keepsPlaces } from './connection-address.ts'
import { fieldNames, renameSecrets, type SecretSlot, secretSlots } from './connection-secrets.ts'

export interface PreparedSecrets {
  /** The configuration with the names under which the vault keeps its secrets. */
  readonly config: ConnectionConfig
  /** Fields whose secret is new. */
  readonly changed: readonly SecretSlot['field'][]
  /** Puts new secrets into the vault; the result takes them out again, should the record not be stored. */
  store(): Promise<() => Promise<void>>
  /** Forgets what the connection no longer uses. */
  forgetUnused(): Promise<void>
}

/** What was entered for a secret: under the name that the configuration gives it, or under its field. Empty is nothing. */
export function enteredSecret(secrets: Readonly<Record<string, string>>, { field, name }: SecretSlot): string | null {
  for (const key of [name, field]) if (Object.hasOwn(secrets, key) && secrets[key] !== '') return secrets[key]
  return null
}

/** The vault's own refusals in words for the page. */
export async function askVault<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SecretVaultError)
      throw new RpcError(error.fault === 'bad-value' ? 'invalid-input' : 'unavailable', error.message)
    throw error
  }
}

/**
 * Decides about each secret of a connection to be saved: a new one is kept as `<connection id>/<field>`, an empty one keeps
 * the old. Rejects with an RpcError when one is missing, or when the old one would be sent to another address than before: who
 * may edit an address may not thereby read the secret.
 */
export async function prepareSecrets(
  vault: SecretVault,
  id: string,
  config: ConnectionConfig,
  secrets: Readonly<Record<string, string>>,
  before: Connection | null,
): Promise<PreparedSecrets> {
  const old = before === null ? [] : secretSlots(before.config)
  const names = new Map<SecretSlot['field'], string>()
  const writes: { field: SecretSlot['field']; name: string; value: string }[] = []
  for (const slot of secretSlots(config)) {
    const { field } = slot
    const value = enteredSecret(secrets, slot)
    if (value !== null) {
      names.set(field, `${id}/${field}`)
      writes.push({ field, name: `${id}/${field}`, value })
      continue
    }
    const kept = old.find((other) => other.field === field)
    const refuse = (message: string) =>
      new RpcError('invalid-input', message, { issues: [{ path: `secrets.${slot.name}`, message }] })
    if (before === null || kept === undefined) throw refuse(`Enter the ${fieldNames[field]}`)
    if (!keepsPlaces(before.config, config))
      throw refuse(`The address has changed: enter the ${fieldNames[field]} again, so that nobody else is sent it`)
    names.set(field, kept.name)
  }
  return {
    config: renameSecrets(config, (field) => names.get(field) ?? `${id}/${field}`),
    changed: writes.map(({ field }) => field),
    store: () =>
      askVault(async () => {
        const undo: (() => Promise<unknown>)[] = []
        for (const { name, value } of writes) {
          const previous = await vault.get(name)
          await vault.put(name, value)
          undo.push(() => (previous === undefined ? vault.delete(name) : vault.put(name, previous)))
        }
        return async () => {
          for (const step of undo) await step()
        }
      }),
    async forgetUnused() {
      const used = new Set(names.values())
      for (const { name } of old) if (!used.has(name) && name.startsWith(`${id}/`)) await vault.delete(name)
    },
  }
}
