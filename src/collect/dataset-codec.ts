import { z } from 'zod'
import type { CategoricalColumn, Column, SampleTable } from '../contract/table.ts'

/*
 * Stored form of a dataset. All numbers little-endian; every section begins at a multiple of 8 bytes, zeros between.
 *
 *   8 bytes   the letters ASSAYTB1
 *   4 bytes   length of the header in bytes (unsigned)
 *   4 bytes   zero
 *   header    UTF-8 JSON: {"n","ids","at","latencyMs","columns":[{"name","type","categories"?}],"prediction","label","scores":[names]}
 *   sections  in this order, each only where the header says so:
 *             columns in the header's order, prediction, label: Float64 a row (numeric) or Int32 codes a row (categorical)
 *             scores in the header's order: Float64 a row
 *             at, latencyMs: Float64 a row
 *             ids: 4 bytes length, then UTF-8 JSON, an array of n texts
 *
 * One content has one encoding, so that the SHA-256 of the bytes names the content: categories are those that occur, in order of
 * their UTF-16 code units, whatever order the table had them in; every NaN has the same bits; minus zero is zero.
 */

const magic = 'ASSAYTB1'
const mostRows = 100_000_000
/** The bits of the one NaN that is written. */
const theNaN = 0x7ff8_0000_0000_0000n

/** The bytes are not a dataset, or not one that an encoder wrote; the sentence says where. */
export class DatasetFault extends Error {}

const columnHeader = z.discriminatedUnion('type', [
  z.strictObject({ name: z.string().max(1000), type: z.literal('numeric') }),
  z.strictObject({ name: z.string().max(1000), type: z.literal('categorical'), categories: z.array(z.string()) }),
])
type ColumnHeader = z.infer<typeof columnHeader>

const header = z.strictObject({
  n: z.int().min(0).max(mostRows),
  ids: z.boolean(),
  at: z.boolean(),
  latencyMs: z.boolean(),
  columns: z.array(columnHeader).max(100_000),
  prediction: columnHeader.nullable(),
  label: columnHeader.nullable(),
  scores: z.array(z.string().max(1000)).max(100_000),
})
type Header = z.infer<typeof header>

const aligned = (length: number) => Math.ceil(length / 8) * 8
const byCodeUnits = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

// Typed arrays have the machine's byte order; the format is little-endian on every machine.
const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

function toLittleEndian(array: Float64Array | Int32Array): Uint8Array {
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
  if (isLittleEndian) return bytes
  const width = array.BYTES_PER_ELEMENT
  const swapped = bytes.slice()
  for (let i = 0; i < swapped.length; i += width) swapped.subarray(i, i + width).reverse()
  return swapped
}

function cleanNumbers(values: Float64Array): Float64Array {
  const clean = new Float64Array(values.length)
  for (let i = 0; i < values.length; i++) clean[i] = Number.isNaN(values[i]) ? Number.NaN : values[i] + 0
  return clean
}

/** Codes into the sorted categories that occur. */
function cleanCategories(column: CategoricalColumn): { codes: Int32Array; categories: string[] } {
  const occurring = new Set<string>()
  const isSeen = new Uint8Array(column.categories.length)
  for (const code of column.codes)
    if (code >= 0 && !isSeen[code]) {
      isSeen[code] = 1
      occurring.add(column.categories[code].toWellFormed())
    }
  const categories = [...occurring].sort(byCodeUnits)
  const position = new Map(categories.map((name, index) => [name, index]))
  const recoded = Int32Array.from(column.categories, (name) => position.get(name.toWellFormed()) ?? -1)
  return { codes: column.codes.map((code) => (code < 0 ? -1 : recoded[code])), categories }
}

