import { type AddedChunk, type Chunk, type ChunkHead, type ChunkRow, type Chunks, idRangeOf } from './chunks.ts'
import { encodeTexts, joinTexts, valueAt } from './column-codec.ts'
import { gatherColumn, type Selection } from './column-gather.ts'
import type { Connection } from './database.ts'
import type { LabelReader, LabelRow } from './labels.ts'
import type { SampleBlobWriter } from './sample-blob-rows.ts'
import type { SampleScan } from './sample-scan.ts'

type Label = ChunkRow['label']

/** A row of a chunk as far as it decides whether the row is kept. */
export interface RowFacts {
  readonly at: number
  readonly isLabelled: boolean
}

export interface Rewritten {
  readonly addedChunk: AddedChunk | null
  /** Event times of the rows that were not kept. */
  readonly removedAt: readonly number[]
}

/** Columns that are made anew rather than gathered. */
const special = new Set(['$id', '$hash', '$position', '$label', '$labelledAt', '$labelSource'])

/** The ids of chunks together; unknown when that of one is. */
function joinedRange(heads: readonly ChunkHead[]): Pick<ChunkHead, 'firstId' | 'lastId'> {
  const ends: string[] = []
  for (const { firstId, lastId } of heads) {
    if (firstId === null || lastId === null) return { firstId: null, lastId: null }
    ends.push(firstId, lastId)
  }
  return idRangeOf(ends)
}

/**
 * Rewrites chunks column by column, so that joining 65,536 rows needs the memory of a column and not of as many samples.
 * Every method is part of a transaction of its caller.
 */
