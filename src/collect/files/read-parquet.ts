import { type AsyncBuffer, parquetMetadataAsync, parquetRead } from 'hyparquet'
import { checkParquetMetadata, checkParquetPages } from './parquet-limits.ts'
import { type Cell, cleanNames, FileFault, isMissing, type Tabular } from './tabular.ts'

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

/**
 * Reads a Parquet file (uncompressed, snappy) whose stated sizes are borne out by its bytes. Nested values become their JSON text.
 * What its pages hold can still keep the decoder busy for ever: files from outside are read by `readParquetApart`.
 */
export async function readParquet(file: AsyncBuffer): Promise<Tabular> {
  try {
    const metadata = await parquetMetadataAsync(file)
    const { n, names, chunks } = checkParquetMetadata(metadata, file.byteLength)
    for (const chunk of chunks) await checkParquetPages(file, chunk)
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
