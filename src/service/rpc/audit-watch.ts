import { AsyncLocalStorage } from 'node:async_hooks'
import type { RecordStore } from '../../store/store.ts'

/** Counts the audit entries that a piece of work leaves, however many others write at the same time. */
export interface AuditWatch {
  /** Runs `work` and tells how many entries were committed by it. */
  count<T>(work: () => Promise<T>): Promise<{ value: T; entries: number }>
  /** The same records, counted. */
  watch(records: RecordStore): RecordStore
}

/** The counter follows the asynchronous call, so handlers need to know nothing of it. */
export function createAuditWatch(): AuditWatch {
  const calls = new AsyncLocalStorage<{ entries: number }>()
  return {
    async count(work) {
      const call = { entries: 0 }
      const value = await calls.run(call, work)
      return { value, entries: call.entries }
    },
    watch: (records) => ({
      get: (kind, id) => records.get(kind, id),
      find: (kind, key) => records.find(kind, key),
      list: (kind, where) => records.list(kind, where),
      history: (kind, id) => records.history(kind, id),
      async commit(puts, audit, extra) {
        const result = await records.commit(puts, audit, extra)
        const call = calls.getStore()
        if (call !== undefined && result.status === 'committed') call.entries += 1
        return result
      },
    }),
  }
}