export function makeChunkRewrite(
  connection: Connection,
  chunks: Chunks,
  labels: LabelReader,
  scan: SampleScan,
  blobs: Pick<SampleBlobWriter, 'release'>,
) {
  const { db } = connection
  const removeChunk = db.prepare<[number]>('DELETE FROM chunk WHERE ref = ?')
  const removeLabel = db.prepare<[number]>('DELETE FROM label WHERE row = ?')

  /** Current labels by position, and the rows of those that came after sealing. */
  function labelsOf(chunk: Chunk): { labels: Label[]; later: number[] } {
    const { head } = chunk
    const [label, labelledAt, source] = ['$label', '$labelledAt', '$labelSource'].map((name) => chunk.read(name))
    const current: Label[] = []
    for (let position = 0; position < head.rows; position += 1) {
      const outcome = valueAt(label, position) as NonNullable<Label>['label'] | null
      const at = valueAt(labelledAt, position) as number | null
      const from = valueAt(source, position) as string | null
      current.push(outcome === null || at === null || from === null ? null : { label: outcome, at, source: from })
    }
    const later: number[] = []
    for (const [row, ...own] of scan.laterLabels.iterate(head.minRow, head.maxRow)) {
      const position = chunk.positionOfRow(row)
      if (position < 0) continue
      const { label: outcome, labelledAt: at, labelSource } = labels.labelOf(own as LabelRow)
      current[position] = { label: outcome, at, source: labelSource }
      later.push(row)
    }
    return { labels: current, later }
  }

  /** Kept rows in ascending order of row. */
  function select(parts: readonly Chunk[], isKept: (chunk: number, position: number) => boolean): Selection {
    const chunk: number[] = []
    const position: number[] = []
    const row: number[] = []
    let isOrdered = true
    for (const [index, part] of parts.entries()) {
      const rows = part.row()
      for (let at = 0; at < rows.length; at += 1) {
        if (!isKept(index, at)) continue
        if (row.length > 0 && rows[at] < row[row.length - 1]) isOrdered = false
        chunk.push(index)
        position.push(at)
        row.push(rows[at])
      }
    }
    const order = isOrdered ? null : Uint32Array.from(row.keys()).sort((a, b) => row[a] - row[b])
    const arranged = (values: number[]) => (order === null ? values : Array.from(order, (index) => values[index]))
    return { chunk: Uint16Array.from(arranged(chunk)), position: Uint32Array.from(arranged(position)) }
  }

  function gatherFloats(parts: readonly Float64Array[], { chunk, position }: Selection): Float64Array {
    return Float64Array.from(position, (at, row) => parts[chunk[row]][at])
  }

  function putIds(ref: number, parts: readonly Chunk[], selection: Selection, isWhole: boolean): void {
    const { chunk, position } = selection
    chunks.putColumn(
      ref,
      '$id',
      isWhole
        ? joinTexts(parts.map(({ head }) => ({ data: chunks.rawIds(head.ref), rows: head.rows })))
        : encodeTexts(Array.from(position, (at, row) => parts[chunk[row]].id(at))),
    )
  }

  /** Whether the selection is simply all rows, one chunk after the other. */
  function isWhole({ chunk, position }: Selection, parts: readonly Chunk[]): boolean {
    let row = 0
    for (const [index, { head }] of parts.entries())
      for (let at = 0; at < head.rows; at += 1, row += 1) if (chunk[row] !== index || position[row] !== at) return false
    return row === position.length
  }

  function writeSelection(parts: readonly Chunk[], selection: Selection, current: readonly Label[][]) {
    const { chunk, position } = selection
    const picked = Array.from(position, (at, row) => current[chunk[row]][at])
    const at = gatherFloats(
      parts.map((part) => part.at()),
      selection,
    )
    const rows = gatherFloats(
      parts.map((part) => part.row()),
      selection,
    )
    const hashes = gatherFloats(
      parts.map((part) => part.hashes()),
      selection,
    )
    const { deployment, version } = parts[0].head
    const head: Omit<ChunkHead, 'ref'> = {
      deployment,
      version,
      rows: position.length,
      labelled: picked.reduce((count, label) => count + (label === null ? 0 : 1), 0),
      minAt: at.reduce((least, value) => Math.min(least, value)),
      maxAt: at.reduce((most, value) => Math.max(most, value)),
      minRow: rows[0],
      maxRow: rows[rows.length - 1],
      ...joinedRange(parts.map((part) => part.head)),
    }
    const added = chunks.begin(head, hashes)
    putIds(added.ref, parts, selection, isWhole(selection, parts))
    chunks.putLabels(added.ref, picked)
    const names = new Set(parts.flatMap((part) => chunks.names(part.head.ref)))
    for (const name of names)
      if (!special.has(name))
        chunks.putColumn(
          added.ref,
          name,
          gatherColumn(
            parts.map((part) => part.read(name)),
            selection,
          ),
        )
    return added
  }

  return {
    /** Replaces chunks of one deployment and version by one of those rows that are kept, or by none. */
    rewrite(refs: readonly number[], keep: (facts: RowFacts) => boolean = () => true): Rewritten {
      const parts = refs.flatMap((ref) => {
        const head = chunks.head(ref)
        return head === null ? [] : [chunks.open(head)]
      })
      const current = parts.map(labelsOf)
      const removedAt: number[] = []
      const selection = select(parts, (index, position) => {
        const at = parts[index].at()[position]
        const isKept = keep({ at, isLabelled: current[index].labels[position] !== null })
        if (!isKept) {
          removedAt.push(at)
          blobs.release(parts[index].row()[position])
        }
        return isKept
      })
      if (parts.length === 1 && removedAt.length === 0) return { addedChunk: null, removedAt }
      const addedChunk =
        selection.position.length === 0
          ? null
          : writeSelection(
              parts,
              selection,
              current.map(({ labels: all }) => all),
            )
      for (const { later } of current) for (const row of later) removeLabel.run(row)
      for (const { head } of parts) removeChunk.run(head.ref)
      return { addedChunk, removedAt }
    },
    /** Writes labels that came after sealing into their chunk, where there are at least so many; returns how many. */
    sealLabels(head: ChunkHead, least: number): number {
      const { labels: current, later } = labelsOf(chunks.open(head))
      if (later.length < least) return 0
      chunks.putLabels(head.ref, current)
      for (const row of later) removeLabel.run(row)
      return later.length
    },
  }
}
export type ChunkRewrite = ReturnType<typeof makeChunkRewrite>
