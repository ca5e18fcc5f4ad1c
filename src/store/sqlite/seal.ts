import type { LabelledSample } from '../../contract/sample.ts'
import type { ChunkHead, ChunkRow, Chunks } from './chunks.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type RowCodec } from './hot-rows.ts'
import type { LabelReader, LabelRow } from './labels.ts'
import type { SampleIndex } from './sample-index.ts'
import type { SampleScan } from './sample-scan.ts'

/** Fewer rows than this stay hot: small chunks read slowly. */
const minChunkRows = 1000
const maxChunkRows = 65_536
/** So many chunks of a size class are joined into one. */
const mergeAt = 8

export interface SealParts {
  readonly connection: Connection
  readonly codec: RowCodec
  readonly chunks: Chunks
  readonly labels: LabelReader
  readonly scan: SampleScan
  readonly index: SampleIndex
}

/**
 * Moves hot rows into chunks, joins small chunks, and writes labels that came after sealing into their chunks. Each step is
 * one transaction, so it may stop anywhere and go on later. Event time decides what is old enough.
 */
export function makeSeal({ connection, codec, chunks, labels, scan, index }: SealParts) {
  const { db } = connection
  const groups = db.prepare<[number], { deployment: number; version: number; n: number }>(
    'SELECT deployment, version, count(*) AS n FROM sample WHERE at < ? GROUP BY deployment, version ORDER BY 1, 2',
  )
  const qualified = hotColumns
    .split(', ')
    .map((name) => `s.${name}`)
    .join(', ')
  const oldest = db
    .prepare<[number, number, number, number], [...HotRow, ...LabelRow]>(
      `SELECT ${qualified}, l.class, l.value, l.at, l.source FROM sample s LEFT JOIN label l ON l.row = s.row
       WHERE s.deployment = ? AND s.version = ? AND s.at < ? ORDER BY s.at, s.row LIMIT ?`,
    )
    .raw()
  const removeRow = db.prepare<[number]>('DELETE FROM sample WHERE row = ?')
  const removeLabel = db.prepare<[number]>('DELETE FROM label WHERE row = ?')
  const removeChunk = db.prepare<[number]>('DELETE FROM chunk WHERE ref = ?')
  const smallChunks = db.prepare<[number, number, number, number], { ref: number; rows: number }>(
    'SELECT ref, rows FROM chunk WHERE deployment = ? AND version = ? AND rows >= ? AND rows < ? ORDER BY min_at, ref',
  )
  const families = db.prepare<[], { deployment: number; version: number }>(
    'SELECT DISTINCT deployment, version FROM chunk ORDER BY 1, 2',
  )
  const laterCounts = db.prepare<[], ChunkHead & { later: number }>(
    `SELECT ref, deployment, version, rows, labelled, min_at AS minAt, max_at AS maxAt, min_row AS minRow,
       max_row AS maxRow, (SELECT count(*) FROM label WHERE row BETWEEN min_row AND max_row) AS later
     FROM chunk WHERE EXISTS (SELECT 1 FROM label WHERE row BETWEEN min_row AND max_row)`,
  )

  function hotRow(row: [...HotRow, ...LabelRow]): ChunkRow {
    const label = row.slice(13) as unknown as LabelRow
    const sample = codec.decode(row as unknown as HotRow)
    if (label[2] === null) return { row: row[0], sample, label: null }
    const { label: outcome, labelledAt, labelSource } = labels.labelOf(label)
    return { row: row[0], sample, label: { label: outcome, at: labelledAt, source: labelSource } }
  }

  function sealOnce(deployment: number, version: number, olderThan: number, limit: number): number {
    const rows = oldest
      .all(deployment, version, olderThan, limit)
      .map(hotRow)
      .sort((a, b) => a.row - b.row)
    const addedChunk = connection.write(() => {
      const written = chunks.write(rows)
      for (const { row, label } of rows) {
        removeRow.run(row)
        if (label !== null) removeLabel.run(row)
      }
      return written
    })
    const moved = rows.map(({ row, sample }) => ({ row, id: sample.id }))
    index.moved({ deployment, rows: moved, removedChunks: [], addedChunk })
    return rows.length
  }

  /** All rows of chunks with their current labels, in order of row. */
  function rowsOf(refs: readonly number[]): ChunkRow[] {
    const rows: ChunkRow[] = []
    for (const ref of refs) {
      const head = chunks.head(ref)
      if (head === null) continue
      const chunk = chunks.open(head)
      const later = new Map<number, LabelRow>()
      for (const [row, ...label] of scan.laterLabels.iterate(head.minRow, head.maxRow)) later.set(row, label)
      const numbers = chunk.row()
      for (let position = 0; position < head.rows; position += 1) {
        const label = later.get(numbers[position])
        const sealed = chunk.sample(position)
        rows.push(chunkRow(numbers[position], label === undefined ? sealed : { ...sealed, ...labels.labelOf(label) }))
      }
    }
    return rows.sort((a, b) => a.row - b.row)
  }

  /** Replaces chunks of one deployment, which hold the rows `before`, by one of the rows `after`, or by none. */
  function replace(
    deployment: number,
    refs: readonly number[],
    after: readonly ChunkRow[],
    before: readonly ChunkRow[] = after,
  ): void {
    const addedChunk = connection.write(() => {
      for (const ref of refs) removeChunk.run(ref)
      for (const { row, label } of before) if (label !== null) removeLabel.run(row)
      return after.length === 0 ? null : chunks.write(after)
    })
    index.moved({ deployment, rows: [], removedChunks: refs, addedChunk })
  }

  function joinSmall(): void {
    for (const { deployment, version } of families.all()) {
      for (const [least, most] of [
        [0, maxChunkRows / 8],
        [maxChunkRows / 8, maxChunkRows / 2],
      ]) {
        const joined: number[] = []
        let total = 0
        for (const { ref, rows } of smallChunks.all(deployment, version, least, most)) {
          if (total + rows > maxChunkRows) break
          joined.push(ref)
          total += rows
        }
        if (joined.length >= mergeAt || (joined.length > 1 && total > maxChunkRows / 2))
          replace(deployment, joined, rowsOf(joined))
      }
    }
  }

  /** Labels of sealed rows slow every read a little; past a twentieth of a chunk they are written into it. */
  function sealLabels(): void {
    for (const { later, ...head } of laterCounts.all()) {
      if (later < Math.max(50, head.rows / 20)) continue
      const numbers = new Set(chunks.open(head).row())
      const own = scan.laterLabels.all(head.minRow, head.maxRow).filter(([row]) => numbers.has(row))
      if (own.length < Math.max(50, head.rows / 20)) continue
      const rows = rowsOf([head.ref])
      connection.write(() => {
        chunks.putLabels(head.ref, rows)
        for (const [row] of own) removeLabel.run(row)
      })
      index.moved({ deployment: head.deployment, rows: [], removedChunks: [], addedChunk: null })
    }
  }

  return {
    seal: ({ olderThan, maxRows }: { olderThan: number; maxRows: number }): number => {
      let moved = 0
      for (const { deployment, version, n } of groups.all(olderThan)) {
        let left = n
        while (left >= minChunkRows && maxRows - moved >= minChunkRows) {
          const sealed = sealOnce(deployment, version, olderThan, Math.min(left, maxRows - moved, maxChunkRows))
          moved += sealed
          left -= sealed
        }
      }
      joinSmall()
      sealLabels()
      return moved
    },
    rowsOf,
    replace,
  }
}
export type Seal = ReturnType<typeof makeSeal>

function chunkRow(row: number, sample: LabelledSample): ChunkRow {
  const { label, labelledAt, labelSource, ...rest } = sample
  if (label === null || labelledAt === null || labelSource === null) return { row, sample: rest, label: null }
  return { row, sample: rest, label: { label, at: labelledAt, source: labelSource } }
}
