import type { AuditDraft, AuditEntry, AuditReceipt, Checkpoint } from '../../contract/audit.ts'
import { auditDraft } from '../../contract/audit.ts'
import { createMerkle, type Frontier } from '../../rules/proof/merkle.ts'
import type { AuditStore } from '../store.ts'
import { canonicalText, sha256Bytes } from './canonical.ts'
import type { Connection } from './database.ts'

const merkle = createMerkle(sha256Bytes)
const hashBytes = 32

/** The part of the log that a commit uses inside its transaction. */
export interface AuditWriter {
  /** Index that the next entry will have. */
  nextIndex(): number
  append(draft: AuditDraft, changes: AuditEntry['changes']): AuditReceipt
}

function readFrontier({ db }: Connection): () => Frontier {
  const row = db.prepare<[], { size: number; peaks: Uint8Array }>('SELECT size, peaks FROM audit_frontier')
  return () => {
    const { size, peaks } = row.get() ?? { size: 0, peaks: new Uint8Array(0) }
    const count = peaks.length / hashBytes
    return {
      size,
      peaks: Array.from({ length: count }, (_, index) =>
        Uint8Array.from(peaks.subarray(index * hashBytes, (index + 1) * hashBytes)),
      ),
    }
  }
}

export function makeAuditWriter(connection: Connection): AuditWriter {
  const { db } = connection
  const frontier = readFrontier(connection)
  const insert = db.prepare(
    'INSERT INTO audit_entry (idx, at, action, actor_id, subject_id, canonical, leaf_hash) VALUES (?, ?, ?, ?, ?, ?, ?)',
  )
  const setFrontier = db.prepare('UPDATE audit_frontier SET size = ?, peaks = ?')
  return {
    nextIndex: () => frontier().size,
    append: (draft, changes) => {
      const before = frontier()
      const index = before.size
      const canonical = canonicalText({ index, ...auditDraft.parse(draft), changes })
      const leafHash = merkle.hashLeaf(Buffer.from(canonical, 'utf8'))
      insert.run(index, draft.at, draft.action, draft.actor.id, draft.subject?.id ?? null, canonical, leafHash)
      const after = merkle.appendLeaf(before, leafHash)
      setFrontier.run(after.size, Buffer.concat(after.peaks))
      return { index, leafHash: Buffer.from(leafHash).toString('hex') }
    },
  }
}

interface EntryRow {
  readonly canonical: string
  readonly leafHash: Buffer
}

/** Reads the log, and keeps its checkpoints. */
export function makeAudit(connection: Connection): AuditStore {
  const { db } = connection
  const frontier = readFrontier(connection)
  const one = db.prepare<[number], EntryRow>('SELECT canonical, leaf_hash AS leafHash FROM audit_entry WHERE idx = ?')
  const hashes = db
    .prepare<[number, number], Buffer>('SELECT leaf_hash FROM audit_entry WHERE idx >= ? AND idx < ? ORDER BY idx')
    .pluck()
  const texts = db
    .prepare<[number, number], string>('SELECT canonical FROM audit_entry WHERE idx >= ? AND idx < ? ORDER BY idx')
    .pluck()
  const checkpointColumns = 'size, root_hash AS rootHash, at, note'
  const newest = db.prepare<[], Checkpoint>(`SELECT ${checkpointColumns} FROM checkpoint ORDER BY ordinal DESC LIMIT 1`)
  const every = db.prepare<[], Checkpoint>(`SELECT ${checkpointColumns} FROM checkpoint ORDER BY ordinal`)
  const addCheckpoint = db.readonly
    ? null
    : db.prepare('INSERT INTO checkpoint (size, root_hash, at, note) VALUES (?, ?, ?, ?)')

  function list({ limit, before, action, subjectId, actorId }: Parameters<AuditStore['list']>[0]) {
    const conditions = ['idx < ?']
    const values: (string | number)[] = [before ?? Number.MAX_SAFE_INTEGER]
    for (const [column, value] of [
      ['action', action],
      ['subject_id', subjectId],
      ['actor_id', actorId],
    ] as const) {
      if (value === null) continue
      conditions.push(`${column} = ?`)
      values.push(value)
    }
    return db
      .prepare<(string | number)[], EntryRow>(
        `SELECT canonical, leaf_hash AS leafHash FROM audit_entry WHERE ${conditions.join(' AND ')}
         ORDER BY idx DESC LIMIT ?`,
      )
      .all(...values, limit)
      .map(({ canonical, leafHash }) => ({ entry: JSON.parse(canonical), leafHash: leafHash.toString('hex') }))
  }

  return {
    size: async () => frontier().size,
    entry: async (index) => {
      const row = one.get(index)
      if (row === undefined) return null
      const { canonical, leafHash } = row
      return { entry: JSON.parse(canonical), leafHash: leafHash.toString('hex'), canonical }
    },
    list: async (filter) => list(filter),
    leafHashes: async (from, to) => hashes.all(from, to).map((leafHash) => leafHash.toString('hex')),
    canonicalEntries: async (from, to) => texts.all(from, to),
    rootHash: async () => {
      const current = frontier()
      return { size: current.size, rootHash: Buffer.from(merkle.rootOf(current)).toString('hex') }
    },
    addCheckpoint: async ({ size, rootHash, at, note }) => {
      if (addCheckpoint === null) throw new Error('The workspace is open for reading only')
      connection.write(() => addCheckpoint.run(size, rootHash, at, note))
    },
    newestCheckpoint: async () => newest.get() ?? null,
    checkpoints: async () => every.all(),
  }
}
