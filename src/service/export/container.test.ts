import { execFileSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fromBuffer } from 'yauzl'
import { writeContainer } from './container.ts'
import { readContainer } from './read-container.ts'

const text = (content: string) => new TextEncoder().encode(content)
const files = [
  { name: 'README.txt', bytes: text('read me') },
  { name: 'data/empty.json', bytes: text('') },
  { name: 'data/rows.jsonl', bytes: text('{"a":1}\n'.repeat(200)) },
]
const archive = writeContainer(files)
const headerEnds = 30 + 'README.txt'.length

describe('the container of an export', () => {
  it('reads back what was written', () => {
    const { files: found, faults } = readContainer(archive)
    expect(faults).toEqual([])
    expect(found.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])).toEqual(
      files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()]),
    )
    expect(writeContainer(files).equals(archive)).toBe(true)
  })

  it('is a plain ZIP to programs that know nothing of it', async () => {
    const names = await new Promise<string[]>((resolve, reject) => {
      fromBuffer(archive, { strictFileNames: true }, (error, zip) => {
        if (error) return reject(error)
        const found: string[] = []
        zip.on('entry', (entry) => found.push(entry.fileName))
        zip.on('end', () => resolve(found))
        zip.on('error', reject)
      })
    })
    expect(names).toEqual(files.map(({ name }) => name))
    const folder = await mkdtemp(join(tmpdir(), 'assay-zip-'))
    try {
      await writeFile(join(folder, 'a.zip'), archive)
      execFileSync('python3', ['-m', 'zipfile', '-e', 'a.zip', 'out'], { cwd: folder })
      expect(await readFile(join(folder, 'out/data/rows.jsonl'), 'utf8')).toBe('{"a":1}\n'.repeat(200))
    } catch (error) {
      // Where there is no Python, yauzl has spoken.
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('finds every flipped bit of every byte, and names the file it is in', () => {
    const owners = files.flatMap(({ name, bytes }) => Array<string>(30 + name.length + bytes.length).fill(name))
    for (const { name } of files) owners.push(...Array<string>(46 + name.length).fill(name))
    owners.push(...Array<string>(22).fill('end record'))
    expect(owners).toHaveLength(archive.length)
    for (let at = 0; at < archive.length; at++) {
      for (const bit of at % 7 === 0 ? [1, 2, 4, 8, 16, 32, 64, 128] : [1 << (at % 8)]) {
        const damaged = Buffer.from(archive)
        damaged[at] ^= bit
        const { faults } = readContainer(damaged)
        const isNamed = faults.some(({ message }) => message.includes(owners[at]))
        if (!isNamed) expect({ at, bit, owner: owners[at], faults }).toBe('found and named')
      }
    }
  })

  it('finds bytes put in, taken away, before, between and after', () => {
    const extra = Buffer.from('PK')
    for (const at of [0, 5, headerEnds, 300, archive.length - 22, archive.length]) {
      const longer = Buffer.concat([archive.subarray(0, at), extra, archive.subarray(at)])
      expect(readContainer(longer).faults.length).toBeGreaterThan(0)
      const shorter = Buffer.concat([archive.subarray(0, Math.max(0, at - 3)), archive.subarray(at)])
      if (at > 3) expect(readContainer(shorter).faults.length).toBeGreaterThan(0)
    }
    expect(readContainer(new Uint8Array(0)).faults).toHaveLength(1)
    expect(readContainer(Buffer.alloc(1000)).faults).toHaveLength(1)
  })

  it('takes no names that climb, hide or come twice', () => {
    for (const name of ['../x', '/x', 'a/../b', 'a//b', '.x', 'a\\b', 'C:x', '', 'ä', 'a/'])
      expect(() => writeContainer([{ name, bytes: text('') }])).toThrow('cannot name')
    expect(() => writeContainer([files[0], files[0]])).toThrow('two files')
  })
})
