import type { AuditDraft } from '../../src/contract/audit.ts'
import type { RecordKind, RecordOf, Revisioned } from '../../src/contract/records.ts'
import type { CommitResult, Put, RecordStore } from '../../src/store/store.ts'

/** Governed records in memory, with revisions, unique keys and an audit log; for tests of what stands on the port. */
export function createMemoryRecords(): RecordStore & { audit: AuditDraft[] } {
  const kept = new Map<string, Map<string, { revision: number; record: unknown }>>()
  const audit: AuditDraft[] = []
  const of = <K extends RecordKind>(kind: K) =>
    (kept.get(kind) ?? kept.set(kind, new Map()).get(kind)) as Map<string, Revisioned<K>>
  const keyOf = (record: unknown) => {
    const { key, login } = record as { key?: string; login?: string }
    return key ?? login
  }
  const all = <K extends RecordKind>(kind: K) => [...of(kind).values()]

  function objection({ kind, record, revision }: Put): CommitResult | null {
    const current = of(kind).get(record.id)
    if ((current?.revision ?? null) !== revision) {
      return { status: 'stale', kind, id: record.id, currentRevision: current?.revision ?? null }
    }
    const key = keyOf(record)
    const rival = key === undefined ? undefined : all(kind).find((other) => keyOf(other.record) === key)
    return rival && rival.record.id !== record.id ? { status: 'conflict', message: `${key} is taken` } : null
  }

  return {
    audit,
    get: async (kind, id) => of(kind).get(id) ?? null,
    find: async (kind, key) => all(kind).find(({ record }) => keyOf(record) === key) ?? null,
    list: async <K extends RecordKind>(kind: K, where?: { link: string; id: string }) =>
      all(kind).filter(({ record }) => !where || (record as Record<string, unknown>)[where.link] === where.id),
    history: async () => [],
    async commit(puts, draft) {
      // As over a real database: nobody is alone between reading and writing.
      await Promise.resolve()
      for (const put of puts) {
        const problem = objection(put)
        if (problem) return problem
      }
      const revisions = puts.map((put) => {
        const revision = (put.revision ?? 0) + 1
        of(put.kind).set(put.record.id, { revision, record: structuredClone(put.record) as RecordOf<typeof put.kind> })
        return revision
      })
      audit.push(draft)
      return { status: 'committed', receipt: { index: audit.length - 1, leafHash: '0'.repeat(64) }, revisions }
    },
  }
}
