import type { Model } from '../../contract/model.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { Health } from '../monitoring/health.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Models with what belongs to them. */
export function createModelHandlers(
  { store, now, newId }: Pick<ServiceContext, 'store' | 'now' | 'newId'>,
  health: Pick<Health, 'rowsOf' | 'deployments'>,
): HandlersOf<'models'> {
  const { records } = store

  return {
    'models.list': async () => {
      const [models, versions, rows] = await Promise.all([
        records.list('model'),
        records.list('version'),
        health.deployments(),
      ])
      const versionsOf = Map.groupBy(versions, ({ record }) => record.modelId)
      const rowsOf = Map.groupBy(rows, ({ modelId }) => modelId)
      return models.map(({ record }) => ({
        model: record,
        versions: versionsOf.get(record.id)?.length ?? 0,
        deployments: rowsOf.get(record.id) ?? [],
      }))
    },

    'models.get': async ({ id }) => {
      const model = await records.get('model', id)
      if (model === null) throw new RpcError('not-found', 'There is no such model')
      const where = { link: 'modelId', id } as const
      const [versions, deployments, datasets, certificates] = await Promise.all([
        records.list('version', where),
        records.list('deployment', where),
        records.list('dataset', where),
        records.list('certificate'),
      ])
      const own = new Set(versions.map(({ record }) => record.id))
      const certified = certificates.filter(
        ({ record }) =>
          own.has(record.versionId) && record.decision === 'certified' && record.predicate.validUntil > now(),
      )
      return {
        model,
        versions,
        deployments,
        health: await health.rowsOf(deployments.map(({ record }) => ({ type: 'deployment', id: record.id }))),
        datasets,
        certifiedVersionIds: [...new Set(certified.map(({ record }) => record.versionId))],
      }
    },

    'models.create': async (input, { caller }) => {
      const record: Model = { id: newId('mdl'), ...input, createdAt: now() }
      const [revision] = await commitOrRefuse(
        records,
        [{ kind: 'model', record, revision: null }],
        draftOf(caller, now(), {
          action: 'models.create',
          subject: { kind: 'model', id: record.id, name: record.name },
          details: { key: record.key, task: record.task },
        }),
      )
      return { revision, record }
    },
  }
}
