import { RpcError } from '../../contract/rpc.ts'
import type { RecordStore } from '../../store/store.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import type { Jobs } from './jobs.ts'

/** Seeing and cancelling jobs. */
export function createJobHandlers({
  jobs,
  records,
  now,
}: {
  jobs: Jobs
  records: Pick<RecordStore, 'commit'>
  now: () => number
}): HandlersOf<'jobs'> {
  return {
    'jobs.list': async () => jobs.list(),
    'jobs.cancel': async ({ id }, { caller }) => {
      const job = jobs.get(id)
      if (job === null) throw new RpcError('not-found', 'There is no such job any more')
      await commitOrRefuse(
        records,
        [],
        draftOf(caller, now(), {
          action: 'jobs.cancel',
          subject: { kind: 'job', id, name: job.title },
          details: { state: job.state },
        }),
      )
      return jobs.cancel(id) ?? job
    },
  }
}