/** Encodes a table; the same content gives the same bytes. */
export function encodeTable(table: SampleTable): Uint8Array {
  const sections: Uint8Array[] = []
  const write = (name: string, column: Column): ColumnHeader => {
    if (column.type === 'numeric') {
      sections.push(toLittleEndian(cleanNumbers(column.values)))
      return { name, type: 'numeric' }
    }
    const { codes, categories } = cleanCategories(column)
    sections.push(toLittleEndian(codes))
    return { name, type: 'categorical', categories }
  }
  const columns = [...table.columns].map(([name, column]) => write(name, column))
  const prediction = table.prediction && write('prediction', table.prediction)
  const label = table.label && write('label', table.label)
  for (const values of [...table.scores.values(), table.at, table.latencyMs])
    if (values) sections.push(toLittleEndian(cleanNumbers(values)))
  if (table.ids) {
    const text = new TextEncoder().encode(JSON.stringify(table.ids))
    const section = new Uint8Array(4 + text.length)
    new DataView(section.buffer).setUint32(0, text.length, true)
    section.set(text, 4)
    sections.push(section)
  }
  const head: Header = {
    n: table.n,
    ids: table.ids !== null,
    at: table.at !== null,
    latencyMs: table.latencyMs !== null,
    columns,
    prediction,
    label,
    scores: [...table.scores.keys()],
  }
  const headBytes = new TextEncoder().encode(JSON.stringify(head))
  const start = aligned(16 + headBytes.length)
  const total = sections.reduce((sum, section) => sum + aligned(section.length), start)
  const bytes = new Uint8Array(total)
  bytes.set(new TextEncoder().encode(magic))
  new DataView(bytes.buffer).setUint32(8, headBytes.length, true)
  bytes.set(headBytes, 16)
  let offset = start
  for (const section of sections) {
    bytes.set(section, offset)
    offset += aligned(section.length)
  }
  return bytes
}

function parseJson(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new DatasetFault(`the ${what} is not JSON`)
  }
}

/** Whether the bytes are exactly how this value is written: otherwise one content would have several digests. */
const isWrittenAs = (value: unknown, bytes: Uint8Array) =>
  Buffer.compare(Buffer.from(JSON.stringify(value)), bytes) === 0

/** Reads sections one after the other; never beyond the end, and nothing is allocated for what is not there. */
class Sections {
  private readonly bytes: Uint8Array
  private offset: number

  constructor(bytes: Uint8Array, offset: number) {
    this.bytes = bytes
    this.offset = offset
  }

  take(length: number, what: string): Uint8Array<ArrayBuffer> {
    const end = this.offset + length
    const next = this.offset + aligned(length)
    if (next > this.bytes.length) throw new DatasetFault(`the file ends within ${what}`)
    for (let i = end; i < next; i++)
      if (this.bytes[i] !== 0) throw new DatasetFault(`not zero between sections, after ${what}`)
    // A copy: aligned, and free of whatever else the buffer holds.
    const section = new Uint8Array(length)
    section.set(this.bytes.subarray(this.offset, end))
    this.offset = next
    return section
  }

  peekLength(what: string): number {
    if (this.offset + 4 > this.bytes.length) throw new DatasetFault(`the file ends within ${what}`)
    return new DataView(this.bytes.buffer, this.bytes.byteOffset + this.offset).getUint32(0, true)
  }

  numbers(n: number, what: string): Float64Array {
    const { buffer } = swapIfNeeded(this.take(n * 8, what), 8)
    const values = new Float64Array(buffer)
    const bits = new BigUint64Array(buffer)
    for (let i = 0; i < n; i++)
      if (Number.isNaN(values[i]) ? bits[i] !== theNaN : Object.is(values[i], -0))
        throw new DatasetFault(`${what}, row ${i}: a number that no encoder writes`)
    return values
  }

