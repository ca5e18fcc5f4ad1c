import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { encodeTable } from '../../collect/dataset-codec.ts'
import {
  FileFault,
  previewTabular,
  type RowError,
  readTabular,
  type SampleTableResult,
  type Tabular,
  type TabularPreview,
  toSampleTable,
} from '../../collect/files.ts'
import type { ColumnMapping, SchemaSpec } from '../../contract/model.ts'
import type { TaskParts } from '../tasks/tasks.ts'
import { type FileBlobs, takeFileBlobs } from './file-blobs.ts'

/** An uploaded file; `fileName` is what the person called it and only helps to tell the format. */
export interface FileOrder {
  readonly digest: string
  readonly fileName: string
  /** Names captured inputs that have no names of their own. */
  readonly schema?: SchemaSpec | null
}
export interface MappedFileOrder extends FileOrder {
  readonly columns: readonly ColumnMapping[]
}

/** A file that cannot be read at all is an answer with a sentence, because errors lose their kind between threads. */
export type FileAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string }

export interface ReadRows {
  readonly result: SampleTableResult
  /** What could not be read as a row at all. */
  readonly unreadable: readonly RowError[]
  readonly unreadableCount: number
  /** Rows without a readable time: nobody can say when they happened. They are among the result's errors. */
  readonly untimedCount: number
  /** The beginnings of unreadable lines by number, where the file has lines. */
  readonly lines: ReadonlyMap<number, string>
  readonly files: Pick<FileBlobs, 'blobs' | 'named'>
}

export interface EncodedTable {
  readonly bytes: Uint8Array
  readonly rows: number
  readonly errors: readonly RowError[]
  readonly errorCount: number
  readonly files: Omit<FileBlobs, 'result'>
}

const shownOfLine = 4000

async function answer<T>(work: () => Promise<T>): Promise<FileAnswer<T>> {
  try {
    return { ok: true, value: await work() }
  } catch (error) {
    if (error instanceof FileFault) return { ok: false, message: error.message }
    throw error
  }
}

async function read(
  { store }: TaskParts,
  { digest, fileName, schema = null }: FileOrder,
): Promise<{ tabular: Tabular; path: string }> {
  const path = await store.blobs.path(digest)
  if (path === null) throw new FileFault('the file has not been uploaded')
  return { tabular: await readTabular({ path, fileName }, schema), path }
}

async function readLines(path: string, wanted: ReadonlySet<number>): Promise<Map<number, string>> {
  const lines = new Map<number, string>()
  if (wanted.size === 0) return lines
  const input = createReadStream(path)
  let number = 0
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++
    if (wanted.has(number)) lines.set(number, line.slice(0, shownOfLine))
    if (lines.size === wanted.size) break
  }
  input.destroy()
  return lines
}

export const previewFile = (
  parts: TaskParts,
  { schema, ...order }: FileOrder & { readonly schema: SchemaSpec | null },
): Promise<FileAnswer<TabularPreview>> =>
  answer(async () => previewTabular((await read(parts, { ...order, schema })).tabular, schema))

/** Rows of a file as columns, with what could not be read. */
export const readRows = (parts: TaskParts, order: MappedFileOrder): Promise<FileAnswer<ReadRows>> =>
  answer(async () => {
    const { tabular, path } = await read(parts, order)
    const { result, ...files } = await takeFileBlobs(
      parts.store.blobs,
      tabular,
      order.columns,
      toSampleTable(tabular, order.columns),
      order.schema ?? null,
    )
    const bad = new Set([...tabular.errors, ...result.errors].map(({ row }) => row))
    return {
      result,
      unreadable: tabular.errors,
      unreadableCount: tabular.errorCount,
      untimedCount: tabular.n - result.table.n,
      files,
      lines: tabular.format === 'parquet' ? new Map() : await readLines(path, bad),
    }
  })

/** A file as the bytes of a dataset. */
export const encodeFile = (parts: TaskParts, order: MappedFileOrder): Promise<FileAnswer<EncodedTable>> =>
  answer(async () => {
    const { tabular } = await read(parts, order)
    const { result, ...files } = await takeFileBlobs(
      parts.store.blobs,
      tabular,
      order.columns,
      toSampleTable(tabular, order.columns),
      order.schema ?? null,
    )
    const { table, errors, errorCount } = result
    if (table.n === 0) throw new FileFault('the file has no rows that can be read')
    return {
      bytes: encodeTable(table),
      rows: table.n,
      files,
      errors: [...tabular.errors, ...errors],
      errorCount: tabular.errorCount + errorCount,
    }
  })
