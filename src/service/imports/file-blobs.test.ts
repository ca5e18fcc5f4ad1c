import { createHash } from 'node:crypto'
import { encode } from 'fast-png'
import { describe, expect, it } from 'vitest'
import { readTabular, toSampleTable } from '../../collect/files.ts'
import type { ColumnMapping } from '../../contract/model.ts'
import type { Column } from '../../contract/table.ts'
import { takeFileBlobs } from './file-blobs.ts'

const png = (grey: number) =>
  Buffer.from(encode({ width: 4, height: 4, channels: 1, depth: 8, data: new Uint8Array(16).fill(grey) }))
const digestOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const stored = png(200)
const mapping: ColumnMapping[] = [
  { name: 'id', role: 'id', type: 'categorical' },
  { name: 'frame', role: 'feature', type: 'image' },
  { name: 'note', role: 'feature', type: 'text' },
  { name: 'vector', role: 'feature', type: 'embedding' },
]

const valuesOf = (column: Column | undefined) =>
  column === undefined
    ? null
    : column.type === 'numeric'
      ? [...column.values]
      : Array.from(column.codes, (code) => (code < 0 ? null : column.categories[code]))

async function take(rows: object[]) {
  const bytes = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
  const tabular = await readTabular({ bytes, fileName: 'rows.jsonl' })
  const blobs = { get: async (digest: string) => (digest === digestOf(stored) ? stored : null) }
  return await takeFileBlobs(blobs, tabular, mapping, toSampleTable(tabular, mapping), null)
}

describe('files in the cells of a file', () => {
  it('are taken out and measured', async () => {
    const { result, derived, blobs, named } = await take([
      { id: 'a', frame: `data:image/png;base64,${png(10).toString('base64')}`, note: 'good dog', vector: '[3, 4]' },
      { id: 'b', frame: png(10).toString('base64'), note: 'плохой пёс', vector: null },
      { id: 'c', frame: digestOf(stored), note: null, vector: '[0, 1]' },
      { id: 'd', frame: 's3://bucket/d.png', note: null, vector: null },
    ])
    const { columns } = result.table
    expect(valuesOf(columns.get('frame'))).toEqual([
      ...[digestOf(png(10)), digestOf(png(10)), digestOf(stored), 's3://bucket/d.png'],
    ])
    expect(valuesOf(columns.get('frame.brightness'))).toEqual([
      ...[expect.closeTo(10), expect.closeTo(10), expect.closeTo(200), Number.NaN],
    ])
    expect(valuesOf(columns.get('note.words'))).toEqual([2, 2, Number.NaN, Number.NaN])
    expect(valuesOf(columns.get('note.script'))).toEqual(['Latin', 'Cyrillic', null, null])
    expect(valuesOf(columns.get('vector.norm'))).toEqual([5, Number.NaN, 1, Number.NaN])
    expect(derived.map(({ name }) => name)).toContain('frame.hue')
    expect(blobs.map(({ digest }) => digest)).toContain(digestOf(png(10)))
    expect(blobs).toHaveLength(5)
    expect(named).toEqual([digestOf(stored)])
    expect(result.errorCount).toBe(0)
  })

  it('that are none are missing, with the row that says so', async () => {
    const { result, blobs } = await take([
      { id: 'a', frame: 'no picture!', note: null, vector: 'x' },
      { id: 'b', frame: png(1).toString('base64'), note: null, vector: '[1]' },
    ])
    expect(valuesOf(result.table.columns.get('frame'))?.[0]).toBeNull()
    expect(result.errors.map(({ row, column }) => [row, column])).toEqual([
      [1, 'frame'],
      [1, 'vector'],
    ])
    expect(blobs).toHaveLength(2)
  })
})
