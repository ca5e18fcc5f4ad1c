import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { writeFileAtomically } from '../service/proof/atomic-file.ts'
import { type SecretVault, SecretVaultError } from '../service/proof/secrets.ts'

/** Encryption with a key that the operating system keeps; each rejects with a sentence for the operator. */
export interface SafeStorage {
  encrypt(plain: string): Promise<string>
  decrypt(encrypted: string): Promise<string>
}

const vaultForm = z.record(z.string(), z.base64())

/** A vault whose file holds only what the operating system's key encrypted. One process at a time may write. */
export async function openSafeStorageVault(folder: string, storage: SafeStorage): Promise<SecretVault> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'secrets-desktop.json')

  async function read(): Promise<Map<string, string>> {
    let text: string
    try {
      text = await readFile(path, 'utf8')
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Map()
      throw error
    }
    const parsed = vaultForm.safeParse(parseJson(text))
    if (!parsed.success) throw new SecretVaultError('vault-damaged', `${path} is not a file of secrets`)
    return new Map(Object.entries(parsed.data))
  }

  // Changes read, alter and replace the whole file, so they must follow one another.
  let lastChange: Promise<unknown> = Promise.resolve()
  function change<T>(alter: (secrets: Map<string, string>) => T): Promise<T> {
    const done = lastChange.then(async () => {
      const secrets = await read()
      const result = alter(secrets)
      const content = Buffer.from(JSON.stringify(Object.fromEntries(secrets)))
      await writeFileAtomically(path, content, { mode: 'replace', temporarySuffix: randomBytes(8).toString('hex') })
      return result
    })
    lastChange = done.catch(() => undefined)
    return done
  }

  return {
    async put(name, value) {
      requireName(name)
      const encrypted = await storage.encrypt(value)
      await change((secrets) => secrets.set(name, encrypted))
    },
    async get(name) {
      requireName(name)
      await lastChange
      const encrypted = (await read()).get(name)
      return encrypted === undefined ? undefined : await storage.decrypt(encrypted)
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

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
