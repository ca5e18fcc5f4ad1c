import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import { roomSchema } from '../../test/support/intake-double.ts'
import type { ColumnMapping } from '../contract/model.ts'
import { parseTime } from './files/parse-time.ts'
import { detectDelimiter } from './files/read-csv.ts'
import { readParquetApart } from './files/read-parquet-apart.ts'
import {
  FileFault,
  inferColumns,
  previewTabular,
  readTabular,
  toIncomingSamples,
  toLabels,
  toSampleTable,
} from './files.ts'

const read = (text: string | Uint8Array, fileName = 'data.csv') =>
  readTabular({ bytes: typeof text === 'string' ? Buffer.from(text) : text, fileName })

const shared = resolve(import.meta.dirname, '../../../shared/data')
if (!existsSync(shared)) console.warn('files: real data sets are skipped, their folder is absent')

describe('CSV', () => {
  it('reads quotes, delimiters within them, doubled quotes and blank lines', async () => {
    const table = await read('a,b\r\n"x, ""y""","line\nbreak"\r\n\r\n1,2\r\n')
    expect(table.columns).toEqual(['a', 'b'])
    expect(table.cells).toEqual([
      ['x, "y"', '1'],
      ['line\nbreak', '2'],
    ])
  })

  it.each([',', ';', '\t', '|'])('finds the delimiter %j, with a byte order mark before the header', async (d) => {
    const table = await read(`\uFEFFname${d}size\n"p,q;r"${d}1,5\nx${d}2\n`.replaceAll(d === ',' ? '1,5' : '\0', '1.5'))
    expect(table.columns).toEqual(['name', 'size'])
    expect(table.n).toBe(2)
  })

  it('reads decimal commas where commas do not separate, and says so', async () => {
    const table = await read('id;size;many;name\n1;0,5;1,234;a,b\n2;-12,25;2,345;c,d\n3;7;;e\n')
    expect(table.cells).toEqual([
      ['1', '2', '3'],
      ['0.5', '-12.25', '7'],
      // These may be thousands: nobody can tell.
      ['1,234', '2,345', null],
      ['a,b', 'c,d', 'e'],
    ])
    expect(table.errors).toEqual([{ row: 1, column: null, message: 'read with a decimal comma: size' }])
  })

  it('detects by agreement of lines, not by the number of characters', () => {
    expect(detectDelimiter('a;b\n1,5;2,5\n1,5;3,5\n')).toBe(';')
    expect(detectDelimiter('alone\n1\n')).toBe(',')
  })

  it('leaves ragged rows and broken quotes out, names their lines, and keeps the rest', async () => {
    const table = await read('a,b\n1,2\n3\n4,5,6\n7,x"y\n8,9\n')
    expect(table.cells[0]).toEqual(['1', '8'])
    expect(table.errorCount).toBe(3)
    expect(table.errors.map((error) => error.row)).toEqual([3, 4, 5])
    expect(table.errors[0].message).toBe('the row has 1 values, the header has 2')
    expect(table.rowNumbers).toEqual([2, 6])
  })

  it('keeps what stands before an unclosed quote', async () => {
    const table = await read('a,b\n1,2\n"3,4\n5,6\n')
    expect(table.cells[0]).toEqual(['1'])
    expect(table.errorCount).toBe(1)
  })

  it('numbers repeated header names and says so', async () => {
    const table = await read('a,a,\n1,2,3\n')
    expect(table.columns).toEqual(['a', 'a_2', 'column_3'])
    expect(table.errors[0].message).toMatch(/more than once/)
  })

  it('takes the first column for row names when the header is one name short', async () => {
    const table = await read('"x","y"\n"1",5,6\n"2",7,8\n')
    expect(table.columns).toEqual(['row', 'x', 'y'])
    expect(table.errorCount).toBe(0)
  })

  it('keeps ? as a category, and NA, NaN, null and nothing as missing', async () => {
    const table = await read('a,b\n?,1\nNA,NaN\n,null\nPrivate,2\n')
    expect(table.cells).toEqual([
      ['?', null, null, 'Private'],
      ['1', null, null, '2'],
    ])
  })

  it('counts all errors but lists the first hundred', async () => {
    const table = await read(`a,b\n${'1\n'.repeat(500)}1,2\n`)
    expect(table.errorCount).toBe(500)
    expect(table.errors).toHaveLength(100)
    expect(table.n).toBe(1)
  })

  it('refuses a file without anything in it', async () => {
    await expect(read('')).rejects.toThrow(FileFault)
    expect((await read('a,b\n')).n).toBe(0)
  })

  it('reads 300,000 rows', async () => {
    const lines = ['id,x,y,kind']
    for (let i = 0; i < 300_000; i++) lines.push(`${i},${i / 7},${i % 100},${i % 3 ? 'dog' : 'cat'}`)
    const table = await read(lines.join('\n'))
    const { table: typed, errorCount } = toSampleTable(table, inferColumns(table))
    expect(typed.n).toBe(300_000)
    expect(errorCount).toBe(0)
    expect(typed.columns.get('x')).toMatchObject({ type: 'numeric' })
    expect(typed.columns.get('kind')).toMatchObject({ type: 'categorical', categories: ['cat', 'dog'] })
  })
})

