import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { measureDepth } from '../decode-json.ts'
import { type Cell, type ErrorList, FileFault, isMissing, mostColumns, type Tabular } from './tabular.ts'

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

export interface JsonLine {
  readonly line: number
  readonly value: Record<string, unknown>
}

/** The objects of a JSON Lines file with their line numbers. A line that is no object is reported and left out. */
export async function* readJsonLines(source: AsyncIterable<Uint8Array>, errors: ErrorList): AsyncGenerator<JsonLine> {
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
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      errors.add(line, null, 'the line is not one JSON object')
    else yield { line, value: value as Record<string, unknown> }
  }
  if (failure) throw failure
}

/** A JSON value as a cell; lists and objects stay as their JSON text. */
export function toCell(value: unknown): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return value
  if (typeof value === 'string') return isMissing(value) ? null : value.toWellFormed()
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value).slice(0, 1000)
}

/** Collects rows whose columns appear one after the other; a row without one has it missing. */
export function createTableBuilder() {
  const byName = new Map<string, Cell[]>()
  const rowNumbers: number[] = []
  return {
    /** `put` is given to `fill` and sets cells of the new row. */
    addRow(number: number, fill: (put: (name: string, cell: Cell) => void) => void) {
      const row = rowNumbers.length
      fill((name, cell) => {
        let column = byName.get(name)
        if (!column) {
          if (byName.size >= mostColumns) throw new FileFault(`more than ${mostColumns} columns`)
          column = []
          byName.set(name, column)
        }
        while (column.length < row) column.push(null)
        column[row] = cell
      })
      rowNumbers.push(number)
    },
    finish(errors: ErrorList): Tabular {
      if (rowNumbers.length === 0 && errors.count > 0)
        throw new FileFault(`no line can be read as a row; ${errors.listed[0].message}`)
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
    },
  }
}
