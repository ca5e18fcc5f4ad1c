import type { Cohort } from '../../contract/cohort.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** More would be finer than any chart. */
const mostBuckets = 1000

/** Slices of a model's samples: maps of its errors, and those that somebody saved to follow. */
export function createSliceHandlers({
  store,
  workers,
  settings,
  now,
  newId,
}: Pick<ServiceContext, 'store' | 'workers' | 'settings' | 'now' | 'newId'>): HandlersOf<'errors'> &
  HandlersOf<'cohorts'> {
  const { records } = store

  async function requireModelTask(modelId: string) {
    const model = await records.get('model', modelId)
    if (model === null) throw new RpcError('not-found', 'There is no such model')
    return model.record.task
  }

  async function requireDeployment(id: string) {
    const deployment = await records.get('deployment', id)
    if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
    return deployment.record
  }

  return {
    'errors.heatMap': async ({ deploymentId, window, columns }, { signal }) => {
      const deployment = await requireDeployment(deploymentId)
      const task = await requireModelTask(deployment.modelId)
      const { confidence } = (await settings()).defaults
      return await workers.run('slices.heatMap', { deployment, task, window, columns, confidence }, { signal })
    },

    'cohorts.list': async ({ modelId }) => await records.list('cohort', { link: 'modelId', id: modelId }),

    'cohorts.save': async ({ id, revision, cohort }, { caller }) => {
      const before = id === null ? null : await records.get('cohort', id)
      if (id !== null && before === null) throw new RpcError('not-found', 'There is no such cohort')
      if (before !== null && before.record.modelId !== cohort.modelId)
        throw new RpcError('refused', 'A cohort belongs to its model: save another for another model')
      await requireModelTask(cohort.modelId)
      const others = await records.list('cohort', { link: 'modelId', id: cohort.modelId })
      if (others.some(({ record }) => record.name === cohort.name && record.id !== id))
        throw new RpcError('conflict', `The model already has a cohort named ${cohort.name}`)
      const record: Cohort = {
        ...cohort,
        id: before?.record.id ?? newId('coh'),
        createdAt: before?.record.createdAt ?? now(),
      }
      const [saved] = await commitOrRefuse(
        records,
        [{ kind: 'cohort', record, revision: before === null ? null : revision }],
        draftOf(caller, now(), {
          action: 'cohorts.save',
          subject: { kind: 'cohort', id: record.id, name: record.name },
          details: { isNew: before === null, isFollowed: record.isFollowed, conditions: record.conditions },
        }),
      )
      return { revision: saved, record }
    },

    'cohorts.series': async ({ id, deploymentId, window, bucketMs }, { signal }) => {
      const cohort = await records.get('cohort', id)
      if (cohort === null) throw new RpcError('not-found', 'There is no such cohort')
      const deployment = await requireDeployment(deploymentId)
      if (deployment.modelId !== cohort.record.modelId)
        throw new RpcError('invalid-input', 'The cohort is of another model than the deployment')
      if ((window.to - window.from) / bucketMs > mostBuckets)
        throw new RpcError('invalid-input', `bucketMs: the window would fall into more than ${mostBuckets} buckets`)
      const task = await requireModelTask(deployment.modelId)
      const { confidence } = (await settings()).defaults
      const order = { deploymentId, task, cohort: cohort.record, window, bucketMs, confidence }
      return await workers.run('slices.cohortSeries', order, { signal })
    },
  }
}
