import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { objectionsToPlan, tableOfBlob } from '../releases/plan-objections.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Test plans: every change is a new revision; runs and certificates name the one that they used. */
export function createTestPlanHandlers({
  store,
  now,
  newId,
}: Pick<ServiceContext, 'store' | 'now' | 'newId'>): HandlersOf<'testPlans'> {
  const { records, blobs } = store
  return {
    'testPlans.list': ({ modelId }) =>
      modelId === null ? records.list('testPlan') : records.list('testPlan', { link: 'modelId', id: modelId }),

    'testPlans.save': async ({ id, revision, plan, reason }, { caller }) => {
      if (caller.userId === null) throw new RpcError('signed-out', 'Sign in first')
      const before = id === null ? null : await records.get('testPlan', id)
      if (id !== null && before === null) throw new RpcError('not-found', 'There is no such test plan')
      if (before !== null && before.record.modelId !== plan.modelId)
        throw new RpcError('refused', 'A test plan stays with its model: make a new one for another')
      const [model, dataset] = await Promise.all([
        records.get('model', plan.modelId),
        records.get('dataset', plan.datasetId),
      ])
      if (model === null) throw new RpcError('not-found', 'There is no such model')
      if (dataset === null) throw new RpcError('not-found', 'There is no such dataset')
      const table = tableOfBlob(await blobs.get(dataset.record.digest))
      const objections = objectionsToPlan(plan, { model: model.record, dataset: dataset.record, table })
      if (objections.length > 0) throw new RpcError('refused', `${objections.join('. ')}.`)
      const record = {
        ...plan,
        id: before?.record.id ?? newId('tpl'),
        authorId: caller.userId,
        createdAt: before?.record.createdAt ?? now(),
      }
      const [saved] = await commitOrRefuse(
        records,
        [{ kind: 'testPlan', record, revision: before === null ? null : revision }],
        draftOf(caller, now(), {
          action: 'testPlans.save',
          subject: { kind: 'testPlan', id: record.id, name: record.name },
          reason,
          details: { gates: record.gates.map((gate) => gate.id), datasetDigest: dataset.record.digest },
        }),
      )
      return { revision: saved, record }
    },
  }
}