describe('other formats', () => {
  it('reads JSON Lines with nested members and late columns', async () => {
    const text = '{"id":"a","inputs":{"t":1.5,"on":true}}\n[1]\n{broken\n\n{"id":"b","extra":null,"inputs":{"t":2}}\n'
    const table = await read(text, 'x.jsonl')
    expect(table.columns).toEqual(['id', 'inputs.t', 'inputs.on', 'extra'])
    expect(table.cells).toEqual([
      ['a', 'b'],
      [1.5, 2],
      ['true', null],
      [null, null],
    ])
    expect(table.errors.map((error) => error.row)).toEqual([2, 3])
  })

  it('refuses an endless line', async () => {
    await expect(read(`{"a":1}\n{"b":"${'x'.repeat(9 * 1024 * 1024)}"}\n`, 'x.jsonl')).rejects.toThrow(
      /longer than 8 MiB/,
    )
  })

  it('reads Parquet', async () => {
    const buffer = parquetWriteBuffer({
      columnData: [
        { name: 'x', data: [1.5, Number.NaN, 3], type: 'DOUBLE' },
        { name: 'big', data: [1n, 2n, 2n ** 60n], type: 'INT64' },
        { name: 'kind', data: ['cat', null, 'dog'], type: 'STRING' },
        { name: 'on', data: [true, false, true], type: 'BOOLEAN' },
      ],
    })
    const table = await read(Buffer.concat([Buffer.from(buffer)]), 'x.parquet')
    expect(table.columns).toEqual(['x', 'big', 'kind', 'on'])
    expect(table.cells).toEqual([
      [1.5, null, 3],
      [1, 2, '1152921504606846976'],
      ['cat', null, 'dog'],
      ['true', 'false', 'true'],
    ])
  })

  it('says that a damaged Parquet file is none', async () => {
    await expect(read(Buffer.from('PAR1 nonsense that goes on PAR1'), 'x.parquet')).rejects.toThrow(FileFault)
    await expect(read('', 'x.parquet')).rejects.toThrow(FileFault)
  })
})

