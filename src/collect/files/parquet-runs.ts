import type { ColumnMetaData, PageHeader, SchemaTree } from 'hyparquet'
import { decompressPage } from 'hyparquet/src/datapage.js'
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from 'hyparquet/src/schema.js'
import { FileFault } from './tabular.ts'

const bitsOf = (value: number) => 32 - Math.clz32(value)
const byDictionary = new Set<unknown>(['PLAIN_DICTIONARY', 'RLE_DICTIONARY'])
/** Values by which the last group of packed values may be padded. */
const padding = 512

/** Walks runs of values of `bits` each until `most` are reached: a run that states more values than are left is refused. */
function checkRuns(bytes: Uint8Array, from: number, bits: number, most: number): void {
  let at = from
  for (let seen = 0; seen < most && at < bytes.length; ) {
    let header = 0
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) {
      if (at >= bytes.length) return
      if (shift > 28) throw new FileFault('a run of values whose length is none')
      byte = bytes[at++]
      header |= (byte & 0x7f) << shift
    }
    const isPacked = (header & 1) === 1
    const count = isPacked ? (header >>> 1) * 8 : header >>> 1
    if (count > most - seen + (isPacked ? padding : 0))
      throw new FileFault(`a run of ${count} values where at most ${most - seen} are left`)
    seen += count
    at += isPacked ? Math.max(1, (count / 8) * bits) : (bits + 7) >> 3
  }
}

/**
 * Refuses a data page whose repeated values would fill the memory: a few bytes can state a run of a thousand million, and the decoder
 * writes it out. Throws `FileFault`, or what the decoder throws of bytes that it cannot uncompress. Complexity: as uncompressing.
 */
export function checkParquetRuns(
  bytes: Uint8Array,
  header: PageHeader,
  path: SchemaTree[],
  column: ColumnMetaData,
): void {
  const repetition = bitsOf(getMaxRepetitionLevel(path))
  const definition = bitsOf(getMaxDefinitionLevel(path))
  const { data_page_header: v1, data_page_header_v2: v2, uncompressed_page_size: full } = header
  const uncompress = (part: Uint8Array, size: number) => decompressPage(part, size, column.codec, undefined)
  if (header.type === 'DATA_PAGE' && v1 !== undefined) {
    const page = uncompress(bytes, full)
    const view = new DataView(page.buffer, page.byteOffset, page.byteLength)
    let at = 0
    for (const bits of [repetition, definition])
      if (bits > 0) {
        checkRuns(page, at + 4, bits, v1.num_values)
        at += 4 + view.getUint32(at, true)
      }
    if (v1.encoding === 'RLE' || byDictionary.has(v1.encoding)) {
      if (column.type === 'BOOLEAN') checkRuns(page, at + 4, 1, v1.num_values)
      else if (page[at] > 0) checkRuns(page, at + 1, page[at], v1.num_values)
    }
  } else if (header.type === 'DATA_PAGE_V2' && v2 !== undefined) {
    const start = v2.repetition_levels_byte_length
    if (repetition > 0) checkRuns(bytes, 0, repetition, v2.num_values)
    if (definition > 0) checkRuns(bytes, start, definition, v2.num_values)
    if (v2.encoding !== 'RLE' && !byDictionary.has(v2.encoding)) return
    const rest = bytes.subarray(definition > 0 ? start + v2.definition_levels_byte_length : start)
    const page = v2.is_compressed === false ? rest : uncompress(rest, full - v2.definition_levels_byte_length - start)
    if (v2.encoding === 'RLE') checkRuns(page, 4, 1, v2.num_values)
    else checkRuns(page, 1, page[0], v2.num_values)
  }
}
