import type { AuditDraft, AuditEntry } from '../../contract/audit.ts'
import { type RecordKind, type RecordOf, type Revisioned, recordKinds } from '../../contract/records.ts'
import type { Label } from '../../contract/sample.ts'
import type { CommitResult, Put, RecordFilter, RecordStore } from '../store.ts'
import type { AuditWriter } from './audit.ts'
import { canonicalDigest } from './canonical.ts'
import type { Connection } from './database.ts'

type AnyRecord = RecordOf<RecordKind>
/** Why nothing was written; thrown to end the transaction, and given to the caller as a value. */
class Refusal {
  readonly result: Exclude<CommitResult, { status: 'committed' }>
  constructor(result: Refusal['result']) {
    this.result = result
  }
}

/** Unique key of a record within its kind; null where it has none. A version's is `<model id>/<name>`. */
export function uniqueKeyOf(kind: RecordKind, record: AnyRecord): string | null {
  if (kind === 'version' && 'modelId' in record && 'name' in record) return `${record.modelId}/${record.name}`
  if (kind === 'user' && 'login' in record) return record.login
  return 'key' in record ? record.key : null
}

/** Ids that a record names, by link. */
function linksOf(kind: RecordKind, record: AnyRecord): { link: string; toKind: RecordKind; toId: string }[] {
  const fields = record as unknown as Readonly<Record<string, unknown>>
  return Object.entries(recordKinds[kind].links as Readonly<Record<string, RecordKind>>).flatMap(([link, toKind]) => {
    const toId = fields[link]
    return typeof toId === 'string' ? [{ link, toKind, toId }] : []
  })
}

interface RecordRow {
  readonly revision: number
  readonly body: string
}

const revisionedOf = <K extends RecordKind>({ revision, body }: RecordRow): Revisioned<K> => ({
  revision,
  record: JSON.parse(body) as RecordOf<K>,
})

/** What a commit may also write: labels of a review. Null in a reader, which cannot commit. */
export interface RecordWriter {
  readonly audit: AuditWriter
  readonly addLabels: (labels: readonly Label[]) => void
}

export function makeRecords(connection: Connection, writer: RecordWriter | null): RecordStore {
  const { db } = connection
  const byId = db.prepare<[string, string], RecordRow>('SELECT revision, body FROM record WHERE kind = ? AND id = ?')
  const byKey = db.prepare<[string, string], RecordRow>(
    'SELECT revision, body FROM record WHERE kind = ? AND unique_key = ?',
  )
  const ofKind = db.prepare<[string], RecordRow>('SELECT revision, body FROM record WHERE kind = ? ORDER BY ordinal')
  const byLink = db.prepare<[string, string, string, string], RecordRow>(
    `SELECT r.revision, r.body FROM record_link l JOIN record r ON r.kind = l.kind AND r.id = l.id
     WHERE l.to_kind = ? AND l.to_id = ? AND l.kind = ? AND l.link = ? ORDER BY r.ordinal`,
  )
  // As the index `record_target` has it.
  const byTarget = db.prepare<[string, string, string], RecordRow>(
    `SELECT revision, body FROM record WHERE kind = ? AND body ->> '$.target.id' = ? AND body ->> '$.target.type' = ?
     ORDER BY ordinal`,
  )
  const revisions = db.prepare<[string, string], RecordRow & { at: number; auditIndex: number }>(
    `SELECT revision, body, at, audit_index AS auditIndex FROM record_revision WHERE kind = ? AND id = ? ORDER BY revision`,
  )
  const commit = writer === null ? refuse : makeCommit(connection, writer)
  return {
    get: async (kind, id) => {
      const row = byId.get(kind, id)
      return row === undefined ? null : revisionedOf(row)
    },
    find: async (kind, key) => {
      const row = byKey.get(kind, key)
      return row === undefined ? null : revisionedOf(row)
    },
    list: async <K extends RecordKind>(kind: K, where?: RecordFilter<K>) => {
      if (where === undefined) return ofKind.all(kind).map((row) => revisionedOf<K>(row))
      if ('target' in where)
        return byTarget.all(kind, where.target.id, where.target.type).map((row) => revisionedOf<K>(row))
      const toKind = (recordKinds[kind].links as Readonly<Record<string, RecordKind>>)[where.link]
      return byLink.all(toKind, where.id, kind, where.link).map((row) => revisionedOf<K>(row))
    },
    history: async <K extends RecordKind>(kind: K, id: string) =>
      revisions.all(kind, id).map(({ at, auditIndex, ...row }) => ({ ...revisionedOf<K>(row), at, auditIndex })),
    commit: async (puts, audit, extra) => commit(puts, audit, extra?.labels ?? []),
  }
}