  column(n: number, spec: ColumnHeader): Column {
    const what = `column “${spec.name}”`
    if (spec.type === 'numeric') return { type: 'numeric', values: this.numbers(n, what) }
    const { categories } = spec
    for (let i = 1; i < categories.length; i++)
      if (!(categories[i - 1] < categories[i])) throw new DatasetFault(`the categories of ${what} are not in order`)
    const codes = new Int32Array(swapIfNeeded(this.take(n * 4, what), 4).buffer)
    const isSeen = new Uint8Array(categories.length)
    for (let i = 0; i < n; i++) {
      const code = codes[i]
      if (code < -1 || code >= categories.length)
        throw new DatasetFault(`${what}, row ${i}: code ${code} of ${categories.length} categories`)
      if (code >= 0) isSeen[code] = 1
    }
    if (isSeen.includes(0)) throw new DatasetFault(`a category of ${what} does not occur`)
    return { type: 'categorical', codes, categories }
  }

  finish() {
    if (this.offset !== this.bytes.length)
      throw new DatasetFault(`${this.bytes.length - this.offset} bytes after the end`)
  }
}

function swapIfNeeded(bytes: Uint8Array<ArrayBuffer>, width: number): Uint8Array<ArrayBuffer> {
  if (!isLittleEndian) for (let i = 0; i < bytes.length; i += width) bytes.subarray(i, i + width).reverse()
  return bytes
}

/**
 * Decodes what `encodeTable` wrote. Throws `DatasetFault` on anything else: wrong lengths, codes without a category, bytes
 * before, between or after, another way to write the same content. Memory stays within a small multiple of the bytes given.
 */
export function decodeTable(bytes: Uint8Array): SampleTable {
  if (bytes.length < 16 || new TextDecoder('latin1').decode(bytes.subarray(0, 8)) !== magic)
    throw new DatasetFault('the file does not begin like a stored dataset')
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const headLength = view.getUint32(8, true)
  if (view.getUint32(12, true) !== 0) throw new DatasetFault('not zero after the length of the header')
  if (16 + headLength > bytes.length) throw new DatasetFault('the file ends within the header')
  const parsed = header.safeParse(parseJson(bytes.subarray(16, 16 + headLength), 'header'))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new DatasetFault(`header: ${issue.path.map(String).join('.')}: ${issue.message}`.slice(0, 500))
  }
  const head = parsed.data
  const { n } = head
  if (!isWrittenAs(head, bytes.subarray(16, 16 + headLength)))
    throw new DatasetFault('the header is not as encoders write it')
  const names = new Set(head.columns.map((column) => column.name))
  if (names.size !== head.columns.length || new Set(head.scores).size !== head.scores.length)
    throw new DatasetFault('header: a column is named twice')
  if ((head.prediction?.name ?? 'prediction') !== 'prediction' || (head.label?.name ?? 'label') !== 'label')
    throw new DatasetFault('header: prediction and label bear their own names')
  const sections = new Sections(bytes, 16)
  sections.take(headLength, 'the header')
  const columns = new Map(head.columns.map((spec) => [spec.name, sections.column(n, spec)]))
  const prediction = head.prediction && sections.column(n, head.prediction)
  const label = head.label && sections.column(n, head.label)
  const scores = new Map(head.scores.map((name) => [name, sections.numbers(n, `scores of “${name}”`)]))
  const at = head.at ? sections.numbers(n, 'the times') : null
  const latencyMs = head.latencyMs ? sections.numbers(n, 'the latencies') : null
  let ids: string[] | null = null
  if (head.ids) {
    const section = sections.take(4 + sections.peekLength('the ids'), 'the ids')
    const list = parseJson(section.subarray(4), 'list of ids')
    if (!Array.isArray(list) || list.length !== n || !list.every((id) => typeof id === 'string'))
      throw new DatasetFault(`the list of ids is not ${n} texts`)
    if (!isWrittenAs(list, section.subarray(4))) throw new DatasetFault('the list of ids is not as encoders write it')
    ids = list
  }
  sections.finish()
  return { n, columns, ids, at, prediction, label, scores, latencyMs }
}