describe('Parquet that states what is not so', () => {
  const gzip = (input: Uint8Array) => gzipSync(input)
  const limits = { timeoutMs: 2000, maxHeapMegabytes: 512 }
  const write = (codec: 'SNAPPY' | 'UNCOMPRESSED', data: readonly unknown[]) =>
    Buffer.from(parquetWriteBuffer({ codec, columnData: [{ name: 'x', data: [...data], type: 'DOUBLE' }] }))
  const readIt = (bytes: Buffer) => readTabular({ bytes, fileName: 'x.parquet' }, null, limits)
  const put = (bytes: Buffer, found: string, other: string) => {
    const at = bytes.indexOf(Buffer.from(found, 'hex'))
    expect(at).toBeGreaterThan(0)
    Buffer.from(other, 'hex').copy(bytes, at)
    return bytes
  }

  it('is read up to the limits that it keeps', async () => {
    const table = await readIt(write('SNAPPY', [1.5, null, 3]))
    expect(table.cells).toEqual([[1.5, null, 3]])
  })

  it('refuses a run that would fill the memory', async () => {
    // 1000 equal values: the run of definition levels, then that of places in the dictionary.
    const bytes = put(write('UNCOMPRESSED', Array(1000).fill(1.5).concat([null])), 'd00f01', 'feffffff0701')
    await expect(readIt(bytes)).rejects.toThrow(/page 2 of column 1 of row group 1: a run of 1073741823 values where/)
  })

  it('ends a decoder that never comes to an end', async () => {
    const bytes = write(
      'SNAPPY',
      Array.from({ length: 400 }, (_, i) => i / 3),
    )
    // After the length of the page: a literal of a length below nothing leads the decoder back to where it was.
    put(bytes, '8019', '8019fcfaffffff')
    await expect(readIt(bytes)).rejects.toThrow(/was ended after 2 s/)
    // Memory outside of the thread's heap is watched as well.
    let looks = 0
    const swelling = () => (looks++ === 0 ? 0 : 2 ** 31)
    const patient = { timeoutMs: 600_000, maxHeapMegabytes: 512 }
    await expect(readParquetApart({ bytes }, patient, swelling)).rejects.toThrow(/needs more than 512 MB to be read/)
  })

  it('ends a decoder whose texts repeat ever longer beginnings', async () => {
    const n = 60_000
    const bytes = Buffer.from(
      parquetWriteBuffer({
        codec: 'UNCOMPRESSED',
        rowGroupSize: n,
        pageSize: 2 ** 24,
        columnData: [
          {
            name: 'x',
            data: Array.from({ length: n }, (_, i) => 'ab'[i % 2]),
            type: 'STRING',
            encoding: 'DELTA_BYTE_ARRAY',
          },
        ],
      }),
    )
    // Lengths of repeated beginnings: blocks of 128 in four parts, n of them, the first 0. Each block says: no more than the one before.
    const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...varint(value >> 7)])
    const start = Buffer.from([0x80, 1, 4, ...varint(n), 0])
    const at = bytes.indexOf(start) + start.length
    expect(at).toBeGreaterThan(start.length)
    // One more than the one before: some kilobytes of lengths then state gigabytes of text.
    for (let block = at; block < at + 5 * Math.ceil((n - 1) / 128); block += 5) {
      expect(bytes.readUIntBE(block, 5)).toBe(0)
      bytes[block] = 2
    }
    const read = readTabular({ bytes, fileName: 'x.parquet' }, null, { timeoutMs: 60_000, maxHeapMegabytes: 128 })
    await expect(read).rejects.toThrow(/needs more than 128 MB to be read/)
  }, 90_000)

  it('names a compression that is not read', async () => {
    const bytes = Buffer.from(
      parquetWriteBuffer({
        codec: 'GZIP',
        compressors: { GZIP: gzip },
        columnData: [{ name: 'x', data: Array(100).fill(1.5), type: 'DOUBLE' }],
      }),
    )
    await expect(readIt(bytes)).rejects.toThrow(/compressed with GZIP; uncompressed and snappy files are read/)
  })

  it('refuses a row count that no column bears out', async () => {
    const bytes = write('UNCOMPRESSED', [1, 2, 3])
    const stated = bytes.lastIndexOf(Buffer.from('1606', 'hex'))
    bytes[stated + 1] = 0x7e
    await expect(readIt(bytes)).rejects.toThrow(/row group/)
  })
})

describe('what columns mean', () => {
  it('guesses roles by name and type', async () => {
    const table = await read(
      'sample_id,timestamp,age,sex,y_pred,score_yes,y_true,latency_ms,empty\n' +
        'a,2026-01-01T00:00:00Z,30,F,yes,0.7,no,3,\nb,2026-01-01 00:01,x,M,no,0.2,no,4,\n',
    )
    const roles = Object.fromEntries(inferColumns(table).map(({ name, role, type }) => [name, `${role} ${type}`]))
    expect(roles).toEqual({
      sample_id: 'id categorical',
      timestamp: 'time categorical',
      age: 'feature categorical',
      sex: 'group categorical',
      y_pred: 'prediction categorical',
      score_yes: 'score numeric',
      y_true: 'label categorical',
      latency_ms: 'latency numeric',
      empty: 'ignore categorical',
    })
    expect(inferColumns(table).find(({ role }) => role === 'score')?.className).toBe('yes')
  })

  it('follows the declared schema where there is one', async () => {
    const table = await read('temperature,window,label,other\n1,0,1,2\n')
    expect(inferColumns(table, roomSchema)).toEqual([
      { name: 'temperature', role: 'feature', type: 'numeric' },
      { name: 'window', role: 'feature', type: 'categorical' },
      { name: 'label', role: 'label', type: 'categorical' },
      { name: 'other', role: 'ignore', type: 'numeric' },
    ])
  })

  it('reads times of several forms as UTC', () => {
    const expected = Date.UTC(2015, 1, 2, 14, 19)
    for (const text of [
      '2015-02-02 14:19:00',
      '2015-02-02T14:19Z',
      '2015-02-02T15:19:00+01:00',
      '2015-02-02 14:19:00.000000 UTC',
    ])
      expect(parseTime(text)).toBe(expected)
    expect(parseTime(expected)).toBe(expected)
    expect(parseTime(String(expected / 1000))).toBe(expected)
    for (const text of ['yesterday', '2015-13-45', '2015-02-30', '12', 'NaN']) expect(parseTime(text)).toBeNull()
  })

  it('reports values of the wrong type with line and column, and keeps them as missing', async () => {
    const table = await read('at,x\n2026-01-01,1\n2026-01-02,oops\nnever,3\n')
    const mapping: ColumnMapping[] = [
      { name: 'at', role: 'time', type: 'categorical' },
      { name: 'x', role: 'feature', type: 'numeric' },
    ]
    const result = toSampleTable(table, mapping)
    expect(result.errors).toEqual([
      { row: 4, column: 'at', message: 'expected a time, got "never"; the row is left out' },
      { row: 3, column: 'x', message: 'expected a number, got "oops"' },
    ])
    expect(result.table.n).toBe(2)
    expect(result.table.columns.get('x')).toEqual({ type: 'numeric', values: Float64Array.of(1, Number.NaN) })
    expect(() => toSampleTable(table, [...mapping, mapping[0]])).toThrow(/mapped twice/)
    expect(() => toSampleTable(table, [{ ...mapping[0], name: 'z' }])).toThrow(/no column “z”/)
  })

  it('previews', async () => {
    const preview = previewTabular(await read('a,b\n1,\n'), null)
    expect(preview).toMatchObject({ format: 'csv', rows: [['1', null]], rowCount: 1, errorCount: 0 })
  })
})

