import type { ParsedInputOf } from '../../contract/api.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Caller } from '../../contract/user.ts'
import { systemCaller } from '../../rules/audit-entry.ts'
import type { AuditLog } from '../audit/audit-log.ts'
import type { ServiceContext } from '../context.ts'
import type { JobContext } from '../jobs/jobs.ts'
import { loadRelease, releaseSubject } from '../releases/load-release.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import type { ExportOrder } from './order.ts'
import { signExport } from './sign-export.ts'

/** Records the request and builds the export as a job, whose result is the digest of the file. */
export async function beginExport(
  context: ServiceContext,
  auditLog: Pick<AuditLog, 'signNow' | 'key'>,
  input: ParsedInputOf<'audit.export'>,
  caller: Caller,
): Promise<{ jobId: string }> {
  const { store, jobs, workers, now } = context
  const releaseIds = [...new Set(input.releaseIds)]
  const [first] = await Promise.all(releaseIds.map((id) => loadRelease(store.records, id, now())))
  const { title, reason } = input
  await commitOrRefuse(
    store.records,
    [],
    draftOf(caller, now(), {
      action: 'audit.export',
      subject: releaseSubject(first),
      reason,
      details: { title, releaseIds },
    }),
  )

  async function build({ signal, progress }: JobContext): Promise<string> {
    // Signed first, so that the export holds the request for itself and everything before it.
    const signing = await auditLog.signNow()
    if (signing === null || signing.status === 'empty') throw new RpcError('unavailable', 'There is no log to export')
    if (signing.status === 'refused') throw new RpcError('refused', `The log cannot be exported. ${signing.problem}`)
    const signer = await auditLog.key()
    const order: ExportOrder = {
      releaseIds,
      title,
      reason,
      exportedBy: { id: caller.userId, name: caller.name },
      createdAt: now(),
      checkpoint: signing.checkpoint,
    }
    const gathered = await workers.run(
      'audit.gatherExport',
      { ...order, keyId: signer.keyId },
      { signal, onProgress: progress },
    )
    signal.throwIfAborted()
    progress(0.95, 'Signing')
    const { digest, bytes } = await store.blobs.put(signExport(gathered, signer))
    await commitOrRefuse(
      store.records,
      [],
      draftOf(systemCaller, now(), {
        action: 'system.exportMade',
        subject: releaseSubject(first),
        details: { title, digest, bytes, logSize: signing.checkpoint.size },
      }),
    )
    return digest
  }

  const job = jobs.start({ kind: 'audit-export', title: `Export: ${title}`, run: build })
  return { jobId: job.id }
}
