import { type AsyncBuffer, type ColumnMetaData, type FileMetaData, parquetSchema, type SchemaTree } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { getTreePath } from 'hyparquet/src/schema.js'
import { checkParquetRuns } from './parquet-runs.ts'
import { FileFault, mostColumns } from './tabular.ts'

const mostRows = 20_000_000
const mostCells = 200_000_000
const mostRowGroups = 50_000
const mostUncompressedBytes = 4 * 1024 ** 3
/** Snappy's shortest element copies 64 bytes with 3. */
const snappyGain = 22

const amount = (value: unknown) => (typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN)
const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0

/** Where the pages of one column lie in the file, and how many values they may hold. */
export interface ColumnChunkPlace {
  readonly where: string
  readonly from: number
  readonly to: number
  readonly values: number
  readonly mostUncompressed: number
  readonly column: ColumnMetaData
  readonly path: SchemaTree[]
}

/**
 * Holds what a Parquet file says of itself against its size and what is taken at most, before anything is made for it. Returns its
 * rows and where its pages lie; throws `FileFault` that names what is wrong. Complexity: linear in column chunks.
 */
export function checkParquetMetadata(
  metadata: FileMetaData,
  byteLength: number,
): { n: number; names: string[]; chunks: ColumnChunkPlace[] } {
  const tree = parquetSchema(metadata)
  const names = tree.children.map(({ element }) => String(element.name))
  if (names.length > mostColumns) throw new FileFault(`${names.length} columns; at most ${mostColumns} are taken`)
  const n = amount(metadata.num_rows)
  if (!isCount(n)) throw new FileFault('the number of rows that the file states is none')
  if (n > mostRows) throw new FileFault(`${n} rows; at most 20,000,000 are taken`)
  if (n * names.length > mostCells)
    throw new FileFault(`${n} rows of ${names.length} columns; at most 200,000,000 values are taken`)
  if (metadata.row_groups.length > mostRowGroups)
    throw new FileFault(`${metadata.row_groups.length} row groups; at most 50,000 are taken`)
  const leaves = metadata.schema.filter(({ type }) => type !== undefined)
  const chunks: ColumnChunkPlace[] = []
  let rows = 0
  let uncompressed = 0
  metadata.row_groups.forEach((group, index) => {
    const groupRows = amount(group.num_rows)
    if (!isCount(groupRows)) throw new FileFault(`row group ${index + 1} states a number of rows that is none`)
    rows += groupRows
    if (group.columns.length !== leaves.length)
      throw new FileFault(
        `row group ${index + 1} has ${group.columns.length} columns where the file has ${leaves.length}`,
      )
    group.columns.forEach((column, position) => {
      const where = `column ${position + 1} of row group ${index + 1}`
      const { meta_data: data } = column
      if (data === undefined) throw new FileFault(`${where} is not described`)
      if (data.codec !== 'UNCOMPRESSED' && data.codec !== 'SNAPPY')
        throw new FileFault(`${where} is compressed with ${data.codec}; uncompressed and snappy files are read`)
      const values = amount(data.num_values)
      const size = amount(data.total_compressed_size)
      const full = amount(data.total_uncompressed_size)
      const from = amount(data.dictionary_page_offset || data.data_page_offset)
      if (![values, size, full, from].every(isCount))
        throw new FileFault(`${where} states a size or a place that is none`)
      if (groupRows === 0 && values === 0) return
      if (from < 4 || from + size > byteLength)
        throw new FileFault(`${where} would lie outside of the file (bytes ${from} to ${from + size} of ${byteLength})`)
      // A list may have many values in a row; a plain column has one.
      const isNested = data.path_in_schema.length > 1 || leaves[position].repetition_type === 'REPEATED'
      if (isNested ? values > mostCells : values !== groupRows)
        throw new FileFault(`${where} states ${values} values for ${groupRows} rows`)
      if (full > size * snappyGain + 1024 * 1024)
        throw new FileFault(`${where} would grow from ${size} to ${full} bytes, more than its compression can`)
      uncompressed += full
      const path = getTreePath(tree, data.path_in_schema)
      const mostUncompressed = size * snappyGain + 1024 * 1024
      chunks.push({ where, from, to: from + size, values, mostUncompressed, column: data, path })
    })
  })
  if (rows !== n) throw new FileFault(`the row groups hold ${rows} rows, the file states ${n}`)
  if (uncompressed > mostUncompressedBytes)
    throw new FileFault(`${uncompressed} bytes when uncompressed; at most 4 GiB are taken`)
  return { n, names, chunks }
}

/**
 * Walks the headers of a column's pages: each must lie in its column, hold no more values than the column has left, and grow no more
 * than its compression can. Throws `FileFault` that names the column. Complexity: reads the column once, linear in its pages.
 */
export async function checkParquetPages(
  file: AsyncBuffer,
  { where, from, to, values, mostUncompressed, column, path }: ColumnChunkPlace,
) {
  const view = new DataView(await file.slice(from, to))
  const reader = { view, offset: 0 }
  let left = values
  let uncompressed = 0
  const checkRunsOf = (page: number, bytes: Uint8Array, header: ReturnType<typeof parquetHeader>) => {
    try {
      checkParquetRuns(bytes, header, path, column)
    } catch (error) {
      throw new FileFault(`page ${page} of ${where}: ${(error as Error).message}`)
    }
  }
  for (let page = 1; left > 0 && reader.offset < view.byteLength - 1; page++) {
    const header = parquetHeader(reader)
    const compressed = amount(header.compressed_page_size)
    const full = amount(header.uncompressed_page_size)
    if (!isCount(compressed) || !isCount(full) || reader.offset + compressed > view.byteLength)
      throw new FileFault(`page ${page} of ${where} is larger than its column`)
    const bytes = new Uint8Array(view.buffer, view.byteOffset + reader.offset, compressed)
    reader.offset += compressed
    uncompressed += full
    if (uncompressed > mostUncompressed)
      throw new FileFault(`page ${page} of ${where} would grow from ${compressed} to ${full} bytes, more than it can`)
    const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header
    const held = amount((v1 ?? v2 ?? dictionary)?.num_values)
    const isData = header.type !== 'DICTIONARY_PAGE'
    // Every entry of a dictionary takes room, and no more of them are of use than there are values.
    if (!isCount(held) || held > (isData ? left : Math.max(values, full * 8)))
      throw new FileFault(`page ${page} of ${where} states ${held} values where ${left} are left`)
    if (v2 !== undefined && isData) {
      const levels = [amount(v2.definition_levels_byte_length), amount(v2.repetition_levels_byte_length)]
      const counts = [amount(v2.num_nulls), amount(v2.num_rows)]
      if (!levels.every(isCount) || levels[0] + levels[1] > compressed || !counts.every((c) => isCount(c) && c <= held))
        throw new FileFault(`page ${page} of ${where} states lengths that do not fit in it`)
    }
    if (!isData) continue
    checkRunsOf(page, bytes, header)
    left -= held
  }
}
