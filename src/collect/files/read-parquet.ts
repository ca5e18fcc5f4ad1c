import { type AsyncBuffer, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet'
import { type Cell, cleanNames, FileFault, isMissing, mostColumns, type Tabular } from './tabular.ts'

function toCell(value: unknown): Cell {
  switch (typeof value) {
    case 'number':
      return Number.isNaN(value) ? null : value
    case 'bigint':
      // Beyond 2^53 a number would no longer be the number: kept as text.
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
    case 'string':
      return isMissing(value) ? null : value.toWellFormed()
    case 'boolean':
      return String(value)
    case 'undefined':
      return null
    default:
      if (value === null) return null
      if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
      return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? String(item) : item)).slice(0, 1000)
  }
}

/** Reads a Parquet file (uncompressed, snappy). Nested values become their JSON text. */
export async function readParquet(file: AsyncBuffer): Promise<Tabular> {
  try {
    const metadata = await parquetMetadataAsync(file)
    const names = parquetSchema(metadata).children.map((child) => child.element.name)
    if (names.length > mostColumns) throw new FileFault(`${names.length} columns; at most ${mostColumns} are taken`)
    const n = Number(metadata.num_rows)
    if (n > 20_000_000) throw new FileFault(`${n} rows; at most 20,000,000 are taken`)
    const cells = names.map(() => new Array<Cell>(n).fill(null))
    const index = new Map(names.map((name, position) => [name, position]))
    await parquetRead({
      file,
      metadata,
      onChunk({ columnName, columnData, rowStart }) {
        const into = cells[index.get(columnName) ?? -1]
        if (into)
          for (let i = 0; i < columnData.length && rowStart + i < n; i++) into[rowStart + i] = toCell(columnData[i])
      },
    })
    const rowNumbers = Array.from({ length: n }, (_, i) => i + 1)
    return { format: 'parquet', columns: cleanNames(names), n, cells, rowNumbers, errors: [], errorCount: 0 }
  } catch (error) {
    if (error instanceof FileFault) throw error
    throw new FileFault(`the file is no Parquet file that can be read: ${(error as Error).message.slice(0, 300)}`)
  }
}
