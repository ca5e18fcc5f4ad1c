import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import type { ColumnMapping, SchemaSpec } from '../contract/model.ts'
import { captureKindOf, readCapture } from './files/capture/read-capture.ts'
import { inferColumns } from './files/infer-columns.ts'
import { readCsv } from './files/read-csv.ts'
import { readJsonl } from './files/read-jsonl.ts'
import { type ParquetLimits, readParquetApart } from './files/read-parquet-apart.ts'
import type { RowError, Tabular } from './files/tabular.ts'

export { inferColumns } from './files/infer-columns.ts'
export { type Cell, FileFault, type RowError, type Tabular } from './files/tabular.ts'
export { checkMapping, type SampleTableResult, toSampleTable } from './files/to-sample-table.ts'
export { type ImportTarget, toIncomingSamples, toLabels } from './files/to-samples.ts'

/** A file: its bytes, or a path that this program chose. `fileName` is what the person called it and only helps to tell the format. */
export type TabularSource =
  | { readonly bytes: Uint8Array; readonly fileName: string }
  | { readonly path: string; readonly fileName: string }

const headBytes = 65_536

async function* inChunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += headBytes) yield bytes.subarray(from, from + headBytes)
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytes), 0, headBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** Tells the format by the first bytes, then by the name. */
function formatOf(head: Uint8Array, fileName: string): Tabular['format'] {
  const text = Buffer.from(head.subarray(0, 64))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (text.startsWith('PAR1')) return 'parquet'
  if (/\.(pq|parquet)$/i.test(fileName)) return 'parquet'
  if (/\.(jsonl|ndjson|json)$/i.test(fileName)) return 'jsonl'
  return text.startsWith('{') ? 'jsonl' : 'csv'
}

/**
 * Reads a CSV, JSON Lines or Parquet file, or what a serving platform captured, into columns; `schema` names captured inputs that have
 * no names of their own. Rows that cannot be read are left out and reported, the rest stands;
 * throws `FileFault` when nothing of the file can be read. Parquet is decoded within `limits` (by its size unless given). Memory: about 30 bytes a cell while it is held.
 */
export async function readTabular(
  source: TabularSource,
  schema: SchemaSpec | null = null,
  limits?: ParquetLimits,
): Promise<Tabular> {
  const isHeld = 'bytes' in source
  const head = isHeld ? source.bytes.subarray(0, headBytes) : await readHead(source.path)
  const stream = () => (isHeld ? inChunks(source.bytes) : createReadStream(source.path))
  switch (formatOf(head, source.fileName)) {
    case 'parquet':
      return readParquetApart(isHeld ? { bytes: source.bytes } : { path: source.path }, limits)
    case 'jsonl': {
      const capture = captureKindOf(head)
      return capture === null ? readJsonl(stream()) : readCapture(stream(), capture, schema)
    }
    case 'csv':
      return readCsv(stream(), head)
  }
}

export interface TabularPreview {
  readonly format: Tabular['format']
  readonly columns: readonly ColumnMapping[]
  /** The first rows as text, null where missing. */
  readonly rows: readonly (readonly (string | null)[])[]
  readonly rowCount: number
  readonly errors: readonly RowError[]
  readonly errorCount: number
}

/** What a person sees before importing: the first rows, the guessed mapping, and what could not be read. */
export function previewTabular(tabular: Tabular, schema: SchemaSpec | null, rows = 20): TabularPreview {
  const shown = Array.from({ length: Math.min(rows, tabular.n) }, (_, row) =>
    tabular.cells.map((cells) => {
      const cell = cells[row]
      return cell === null ? null : String(cell).slice(0, 200)
    }),
  )
  return {
    format: tabular.format,
    columns: inferColumns(tabular, schema),
    rows: shown,
    rowCount: tabular.n,
    errors: tabular.errors,
    errorCount: tabular.errorCount,
  }
}
