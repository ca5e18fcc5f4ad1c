import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Bytes, sha256Hex, sha256OfFile } from './digest.ts'
import { merkle } from './merkle.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'assay-digest-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true })
})

describe('SHA-256', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

  it('gives the standard answers for text and bytes', () => {
    expect(sha256Hex('abc')).toBe(abc)
    expect(sha256Hex(Buffer.from('abc'))).toBe(abc)
    expect(Buffer.from(sha256Bytes('abc')).toString('hex')).toBe(abc)
    expect(sha256Bytes('')).toHaveLength(32)
    expect(Buffer.from(merkle.rootOf({ size: 0, peaks: [] })).toString('hex')).toBe(sha256Hex(''))
  })

  it('of a file is that of its bytes', async () => {
    const content = Buffer.alloc(300_001, 'assay')
    const path = join(folder, 'file')
    await writeFile(path, content)
    expect(await sha256OfFile(path)).toEqual({ sha256: sha256Hex(content), bytes: 300_001 })
  })

  it('of a file can be stopped, and names a missing one', async () => {
    await expect(sha256OfFile(join(folder, 'file'), AbortSignal.abort())).rejects.toThrow('abort')
    await expect(sha256OfFile(join(folder, 'none'))).rejects.toThrow('ENOENT')
  })
})
