import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createSettling, listFiles } from './settled-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'settled-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('files of a folder', () => {
  it('are those that may hold rows, below too; no hidden or unfinished ones, no links', async () => {
    mkdirSync(join(folder, '2026/05'), { recursive: true })
    for (const name of ['b.csv', 'a.JSONL', '2026/05/c.parquet', '.hidden.csv', 'd.csv.tmp', 'notes.txt', '~e.csv'])
      writeFileSync(join(folder, name), 'x')
    symlinkSync('/etc/hostname', join(folder, 'link.csv'))
    expect((await listFiles(folder)).map(({ path }) => path.slice(folder.length + 1))).toEqual([
      ...['2026/05/c.parquet', 'a.JSONL', 'b.csv'],
    ])
    await expect(listFiles(join(folder, 'nowhere'))).rejects.toThrow('ENOENT')
  })

  it('are told once, when two looks saw them the same, and again when they change', () => {
    const { settle, tellAgain } = createSettling()
    const file = (bytes: number, changedAt: number) => ({ path: 'a.csv', bytes, changedAt })
    const looks = [...[file(10, 1), file(20, 2), file(20, 2), file(20, 2)], ...[file(30, 3), file(30, 3), file(30, 3)]]
    expect(looks.map((seen) => settle([seen]).length)).toEqual([0, 0, 1, 0, 0, 1, 0])
    expect(settle([])).toEqual([])
    // Gone and back: whole only after two looks, as anything new.
    expect([settle([file(30, 3)]).length, settle([file(30, 3)]).length]).toEqual([0, 1])
    tellAgain('a.csv')
    expect([settle([file(30, 3)]).length, settle([file(30, 3)]).length]).toEqual([1, 0])
    const empty = createSettling()
    expect([empty.settle([file(0, 1)]).length, empty.settle([file(0, 1)]).length]).toEqual([0, 0])
  })
})