function refuse(): never {
  throw new Error('The workspace is open for reading only')
}

function makeCommit(connection: Connection, { audit, addLabels }: RecordWriter) {
  const { db } = connection
  const current = db.prepare<[string, string], RecordRow>('SELECT revision, body FROM record WHERE kind = ? AND id = ?')
  const holder = db.prepare<[string, string], string>('SELECT id FROM record WHERE kind = ? AND unique_key = ?').pluck()
  const insert = db.prepare(
    'INSERT INTO record (kind, id, revision, unique_key, body, created_at, audit_index) VALUES (?, ?, 1, ?, ?, ?, ?)',
  )
  const update = db.prepare(
    'UPDATE record SET revision = ?, unique_key = ?, body = ?, audit_index = ? WHERE kind = ? AND id = ?',
  )
  const remember = db.prepare('INSERT INTO record_revision VALUES (?, ?, ?, ?, ?, ?)')
  const dropLinks = db.prepare('DELETE FROM record_link WHERE kind = ? AND id = ?')
  const addLink = db.prepare('INSERT INTO record_link VALUES (?, ?, ?, ?, ?)')

  function write(put: Put, at: number, auditIndex: number): AuditEntry['changes'][number] {
    const { kind, revision } = put
    const record = recordKinds[kind].schema.parse(put.record) as AnyRecord
    const { id } = record
    const before = current.get(kind, id)
    if (before !== undefined && revision === null)
      throw new Refusal({ status: 'conflict', message: `There is already a ${kind} with the id ${id}` })
    if ((before?.revision ?? null) !== revision)
      throw new Refusal({ status: 'stale', kind, id, currentRevision: before?.revision ?? null })
    const key = uniqueKeyOf(kind, record)
    const taken = key === null ? undefined : holder.get(kind, key)
    if (taken !== undefined && taken !== id)
      throw new Refusal({ status: 'conflict', message: `The name ${key} is taken by another ${kind} (${taken})` })
    const body = JSON.stringify(record)
    const next = (revision ?? 0) + 1
    if (before === undefined) insert.run(kind, id, key, body, at, auditIndex)
    else {
      update.run(next, key, body, auditIndex, kind, id)
      dropLinks.run(kind, id)
    }
    remember.run(kind, id, next, body, at, auditIndex)
    for (const { link, toKind, toId } of linksOf(kind, record)) addLink.run(kind, id, link, toKind, toId)
    return {
      kind,
      id,
      revision: next,
      before: before === undefined ? null : canonicalDigest(JSON.parse(before.body)),
      after: canonicalDigest(record),
    }
  }

  /** After all puts, so that records of one commit may name each other. */
  function checkLinks({ kind, record }: Put): void {
    for (const { link, toKind, toId } of linksOf(kind, record)) {
      if (current.get(toKind, toId) === undefined)
        throw new Refusal({
          status: 'conflict',
          message: `${link} of ${kind} ${record.id} names the ${toKind} ${toId}, which does not exist`,
        })
    }
  }

  return (puts: readonly Put[], draft: AuditDraft, labels: readonly Label[]): CommitResult => {
    try {
      return connection.write(() => {
        const index = audit.nextIndex()
        const changes = puts.map((put) => write(put, draft.at, index))
        for (const put of puts) checkLinks(put)
        if (labels.length > 0) addLabels(labels)
        const receipt = audit.append(draft, changes)
        return { status: 'committed', receipt, revisions: changes.map(({ revision }) => revision) }
      })
    } catch (error) {
      if (error instanceof Refusal) return error.result
      throw error
    }
  }
}
