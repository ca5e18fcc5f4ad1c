import type { AuditLog } from '../audit/audit-log.ts'
import type { ServiceContext } from '../context.ts'
import { beginExport } from '../export/begin-export.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Reading, proving and exporting the log. */
export function createAuditHandlers(context: ServiceContext, auditLog: AuditLog): HandlersOf<'audit'> {
  const { audit } = context.store
  return {
    'audit.list': async ({ limit, cursor, action, subjectId, actorId }) => {
      const before = cursor === null ? null : Number(cursor)
      const items = await audit.list({
        limit: limit + 1,
        before: before !== null && Number.isSafeInteger(before) ? before : null,
        action,
        subjectId,
        actorId,
      })
      const shown = items.slice(0, limit)
      const isFiltered = action !== null || subjectId !== null || actorId !== null
      return {
        items: shown,
        nextCursor: items.length > limit ? String(shown[shown.length - 1].entry.index) : null,
        total: isFiltered ? null : await audit.size(),
      }
    },
    'audit.checkpoint': () => audit.newestCheckpoint(),
    'audit.prove': ({ index }) => auditLog.prove(index),
    'audit.export': (input, { caller }) => beginExport(context, auditLog, input, caller),
    'audit.verify': async (_, { signal }) => context.workers.run('audit.verify', auditLog.keyId(), { signal }),
  }
}
