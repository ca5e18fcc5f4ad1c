import type { RecordStore } from '../../store/store.ts'
import type { EventHub } from './event-hub.ts'

/** The same records, telling every page which kinds changed after each commit. */
export function announceCommits(records: RecordStore, events: Pick<EventHub, 'publish'>): RecordStore {
  return {
    get: (kind, id) => records.get(kind, id),
    find: (kind, key) => records.find(kind, key),
    list: (kind, where) => records.list(kind, where),
    history: (kind, id) => records.history(kind, id),
    async commit(puts, audit, extra) {
      const result = await records.commit(puts, audit, extra)
      if (result.status === 'committed') {
        // Every commit leaves an audit entry, so the audit page asks again too.
        const kinds = new Set<string>(puts.map((put) => put.kind).filter((kind) => kind !== 'credential'))
        events.publish('records.changed', { kinds: [...kinds, 'audit'] })
      }
      return result
    },
  }
}
