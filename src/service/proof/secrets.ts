/** Secrets of connections (tokens, passwords): the port, and its form with a key file for use without a desktop. */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { encodeHex } from '../../rules/proof/bytes.ts'
import { writeFileAtomically } from './atomic-file.ts'
import { type RandomSource, seal, unseal } from './sealing.ts'

/** Where secrets are kept. Names are 1 to 128 letters, digits and `._:/-`; values are text of at most 65,536 bytes. */
export interface SecretVault {
  /** Stores a value under a name, durably, in place of any other. */
  put(name: string, value: string): Promise<void>
  /** The value, or undefined when there is none. */
  get(name: string): Promise<string | undefined>
  /** Forgets a value; tells whether there was one. */
  delete(name: string): Promise<boolean>
}

export type VaultFault = 'key-exposed' | 'key-unusable' | 'key-missing' | 'vault-damaged' | 'bad-name' | 'bad-value'

/** Why the vault refuses, in a sentence for the operator. Never holds a value or the key. */
export class SecretVaultError extends Error {
  readonly fault: VaultFault

  constructor(fault: VaultFault, message: string) {
    super(message)
    this.name = 'SecretVaultError'
    this.fault = fault
  }
}

const keyBytes = 32
const maxValueBytes = 65_536
const maxVaultBytes = 64 * 2 ** 20

const vaultFile = z.strictObject({
  version: z.literal(1),
  secrets: z.record(z.string(), z.strictObject({ iv: z.base64(), tag: z.base64(), data: z.base64() })),
})

type SecretsByName = Map<string, z.infer<typeof vaultFile>['secrets'][string]>

/**
 * Opens the vault in a folder, making `secrets.key` (32 random bytes, mode 0600) and the folder where there are none.
 * `secrets.json` beside it holds the values, each encrypted with AES-256-GCM and bound to its name. Rejects with a
 * SecretVaultError when the key can be read by others, is no key, or is missing while there are secrets under it. One
 * process at a time may write.
 */
export async function openKeyFileVault(folder: string, random: RandomSource = randomBytes): Promise<SecretVault> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const keyPath = join(folder, 'secrets.key')
  const vaultPath = join(folder, 'secrets.json')
  const key = await loadOrCreateKey(keyPath, vaultPath, random)
  await readVault(vaultPath)

  // Changes read, alter and replace the whole file, so they must follow one another.
  let lastChange: Promise<unknown> = Promise.resolve()
  function change<Result>(alter: (secrets: SecretsByName) => Result): Promise<Result> {
    const done = lastChange.then(async () => {
      const secrets = await readVault(vaultPath)
      const result = alter(secrets)
      const content = JSON.stringify({ version: 1, secrets: Object.fromEntries(secrets) }, null, 2)
      await writeFileAtomically(vaultPath, Buffer.from(`${content}\n`), {
        mode: 'replace',
        temporarySuffix: encodeHex(random(8)),
      })
      return result
    })
    lastChange = done.catch(() => undefined)
    return done
  }

  return {
    async put(name, value) {
      requireName(name)
      if (!value.isWellFormed() || Buffer.byteLength(value) > maxValueBytes) {
        throw new SecretVaultError('bad-value', `The secret "${name}" is not text of at most ${maxValueBytes} bytes`)
      }
      await change((secrets) => secrets.set(name, seal(key, Buffer.from(value), name, random)))
    },

    async get(name) {
      requireName(name)
      await lastChange
      const sealed = (await readVault(vaultPath)).get(name)
      if (sealed === undefined) return undefined
      const value = unseal(key, sealed, name)
      if (value === undefined) {
        const why = `the key in ${keyPath} is another one, or the entry was altered`
        throw new SecretVaultError('vault-damaged', `The secret "${name}" cannot be decrypted: ${why}`)
      }
      return Buffer.from(value).toString('utf8')
    },

    async delete(name) {
      requireName(name)
      return await change((secrets) => secrets.delete(name))
    },
  }
}

function requireName(name: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/.test(name)) {
    throw new SecretVaultError('bad-name', `${JSON.stringify(name.slice(0, 128))} cannot name a secret`)
  }
}

async function loadOrCreateKey(keyPath: string, vaultPath: string, random: RandomSource): Promise<Uint8Array> {
  const present = await readKey(keyPath)
  if (present !== undefined) return present
  if (await isPresent(vaultPath)) {
    const advice = 'Restore the key from a backup, or move the secrets away and enter them again'
    throw new SecretVaultError('key-missing', `${vaultPath} holds secrets, but their key ${keyPath} is gone. ${advice}`)
  }
  try {
    await writeFileAtomically(keyPath, random(keyBytes), { mode: 'create', temporarySuffix: encodeHex(random(8)) })
  } catch (error) {
    // Someone else made the key in this very moment: theirs is as good.
    if (!hasCode(error, 'EEXIST')) throw error
  }
  const created = await readKey(keyPath)
  if (created === undefined) throw new SecretVaultError('key-missing', `${keyPath} vanished while it was being made`)
  return created
}

/** Reads the key after a look at who else may; undefined when there is no file. */
async function readKey(keyPath: string): Promise<Uint8Array | undefined> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(keyPath, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0))
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (hasCode(error, 'ELOOP'))
      throw new SecretVaultError('key-unusable', `The key file ${keyPath} is a symbolic link`)
    throw error
  }
  try {
    const { mode, size } = await file.stat()
    // Windows guards files by access lists, which the mode does not show.
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8).padStart(4, '0')
      const advice = `Make it private (chmod 600 ${keyPath}) and renew the secrets it protects`
      throw new SecretVaultError('key-exposed', `Others can read the key file ${keyPath} (mode ${shown}). ${advice}`)
    }
    if (size !== keyBytes) {
      throw new SecretVaultError('key-unusable', `The key file ${keyPath} has ${size} bytes instead of ${keyBytes}`)
    }
    return new Uint8Array(await file.readFile())
  } finally {
    await file.close()
  }
}

async function readVault(vaultPath: string): Promise<SecretsByName> {
  if (!(await isPresent(vaultPath))) return new Map()
  if ((await stat(vaultPath)).size > maxVaultBytes) {
    throw new SecretVaultError('vault-damaged', `${vaultPath} is larger than ${maxVaultBytes} bytes`)
  }
  const text = await readFile(vaultPath, 'utf8')
  try {
    return new Map(Object.entries(vaultFile.parse(JSON.parse(text)).secrets))
  } catch {
    // The cause might quote what stands in the file.
    throw new SecretVaultError('vault-damaged', `${vaultPath} is not a file of secrets; nothing in it was changed`)
  }
}

async function isPresent(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false
    throw error
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
