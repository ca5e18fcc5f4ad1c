import { isUtf8 } from 'node:buffer'
import { Readable } from 'node:stream'
import { type CsvError, parse } from 'csv-parse'
import { type Cell, cleanNames, ErrorList, FileFault, isMissing, mostColumns, type Tabular } from './tabular.ts'

const candidates = [',', ';', '\t', '|']

/** Delimiter that splits the first lines most evenly; a comma when none does. Quoted parts do not count. */
export function detectDelimiter(head: string): string {
  const lines: string[] = []
  let line = ''
  let isQuoted = false
  for (const character of head.slice(0, 65_536)) {
    if (character === '"') isQuoted = !isQuoted
    else if ((character === '\n' || character === '\r') && !isQuoted) {
      if (line) lines.push(line)
      line = ''
      if (lines.length === 20) break
    } else if (!isQuoted) line += character
  }
  if (lines.length < 20 && line) lines.push(line)
  let best = ','
  let bestScore = 0
  for (const candidate of candidates) {
    const counts = lines.map((text) => text.split(candidate).length - 1)
    const usual = counts[0] ?? 0
    // Lines that agree with the header weigh more than many delimiters.
    const agreeing = counts.filter((count) => Math.abs(count - usual) <= 1).length
    const score = usual > 0 ? agreeing * 1000 + Math.min(usual, 999) : 0
    if (score > bestScore) {
      best = candidate
      bestScore = score
    }
  }
  return best
}

/** Few different texts in a column are kept once: most categorical columns repeat a handful. */
function intern(pool: Map<string, string>, text: string): string {
  const known = pool.get(text)
  if (known !== undefined) return known
  if (pool.size < 2000) pool.set(text, text)
  return text
}

const pointed = /^[+-]?\d+(,\d+)?(e[+-]?\d+)?$/i
/** `1,234` alone may be a thousand and more: at least one value must say that its comma is no separator of thousands. */
const surelyDecimal = /^[+-]?(0,\d+|\d+,(\d{1,2}|\d{4,})|\d{4,},\d+)(e[+-]?\d+)?$/i
const usualShare = 0.95

/** Numbers of a column written with a decimal comma, as with a point; false where the column holds something else. */
function readDecimalCommas(cells: Cell[]): boolean {
  let seen = 0
  let fitting = 0
  let isSure = false
  for (const cell of cells) {
    if (typeof cell !== 'string') continue
    seen++
    if (pointed.test(cell)) fitting++
    if (!isSure && surelyDecimal.test(cell)) isSure = true
  }
  if (!isSure || fitting < usualShare * seen) return false
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]
    if (typeof cell === 'string' && pointed.test(cell)) cells[i] = cell.replace(',', '.')
  }
  return true
}

/**
 * Reads delimited text with a header line. Delimiter, byte order mark and encoding are detected. A ragged row or one with a
 * broken quote is left out and reported with its line. Where commas do not separate, columns of numbers with decimal commas are read
 * as such, and that is reported. A header one name short of the rows is taken to lack the name of the
 * first column (tables written with row names), which becomes `row`.
 */
export async function readCsv(source: AsyncIterable<Uint8Array>, head: Uint8Array): Promise<Tabular> {
  const errors = new ErrorList()
  const encoding = isReadable(head) ? 'utf8' : 'latin1'
  if (encoding === 'latin1') errors.add(1, null, 'the file is not UTF-8; it was read as Latin-1')
  const delimiter = detectDelimiter(Buffer.from(head.buffer, head.byteOffset, head.length).toString(encoding))
  let header: string[] | null = null
  let columns: string[] = []
  let cells: Cell[][] = []
  let pools: Map<string, string>[] = []
  const rowNumbers: number[] = []

  function begin(names: string[]) {
    if (names.length > mostColumns) throw new FileFault(`${names.length} columns; at most ${mostColumns} are taken`)
    const repeated = names.filter((name, index) => name.trim() && names.indexOf(name) !== index)
    if (repeated.length)
      errors.add(1, repeated[0], `the header names ${repeated[0]} more than once; copies are numbered`)
    columns = cleanNames(names)
    cells = columns.map(() => [])
    pools = columns.map(() => new Map())
  }

  function take(record: string[], line: number) {
    if (!header) {
      header = record
      return
    }
    if (columns.length === 0) begin(record.length === header.length + 1 ? ['row', ...header] : header)
    if (record.length !== columns.length) {
      errors.add(line, null, `the row has ${record.length} values, the header has ${columns.length}`)
      return
    }
    for (let c = 0; c < record.length; c++) {
      const text = record[c]
      cells[c].push(isMissing(text) ? null : intern(pools[c], text))
    }
    rowNumbers.push(line)
  }

  const parser = parse({
    bom: true,
    delimiter,
    encoding,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: 1024 * 1024,
    trim: true,
    on_record: (record: string[], { lines }) => {
      take(record, lines)
      // Nothing is passed on: rows live in the columns only.
      return null
    },
    on_skip: (error: CsvError | undefined) => {
      const line = Number(error?.lines ?? 0)
      errors.add(line, null, `the row could not be read: ${error?.message ?? 'unknown error'}`)
      return undefined
    },
  })
  const input = Readable.from(source)
  input.on('error', (error) => parser.destroy(error))
  try {
    for await (const _ of input.pipe(parser)) throw new Error('rows are taken as they are read')
  } catch (error) {
    if (error instanceof FileFault || !(error as CsvError).code?.startsWith('CSV_')) throw error
    errors.add(parser.info.lines, null, `the file could not be read beyond this line: ${(error as Error).message}`)
  }
  if (!header) throw new FileFault('the file has no header line')
  if (columns.length === 0) begin(header)
  if (delimiter !== ',') {
    const commas = columns.filter((_, c) => readDecimalCommas(cells[c]))
    if (commas.length > 0) errors.add(1, null, `read with a decimal comma: ${commas.join(', ')}`)
  }
  return {
    format: 'csv',
    columns,
    n: rowNumbers.length,
    cells,
    rowNumbers,
    errors: errors.listed,
    errorCount: errors.count,
  }
}

/** A head cut in the middle of a character is still UTF-8. */
function isReadable(head: Uint8Array): boolean {
  for (let cut = 0; cut < 4; cut++) if (isUtf8(head.subarray(0, Math.max(0, head.length - cut)))) return true
  return false
}
