import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openKeyFileVault, SecretVaultError } from './secrets.ts'

let folder: string
const keyPath = () => join(folder, 'secrets.key')
const vaultPath = () => join(folder, 'secrets.json')
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'assay-secrets-')), 'vault')
})
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true })
})

async function faultOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
    return 'none'
  } catch (error) {
    if (!(error instanceof SecretVaultError)) throw error
    expect(error.message).not.toContain('hunter2')
    return error.fault
  }
}

describe('the key-file vault', () => {
  it('keeps, replaces and forgets values, also for the next process', async () => {
    const vault = await openKeyFileVault(folder)
    expect(await vault.get('broker/password')).toBeUndefined()
    await vault.put('broker/password', 'hunter2')
    await vault.put('broker/password', 'hunter3 ü')
    await vault.put('empty', '')
    const reopened = await openKeyFileVault(folder)
    expect(await reopened.get('broker/password')).toBe('hunter3 ü')
    expect(await reopened.get('empty')).toBe('')
    expect(await reopened.delete('broker/password')).toBe(true)
    expect(await reopened.delete('broker/password')).toBe(false)
    expect(await vault.get('broker/password')).toBeUndefined()
  })

  it('writes nothing in clear, for its owner alone, and leaves no temporary files', async () => {
    const vault = await openKeyFileVault(folder)
    await vault.put('token', 'hunter2')
    const text = await readFile(vaultPath(), 'utf8')
    expect(text).not.toContain('hunter2')
    expect(text).not.toContain(Buffer.from('hunter2').toString('base64'))
    for (const path of [keyPath(), vaultPath()]) expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(keyPath())).size).toBe(32)
    expect((await readdir(folder)).sort()).toEqual(['secrets.json', 'secrets.key'])
  })

  it('loses nothing when many put at once', async () => {
    const vault = await openKeyFileVault(folder)
    const names = Array.from({ length: 20 }, (_, at) => `token-${at}`)
    await Promise.all(names.map((name) => vault.put(name, `value of ${name}`)))
    const values = await Promise.all(names.map((name) => vault.get(name)))
    expect(values).toEqual(names.map((name) => `value of ${name}`))
  })

  it('two that open at once agree on the key', async () => {
    const [one, other] = await Promise.all([openKeyFileVault(folder), openKeyFileVault(folder)])
    await one.put('token', 'hunter2')
    expect(await other.get('token')).toBe('hunter2')
  })

  it.skipIf(process.platform === 'win32')('refuses a key that others can read, and says what to do', async () => {
    await (await openKeyFileVault(folder)).put('token', 'hunter2')
    for (const mode of [0o640, 0o604, 0o620, 0o601]) {
      await chmod(keyPath(), mode)
      await expect(openKeyFileVault(folder)).rejects.toThrow(`mode 0${mode.toString(8)}`)
    }
    await expect(openKeyFileVault(folder)).rejects.toThrow('chmod 600')
    await chmod(keyPath(), 0o600)
    expect(await (await openKeyFileVault(folder)).get('token')).toBe('hunter2')
  })

  it('refuses a key of the wrong size, a link, and to make a new key over existing secrets', async () => {
    await (await openKeyFileVault(folder)).put('token', 'hunter2')
    await writeFile(keyPath(), 'short')
    expect(await faultOf(openKeyFileVault(folder))).toBe('key-unusable')
    await rm(keyPath())
    expect(await faultOf(openKeyFileVault(folder))).toBe('key-missing')
    await writeFile(join(folder, 'elsewhere'), Buffer.alloc(32), { mode: 0o600 })
    await symlink(join(folder, 'elsewhere'), keyPath())
    expect(await faultOf(openKeyFileVault(folder))).toBe('key-unusable')
  })

  it('names a secret that another key sealed, or that was moved to another name', async () => {
    const vault = await openKeyFileVault(folder)
    await vault.put('token', 'hunter2')
    await vault.put('other', 'harmless')
    const file = JSON.parse(await readFile(vaultPath(), 'utf8'))
    file.secrets.other = file.secrets.token
    await writeFile(vaultPath(), JSON.stringify(file))
    await expect(vault.get('other')).rejects.toThrow('The secret "other" cannot be decrypted')
    expect(await vault.get('token')).toBe('hunter2')
    await writeFile(keyPath(), Buffer.alloc(32))
    expect(await faultOf((await openKeyFileVault(folder)).get('token'))).toBe('vault-damaged')
  })

  it('refuses a broken file without touching it', async () => {
    const vault = await openKeyFileVault(folder)
    for (const broken of ['', '{', '[]', '{"version":2,"secrets":{}}', '{"version":1,"secrets":{"a":"hunter2"}}']) {
      await writeFile(vaultPath(), broken)
      expect(await faultOf(vault.get('a'))).toBe('vault-damaged')
      expect(await faultOf(vault.put('a', 'b'))).toBe('vault-damaged')
      expect(await faultOf(openKeyFileVault(folder))).toBe('vault-damaged')
      expect(await readFile(vaultPath(), 'utf8')).toBe(broken)
    }
  })

  it('refuses names and values that it could not keep', async () => {
    const vault = await openKeyFileVault(folder)
    for (const name of ['', '__proto__', '../up', 'a b', 'x'.repeat(129)]) {
      expect(await faultOf(vault.put(name, 'hunter2'))).toBe('bad-name')
      expect(await faultOf(vault.get(name))).toBe('bad-name')
    }
    expect(await faultOf(vault.put('long', 'hunter2'.repeat(10_000)))).toBe('bad-value')
    expect(await faultOf(vault.put('lone', 'hunter2\ud800'))).toBe('bad-value')
    expect(await vault.get('constructor')).toBeUndefined()
  })
})
