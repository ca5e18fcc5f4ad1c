import type { Monitor, Target } from '../../contract/finding.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Store } from '../../store/store.ts'
import type { ServiceContext } from '../context.ts'
import { completeParameters } from '../monitoring/ask.ts'
import { scheduleFault } from '../monitoring/cron.ts'
import type { MonitoringRoom } from '../monitoring/monitoring.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'
import { requireFittingKind, requireTarget } from './targets.ts'

const noSuchMonitor = () => new RpcError('not-found', 'There is no such monitor')
const isOf = (target: Target) => (monitor: Monitor) =>
  monitor.target.type === target.type && monitor.target.id === target.id

async function requireReference(
  { records }: Pick<Store, 'records'>,
  { reference, target }: Omit<Monitor, 'id' | 'createdAt'>,
) {
  if (reference.kind !== 'dataset') return
  const dataset = await records.get('dataset', reference.datasetId)
  const deployment = target.type === 'deployment' ? await records.get('deployment', target.id) : null
  if (dataset === null || dataset.record.modelId !== deployment?.record.modelId)
    throw new RpcError('invalid-input', 'reference: there is no such dataset of this model')
}

/** Questions on schedule: seen, changed, asked at once. */
export function createMonitorHandlers(
  { store, jobs, now, newId, settings }: Pick<ServiceContext, 'store' | 'jobs' | 'now' | 'newId' | 'settings'>,
  monitoring: Pick<MonitoringRoom, 'factsOf' | 'runNow'>,
): HandlersOf<'monitors'> {
  const { records } = store
  return {
    'monitors.list': async ({ target }) => {
      const monitors = await records.list('monitor')
      const wanted = target === null ? monitors : monitors.filter(({ record }) => isOf(target)(record))
      return await Promise.all(wanted.map(async (item) => ({ ...item, ...(await monitoring.factsOf(item.record.id)) })))
    },

    'monitors.save': async ({ id, revision, monitor }, { caller }) => {
      const before = id === null ? null : await records.get('monitor', id)
      if (id !== null && before === null) throw noSuchMonitor()
      requireFittingKind(monitor.kind, monitor.target)
      if (before !== null && (before.record.kind !== monitor.kind || !isOf(monitor.target)(before.record)))
        throw new RpcError('refused', 'What a monitor asks of whom cannot change: add another and switch this one off')
      await requireTarget(store, monitor.target)
      const fault = monitor.schedule === null ? null : scheduleFault(monitor.schedule)
      if (fault !== null)
        throw new RpcError('invalid-input', `schedule: ${fault}`, {
          issues: [{ path: 'monitor.schedule', message: fault }],
        })
      completeParameters(monitor.kind, monitor.parameters, (await settings()).defaults)
      await requireReference(store, monitor)
      const record: Monitor = {
        ...monitor,
        id: before?.record.id ?? newId('mon'),
        createdAt: before?.record.createdAt ?? now(),
      }
      const [saved] = await commitOrRefuse(
        records,
        [{ kind: 'monitor', record, revision: before === null ? null : revision }],
        draftOf(caller, now(), {
          action: 'monitors.save',
          subject: { kind: 'monitor', id: record.id, name: record.name },
          details: { isNew: before === null, schedule: record.schedule, isEnabled: record.isEnabled },
        }),
      )
      return { revision: saved, record }
    },

    'monitors.runNow': async ({ id }, { caller }) => {
      const item = await records.get('monitor', id)
      if (item === null) throw noSuchMonitor()
      const { name } = item.record
      await commitOrRefuse(
        records,
        [],
        draftOf(caller, now(), { action: 'monitors.runNow', subject: { kind: 'monitor', id, name } }),
      )
      const job = jobs.start({
        kind: 'monitor',
        title: name,
        async run({ signal, progress }) {
          const answered = await monitoring.runNow(id, { signal, onProgress: progress })
          if ('refusal' in answered) throw new Error(answered.refusal)
          return answered.reportId
        },
      })
      return { jobId: job.id }
    },
  }
}
