import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { FRAME_VALUES } from '../park/frame.ts'
import { openArchive, readArchive } from './archive.ts'

const frame = (id: string, at: number) => ({ id, at, pixels: new Uint8Array(FRAME_VALUES).fill(at) })

describe('the archive of frames', () => {
  let folder: string
  let path: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'archive-'))
    path = join(folder, 'frames.bin')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('gives frames back with their labels, oldest first', () => {
    const archive = openArchive(path)
    archive.add(frame('b', 2))
    archive.add(frame('a', 1))
    expect(archive.label('a', 'dog')).toBe(true)
    expect(archive.label('a', 'horse')).toBe(false)
    expect(archive.label('unknown', 'cat')).toBe(false)
    archive.close()
    expect(readArchive(path)).toMatchObject([
      { id: 'a', at: 1, label: 1, pixels: frame('a', 1).pixels },
      { id: 'b', at: 2, label: null },
    ])
  })

  it('keeps the newest when it is full, and goes on where it was when it is opened again', () => {
    const first = openArchive(path, 3)
    for (const at of [1, 2, 3, 4]) first.add(frame(`f${at}`, at))
    first.close()
    const second = openArchive(path, 3)
    second.add(frame('f5', 5))
    second.add(frame('f5', 6))
    expect(second.label('f1', 'cat')).toBe(false)
    expect(second.label('f4', 'cat')).toBe(true)
    second.close()
    expect(readArchive(path).map(({ id, label }) => [id, label])).toEqual([
      ['f3', null],
      ['f4', 0],
      ['f5', null],
    ])
  })

  it('passes over a record that was being written, and over a file that is cut off', () => {
    const archive = openArchive(path)
    for (const at of [1, 2, 3]) archive.add(frame(`f${at}`, at))
    archive.close()
    const bytes = readFileSync(path)
    bytes[200] ^= 1
    writeFileSync(path, bytes)
    truncateSync(path, bytes.length - 10)
    expect(readArchive(path).map(({ id }) => id)).toEqual(['f2'])
  })
})
