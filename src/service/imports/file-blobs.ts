import { takeBlob, takeEmbedding, takeText } from '../../collect/blobs/take-blob.ts'
import { ErrorList, type RowError } from '../../collect/files/tabular.ts'
import type { Cell, SampleTableResult, Tabular } from '../../collect/files.ts'
import { type BlobFacts, type BlobKind, blobReference, isBlobKind } from '../../contract/blob.ts'
import { columnsDerivedFrom } from '../../contract/blob-columns.ts'
import type { ColumnMapping, ColumnSpec, SchemaSpec } from '../../contract/model.ts'
import type { Column } from '../../contract/table.ts'
import type { BlobStore } from '../../store/store.ts'
import { createMeasurer } from '../blobs/measure-file.ts'

/** Largest picture or recording in a cell. */
const mostBytes = 4 * 1024 * 1024
const digestPattern = /^[0-9a-f]{64}$/

export interface FileBlobs {
  readonly result: SampleTableResult
  /** Columns that were measured and not in the file. */
  readonly derived: readonly ColumnMapping[]
  /** What stood in the file itself, to be stored. */
  readonly blobs: readonly { readonly digest: string; readonly bytes: Uint8Array }[]
  /** What is stored already and the file names by digest. */
  readonly named: readonly string[]
}

type Taken = { readonly digest: string; readonly bytes: Uint8Array | null } | { readonly reference: string } | string

const specOf = ({ name, type }: ColumnMapping, schema: SchemaSpec | null): ColumnSpec =>
  schema?.columns.find((column) => column.name === name || `inputs.${column.name}` === name) ?? {
    ...{ name, type, role: 'input', isGroup: false, isRequired: false },
  }

function parseNumbers(text: string): number[] | null {
  try {
    const parsed: unknown = JSON.parse(text)
    return Array.isArray(parsed) && parsed.every((value) => typeof value === 'number') ? parsed : null
  } catch {
    return null
  }
}

/**
 * Takes pictures, recordings, texts and embeddings out of the cells of a file and measures them: a cell holds base64, a data URI, the
 * text itself, the numbers as a JSON list, the digest of something stored, or the address of something that is not here. In the
 * table digests and addresses take their place. A cell that is none of these is missing, and reported with its row.
 */
export async function takeFileBlobs(
  stored: Pick<BlobStore, 'get'>,
  tabular: Tabular,
  mapping: readonly ColumnMapping[],
  result: SampleTableResult,
  schema: SchemaSpec | null,
): Promise<FileBlobs> {
  const held = mapping.filter(({ role, type }) => role === 'feature' && isBlobKind(type))
  if (held.length === 0) return { result, derived: [], blobs: [], named: [] }
  const measure = createMeasurer()
  const places = new Map(tabular.rowNumbers.map((row, index) => [row, index]))
  const columns = new Map(result.table.columns)
  const errors = new ErrorList()
  const blobs = new Map<string, Uint8Array>()
  const named = new Set<string>()
  const derived: ColumnMapping[] = []

  async function take(cell: Cell, kind: BlobKind, length: number | undefined): Promise<Taken> {
    const text = String(cell)
    if (digestPattern.test(text)) {
      named.add(text)
      return { digest: text, bytes: await stored.get(text) }
    }
    if (kind === 'text') return takeText(text)
    if (!text.startsWith('data:') && blobReference.safeParse(text).success) return { reference: text }
    if (kind === 'embedding') {
      const numbers = parseNumbers(text)
      return numbers === null ? 'expected numbers as a JSON list' : takeEmbedding(numbers, length)
    }
    return takeBlob(text, kind, mostBytes)
  }

  for (const { name, type } of held) {
    if (!isBlobKind(type)) continue
    const spec = specOf({ name, type, role: 'feature' }, schema)
    const cells = tabular.cells[tabular.columns.indexOf(name)]
    const codes = new Int32Array(result.table.n).fill(-1)
    const categories: string[] = []
    const codeOf = new Map<string, number>()
    const factsOf: (BlobFacts | null)[] = []
    for (const [row, number] of result.rowNumbers.entries()) {
      const cell = cells[places.get(number) ?? -1] ?? null
      if (cell === null) continue
      const taken = await take(cell, type, spec.blob?.length)
      if (typeof taken === 'string') {
        errors.add(number, name, taken)
        continue
      }
      const value = 'reference' in taken ? taken.reference : taken.digest
      let code = codeOf.get(value)
      if (code === undefined) {
        code = categories.push(value) - 1
        codeOf.set(value, code)
        const bytes = 'reference' in taken ? null : taken.bytes
        factsOf.push(bytes === null ? null : measure({ ...spec, type }, bytes))
        if (bytes !== null && !named.has(value)) blobs.set(value, bytes)
      }
      codes[row] = code
    }
    columns.set(name, { type: 'categorical', codes, categories })
    const own = schema?.columns.filter((column) => column.derived?.from === spec.name) ?? []
    for (const column of own.length > 0 ? own : columnsDerivedFrom({ ...spec, type })) {
      if (columns.has(column.name) || column.derived === undefined) continue
      const { measure: wanted } = column.derived
      columns.set(
        column.name,
        columnOf(
          column.type === 'numeric',
          codes,
          factsOf.map((facts) => facts?.[wanted] ?? null),
        ),
      )
      derived.push({ name: column.name, type: column.type, role: 'feature' })
    }
  }
  const listed: RowError[] = [...result.errors, ...errors.listed]
  return {
    result: {
      ...result,
      table: { ...result.table, columns },
      errors: listed,
      errorCount: result.errorCount + errors.count,
    },
    derived,
    blobs: [...blobs].map(([digest, bytes]) => ({ digest, bytes })),
    named: [...named],
  }
}

/** A measure of each row's blob. */
function columnOf(isNumeric: boolean, codes: Int32Array, values: readonly (number | string | null)[]): Column {
  if (isNumeric)
    return {
      type: 'numeric',
      values: Float64Array.from(codes, (code) => {
        const value = code < 0 ? null : values[code]
        return typeof value === 'number' ? value : Number.NaN
      }),
    }
  const categories = [...new Set(values.filter((value) => typeof value === 'string'))]
  return {
    type: 'categorical',
    categories,
    codes: codes.map((code) => {
      const value = code < 0 ? null : values[code]
      return typeof value === 'string' ? categories.indexOf(value) : -1
    }),
  }
}
