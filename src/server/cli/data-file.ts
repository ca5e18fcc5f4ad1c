import { open, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { FileFault, inferColumns, type RowError, readTabular, type Tabular } from '../../collect/files.ts'
import type { ColumnMapping } from '../../contract/model.ts'
import { CliFault, oneLine } from './fault.ts'
import { suggest } from './near-matches.ts'

/** A file as read, before anybody said what its columns mean. */
export interface DataFile {
  readonly path: string
  readonly tabular: Tabular
  /** By column; numeric where nearly every value is a number. */
  readonly types: ReadonlyMap<string, 'numeric' | 'categorical'>
  /** Columns that name rows or say when they were, by their names and values. */
  readonly unlikeFeatures: ReadonlyMap<string, 'id' | 'time'>
}

const sayReason = (error: unknown) => oneLine(error instanceof Error ? error.message : String(error))

/** Reads a CSV, JSON Lines or Parquet file. What cannot be read at all, or has no rows, is a CliFault that names it. */
export async function readDataFile(path: string): Promise<DataFile> {
  await requireTable(path)
  let tabular: Tabular
  try {
    tabular = await readTabular({ path, fileName: basename(path) })
  } catch (error) {
    if (error instanceof FileFault) throw new CliFault(`${path}: ${oneLine(error.message)}`)
    throw new CliFault(`${path} cannot be read: ${sayReason(error)}`)
  }
  if (tabular.n === 0) {
    const [first] = tabular.errors
    throw new CliFault(
      first === undefined
        ? `${path} has no rows`
        : `${path} has no row that can be read: line ${first.row}: ${oneLine(first.message)}`,
    )
  }
  const guessed = inferColumns(tabular)
  return {
    path,
    tabular,
    types: new Map(
      guessed.map((column, i) => [column.name, isNumbers(tabular, i, column) ? 'numeric' : 'categorical']),
    ),
    unlikeFeatures: new Map(
      guessed.flatMap(({ name, role }) => (role === 'id' || role === 'time' ? [[name, role]] : [])),
    ),
  }
}

/** For a group, an identifier or a time the guess says categories even where the values are numbers; here the values decide. */
function isNumbers(tabular: Tabular, column: number, { type, role }: ColumnMapping): boolean {
  if (type === 'numeric' || !['group', 'id', 'time'].includes(role)) return type === 'numeric'
  const [plain] = inferColumns({ ...tabular, columns: ['value'], cells: [tabular.cells[column]] })
  return plain.type === 'numeric'
}

/** Tells what is surely no table before it is read as one. */
async function requireTable(path: string): Promise<void> {
  try {
    const facts = await stat(path)
    if (facts.isDirectory()) throw new CliFault(`${path} is a folder, not a file`)
    if (facts.size === 0) throw new CliFault(`${path} is empty`)
  } catch (error) {
    if (error instanceof CliFault) throw error
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw new CliFault(`${path} does not exist`)
    throw new CliFault(`${path} cannot be read: ${sayReason(error)}`)
  }
  const file = await open(path).catch((error) => {
    throw new CliFault(`${path} cannot be read: ${sayReason(error)}`)
  })
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4096), 0, 4096, 0)
    const head = buffer.subarray(0, bytesRead)
    if (head.subarray(0, 4).toString('latin1') === 'PAR1' || !head.includes(0)) return
    const isUtf16 =
      head.subarray(0, 2).toString('latin1') === '\xFF\xFE' || head.subarray(0, 2).toString('latin1') === '\xFE\xFF'
    throw new CliFault(
      isUtf16
        ? `${path} is UTF-16 text; save it as UTF-8`
        : `${path} is not a CSV, JSON Lines or Parquet file (it holds binary data)`,
    )
  } finally {
    await file.close()
  }
}

/** Throws a CliFault unless the file has the column; near names are listed. */
export function requireColumn({ path, tabular }: DataFile, name: string, option: string): void {
  if (!tabular.columns.includes(name))
    throw new CliFault(`${option}: ${path} has no column “${name}”${suggest(name, tabular.columns)}`)
}

const sayRow = ({ row, column, message }: RowError) =>
  oneLine(`line ${row}${column === null ? '' : `, ${column}`}: ${message}`)

/** What of a file could not be used, for people; nothing where all could. */
export function problemsOf(path: string, errors: readonly RowError[], errorCount: number): string[] {
  if (errorCount === 0) return []
  const shown = errors.slice(0, 3).map(sayRow)
  const more = errorCount > shown.length ? `; ${errorCount - shown.length} more` : ''
  return [`${path}: ${errorCount === 1 ? '1 problem' : `${errorCount} problems`}: ${shown.join('; ')}${more}`]
}
