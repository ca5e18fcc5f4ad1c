import type { ChunkRewrite } from './chunk-rewrite.ts'
import { type ChunkHead, type ChunkRow, type Chunks, headColumns } from './chunks.ts'
import type { Connection } from './database.ts'
import { type HotRow, hotColumns, type RowCodec } from './hot-rows.ts'
import type { LabelReader, LabelRow } from './labels.ts'
import type { SampleIndex } from './sample-index.ts'

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
  readonly rewrite: ChunkRewrite
  readonly index: SampleIndex
}

/**
 * Moves hot rows into chunks, joins small chunks, and writes labels that came after sealing into their chunks. Each step is
 * one transaction, so it may stop anywhere and go on later. Event time decides what is old enough.
 */
export function makeSeal({ connection, codec, chunks, labels, rewrite, index }: SealParts) {
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
  const smallChunks = db.prepare<[number, number, number, number], { ref: number; rows: number }>(
    'SELECT ref, rows FROM chunk WHERE deployment = ? AND version = ? AND rows >= ? AND rows < ? ORDER BY min_at, ref',
  )
  const families = db.prepare<[], { deployment: number; version: number }>(
    'SELECT DISTINCT deployment, version FROM chunk ORDER BY 1, 2',
  )
  const laterCounts = db.prepare<[], ChunkHead & { later: number }>(
    `SELECT ${headColumns}, (SELECT count(*) FROM label WHERE row BETWEEN min_row AND max_row) AS later
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

  function join(deployment: number, refs: readonly number[]): void {
    const { addedChunk } = connection.write(() => rewrite.rewrite(refs))
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
        if (joined.length >= mergeAt || (joined.length > 1 && total > maxChunkRows / 2)) join(deployment, joined)
      }
    }
  }

  /** Labels of sealed rows slow every read a little; past a twentieth of a chunk they are written into it. */
  function sealLabels(): void {
    for (const { later, ...head } of laterCounts.all()) {
      const least = Math.max(50, head.rows / 20)
      // Counted by numbers of rows, among which other chunks may have some.
      if (later < least || connection.write(() => rewrite.sealLabels(head, least)) === 0) continue
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
  }
}
export type Seal = ReturnType<typeof makeSeal>