describe('importing into a deployment', () => {
  const target = {
    deploymentId: 'dep_1',
    versionId: 'ver_1',
    schema: roomSchema,
    now: 5_000_000_000_000,
    idPrefix: 'abc',
  }
  const csv =
    'temperature,window,prediction,empty,label\n20,open,empty,0.9,empty\n21,,fox,0.5,\n,shut,occupied,,occupied\n'

  it('makes samples, refuses rows that the schema refuses, and gives the same ids again', async () => {
    const table = await read(csv)
    const mapping = inferColumns(table, roomSchema).map(
      (column): ColumnMapping =>
        column.name === 'empty' ? { ...column, role: 'score', className: 'empty', type: 'numeric' } : column,
    )
    const run = () => [...toIncomingSamples(toSampleTable(table, mapping), target)]
    const [part] = run()
    expect(part.samples.map(({ sample }) => sample.id)).toEqual(['abc-2', 'abc-4'])
    expect(part.samples[0].sample).toMatchObject({
      inputs: { temperature: 20, window: 'open', frame: null },
      prediction: 'empty',
      scores: { empty: 0.9 },
      at: target.now,
    })
    expect(part.samples[1].label).toMatchObject({ sampleId: 'abc-4', label: 'occupied', source: 'import' })
    expect(part.errors).toEqual([expect.objectContaining({ row: 3, column: 'prediction' })])
    expect(run()).toEqual([part])
  })

  it('makes labels', async () => {
    const table = await read('id,label\na,empty\n,empty\nb,\nc,fox\nd,occupied\n')
    const mapping: ColumnMapping[] = [
      { name: 'id', role: 'id', type: 'categorical' },
      { name: 'label', role: 'label', type: 'categorical' },
    ]
    const { labels, errors } = toLabels(toSampleTable(table, mapping), target)
    expect(labels.map(({ sampleId }) => sampleId)).toEqual(['a', 'd'])
    expect(errors.map(({ row }) => row)).toEqual([3, 4, 5])
  })
})

describe.skipIf(!existsSync(shared))('real files', () => {
  it('reads room sensors written with row names', async () => {
    const table = await readTabular({ path: `${shared}/occupancy/datatest.txt`, fileName: 'datatest.txt' })
    expect(table.columns).toEqual([
      'row',
      'date',
      'Temperature',
      'Humidity',
      'Light',
      'CO2',
      'HumidityRatio',
      'Occupancy',
    ])
    expect([table.n, table.errorCount]).toEqual([2665, 0])
    const result = toSampleTable(table, inferColumns(table))
    expect(result.errorCount).toBe(0)
    expect(result.table.at?.[0]).toBe(Date.UTC(2015, 1, 2, 14, 19))
  })

  it('reads the census with its question marks', async () => {
    const table = await readTabular({ path: `${shared}/adult/adult_train.csv`, fileName: 'adult_train.csv' })
    const result = toSampleTable(table, inferColumns(table))
    expect(result.errorCount).toBe(0)
    expect(result.table.columns.get('workclass')).toMatchObject({ categories: expect.arrayContaining(['?']) })
  })

  it('reads compressed Parquet written elsewhere', async () => {
    const path = `${shared}/employment/employment_MA_reference.pq`
    const table = await readTabular({ path, fileName: 'reference.pq' })
    expect(table.n).toBeGreaterThan(1000)
    expect(table.columns.length).toBeGreaterThan(5)
  })
})
