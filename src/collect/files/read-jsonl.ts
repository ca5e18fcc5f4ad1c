import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { measureDepth } from '../decode-json.ts'
import { type Cell, ErrorList, FileFault, isMissing, mostColumns, type Tabular } from './tabular.ts'

const deepest = 32
const longestLine = 8 * 1024 * 1024
const newline = 0x0a

/** Passes chunks on until a line grows beyond what a row can be: nothing collects an endless line. */
async function* guarded(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let length = 0
  for await (const chunk of source) {
    const last = chunk.lastIndexOf(newline)
    length = last < 0 ? length + chunk.length : chunk.length - last
    if (length > longestLine) throw new FileFault(`a line is longer than ${longestLine / 2 ** 20} MiB`)
    yield chunk
  }
}

/** Members of nested objects become columns `outer.inner`; arrays stay as their JSON text. */
function flatten(value: object, prefix: string, into: (name: string, cell: Cell) => void) {
  for (const [name, member] of Object.entries(value)) {
    const path = (prefix + name).slice(0, 200)
    if (typeof member === 'object' && member !== null && !Array.isArray(member)) flatten(member, `${path}.`, into)
    else into(path, toCell(member))
  }
}

function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value === 'string') return isMissing(value) ? null : value.toWellFormed()
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value).slice(0, 1000)
}

/**
 * Reads one JSON object a line. Columns are those of all rows in order of appearance; a row without one has it missing. A line that
 * is no object is left out and reported with its number.
 */
export async function readJsonl(source: AsyncIterable<Uint8Array>): Promise<Tabular> {
  const errors = new ErrorList()
  const byName = new Map<string, Cell[]>()
  const rowNumbers: number[] = []
  let line = 0
  const input = Readable.from(guarded(source))
  // The line reader ends quietly when its input fails: the failure is kept and thrown after it.
  let failure: Error | null = null
  input.on('error', (error) => {
    failure = error
  })
  for await (const raw of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line++
    const text = line === 1 ? raw.replace(/^\uFEFF/, '') : raw
    if (text.trim() === '') continue
    let value: unknown
    try {
      if (measureDepth(Buffer.from(text)) > deepest) throw new Error(`nested more than ${deepest} deep`)
      value = JSON.parse(text)
    } catch (error) {
      errors.add(line, null, `not JSON: ${(error as Error).message}`)
      continue
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      errors.add(line, null, 'the line is not one JSON object')
      continue
    }
    const row = rowNumbers.length
    flatten(value, '', (name, cell) => {
      let column = byName.get(name)
      if (!column) {
        if (byName.size >= mostColumns) throw new FileFault(`more than ${mostColumns} columns`)
        column = []
        byName.set(name, column)
      }
      while (column.length < row) column.push(null)
      column[row] = cell
    })
    rowNumbers.push(line)
  }
  if (failure) throw failure
  if (rowNumbers.length === 0 && errors.count > 0)
    throw new FileFault(`no line is a JSON object; ${errors.listed[0].message}`)
  for (const column of byName.values()) while (column.length < rowNumbers.length) column.push(null)
  return {
    format: 'jsonl',
    columns: [...byName.keys()],
    n: rowNumbers.length,
    cells: [...byName.values()],
    rowNumbers,
    errors: errors.listed,
    errorCount: errors.count,
  }
}
