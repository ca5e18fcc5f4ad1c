import type { AddedChunk, Chunk, ChunkHead, Chunks } from './chunks.ts'
import type { Connection } from './database.ts'
import { hashId, mayContain } from './id-filter.ts'
import { makeSealedIds, mayHold } from './sealed-ids.ts'

/** Where a sample stands: in the hot table or in a chunk. `row` is its number for life. */
export type Place =
  | { readonly kind: 'hot'; readonly row: number }
  | { readonly kind: 'sealed'; readonly row: number; readonly chunk: Chunk; readonly position: number }

/** Finds samples by id, exactly. */
export interface SampleIndex {
  find(deployment: number, id: string): Place | null
  /** Notes a hot row just inserted. */
  add(deployment: number, id: string, row: number): void
  /** After a committed move of hot rows or chunks. */
  moved(change: Move): void
  /** After larger changes: reads everything anew. */
  reload(): void
}

export interface Move {
  readonly deployment: number
  readonly rows: readonly { readonly id: string; readonly row: number }[]
  readonly removedChunks: readonly number[]
  readonly addedChunk: AddedChunk | null
}

/** Rows of one slot: nearly always one. */
type Rows = number | number[]

const slotOf = (hash: number) => hash & 0x3fff_ffff

/**
 * The writer's index. Ids of hot rows are held in memory, because an index of random ids on disk costs four times the
 * inserts; sealed ones are found through the chunks' ranges of ids, Bloom filters and sorted hashes. About 60 bytes a hot
 * row. There is one writer, so nothing else can add rows.
 */
export function makeSampleIndex(connection: Connection, chunks: Chunks): SampleIndex {
  const { db } = connection
  const everyHotRow = db.prepare<[], [number, number, string]>('SELECT row, deployment, id FROM sample').raw()
  const idOfRow = db.prepare<[number], string>('SELECT id FROM sample WHERE row = ?').pluck()
  /** By deployment, then by slot of the hash: whole numbers of 30 bits are the cheapest keys, and the id decides anyway. */
  const hot = new Map<number, Map<number, Rows>>()
  const sealed = makeSealedIds(connection)
  const opened = new Map<number, Chunk>()
  /** Added in the transaction that runs, so that a rollback can take them back. */
  let added: { deployment: number; hash: number }[] = []

  function put(deployment: number, hash: number, row: number): void {
    let rows = hot.get(deployment)
    if (rows === undefined) {
      rows = new Map()
      hot.set(deployment, rows)
    }
    const slot = slotOf(hash)
    const known = rows.get(slot)
    if (known === undefined) rows.set(slot, row)
    else rows.set(slot, Array.isArray(known) ? [...known, row] : [known, row])
  }

  let recent = { id: '', hash: hashId('') }
  /** An id is looked for, then added: hashed once. */
  function hashOf(id: string): number {
    if (recent.id !== id) recent = { id, hash: hashId(id) }
    return recent.hash
  }

  function reload(): void {
    hot.clear()
    opened.clear()
    added = []
    for (const [row, deployment, id] of everyHotRow.iterate()) put(deployment, hashId(id), row)
    sealed.reload()
  }

  /** The few chunks asked for last stay open: late labels come in order. */
  function open(ref: number): Chunk | null {
    const known = opened.get(ref)
    if (known !== undefined) return known
    const head: ChunkHead | null = chunks.head(ref)
    if (head === null) return null
    if (opened.size >= 4) opened.delete([...opened.keys()][0])
    const chunk = chunks.open(head)
    opened.set(ref, chunk)
    return chunk
  }

  function find(deployment: number, id: string): Place | null {
    const hash = hashOf(id)
    const rows = hot.get(deployment)?.get(slotOf(hash))
    if (rows !== undefined) {
      for (const row of Array.isArray(rows) ? rows : [rows]) if (idOfRow.get(row) === id) return { kind: 'hot', row }
    }
    for (const ref of sealed.candidates(deployment, id, hash)) {
      const chunk = open(ref)
      const position = chunk?.find(id, hash) ?? -1
      if (chunk !== null && position >= 0) return { kind: 'sealed', row: chunk.row()[position], chunk, position }
    }
    return null
  }

  connection.onRollback(() => {
    // Everything of this transaction lies at the end of its hash's rows.
    for (const { deployment, hash } of added) {
      const slot = slotOf(hash)
      const rows = hot.get(deployment)?.get(slot)
      if (Array.isArray(rows) && rows.length > 1) hot.get(deployment)?.set(slot, rows.slice(0, -1))
      else hot.get(deployment)?.delete(slot)
    }
    added = []
    opened.clear()
  })
  connection.onBegin(() => {
    added = []
  })
  reload()
  return {
    find,
    reload,
    moved: ({ deployment, rows, removedChunks, addedChunk }) => {
      const known = hot.get(deployment)
      for (const { id, row } of rows) {
        const slot = slotOf(hashId(id))
        const same = known?.get(slot)
        if (Array.isArray(same))
          known?.set(
            slot,
            same.filter((other) => other !== row),
          )
        else if (same === row) known?.delete(slot)
      }
      sealed.changed(deployment, removedChunks, addedChunk)
      opened.clear()
    },
    add: (deployment, id, row) => {
      const hash = hashOf(id)
      put(deployment, hash, row)
      added.push({ deployment, hash })
    },
  }
}

/** A reader's index: nothing is held in memory; hot rows are searched one by one. */
export function makeSearchingIndex(connection: Connection, chunks: Chunks): SampleIndex {
  const { db } = connection
  const hotRow = db.prepare<[number, string], number>('SELECT row FROM sample WHERE deployment = ? AND id = ?').pluck()
  const ranges = db.prepare<[number], AddedChunk>(
    'SELECT ref, first_id AS firstId, last_id AS lastId FROM chunk WHERE deployment = ?',
  )
  const filterOf = db.prepare<[number], Uint8Array>('SELECT filter FROM chunk WHERE ref = ?').pluck()
  const refuse = () => {
    throw new Error('The workspace is open for reading only')
  }
  return {
    add: refuse,
    reload: refuse,
    moved: refuse,
    find: (deployment, id) => {
      const row = hotRow.get(deployment, id)
      if (row !== undefined) return { kind: 'hot', row }
      const hash = hashId(id)
      for (const range of ranges.all(deployment)) {
        const filter = mayHold(range, id) ? filterOf.get(range.ref) : undefined
        const head = filter !== undefined && mayContain(filter, hash) ? chunks.head(range.ref) : null
        if (head === null) continue
        const chunk = chunks.open(head)
        const position = chunk.find(id, hash)
        if (position >= 0) return { kind: 'sealed', row: chunk.row()[position], chunk, position }
      }
      return null
    },
  }
}
