import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { completeParameters } from '../monitoring/ask.ts'
import type { MonitoringRoom } from '../monitoring/monitoring.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { requireFittingKind, requireTarget } from './targets.ts'

/** Answers to questions: those stored, and new ones on demand. */
export function createReportHandlers(
  { store, jobs, now, settings }: Pick<ServiceContext, 'store' | 'jobs' | 'now' | 'settings'>,
  monitoring: Pick<MonitoringRoom, 'askNow'>,
): HandlersOf<'reports'> {
  return {
    'reports.latest': ({ kind, target }) => store.findings.latestReport(kind, target),

    'reports.get': async ({ id }) => {
      const report = await store.findings.report(id)
      if (report === null) throw new RpcError('not-found', 'There is no such report')
      return report
    },

    'reports.run': async ({ kind, target, window, reference, parameters }, { caller }) => {
      requireFittingKind(kind, target)
      const name = await requireTarget(store, target)
      const complete = completeParameters(kind, parameters, (await settings()).defaults)
      await commitOrRefuse(
        store.records,
        [],
        draftOf(caller, now(), {
          action: 'reports.run',
          subject: { kind: target.type, id: target.id, name },
          details: { kind, window, reference, parameters },
        }),
      )
      const job = jobs.start({
        kind: 'report',
        title: `${kind} of ${name}`,
        async run({ signal, progress }) {
          const asked = { kind, target, window, reference, parameters: complete }
          const answered = await monitoring.askNow(asked, { signal, onProgress: progress })
          if ('refusal' in answered) throw new Error(answered.refusal)
          return answered.reportId
        },
      })
      return { jobId: job.id }
    },
  }
}
