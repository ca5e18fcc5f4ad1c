import type { AuditDraft } from '../../contract/audit.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { maskAddresses } from '../../rules/audit-entry.ts'
import type { Put, RecordStore } from '../../store/store.ts'

/** The part of an audit draft that says who did what, and when. Addresses in what is said of it lose user and password. */
export function draftOf(
  caller: Caller,
  at: number,
  rest: Pick<AuditDraft, 'action'> & Partial<AuditDraft>,
): AuditDraft {
  const actor = { id: caller.userId, name: caller.name, roles: [...caller.roles] }
  const { reason = null, details = {} } = rest
  return { at, actor, subject: null, ...rest, reason: maskAddresses(reason), details: maskAddresses(details) }
}

/** Commits, or rejects with `stale` or `conflict`, which the page shows. Returns the new revisions. */
export async function commitOrRefuse(
  records: Pick<RecordStore, 'commit'>,
  puts: readonly Put[],
  audit: AuditDraft,
): Promise<readonly number[]> {
  const result = await records.commit(puts, audit)
  if (result.status === 'committed') return result.revisions
  if (result.status === 'conflict') throw new RpcError('conflict', result.message)
  throw new RpcError('stale', `Somebody else has changed this ${result.kind} since it was shown`)
}
