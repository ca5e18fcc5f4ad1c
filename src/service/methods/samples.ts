import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Single predictions. */
export function createSampleHandlers({
  store,
  workers,
}: Pick<ServiceContext, 'store' | 'workers'>): HandlersOf<'samples'> {
  return {
    'samples.list': async ({ deploymentId, window, limit, cursor, filter }) => {
      const page = await store.samples.list({ deploymentId, window, ...filter }, { limit, cursor })
      const isWhole = Object.keys(filter).length === 0
      const total = isWhole ? (await store.samples.count({ deploymentId, window })).samples : null
      return { ...page, total }
    },

    'samples.get': async ({ deploymentId, id }) => {
      const sample = await store.samples.get(deploymentId, id)
      if (sample === null) throw new RpcError('not-found', 'There is no such sample; retention may have removed it')
      const version = await store.records.get('version', sample.versionId)
      return { sample, versionName: version?.record.name ?? sample.versionId }
    },

    'samples.nearest': async ({ deploymentId, id, window, count }, { signal }) => {
      const sample = await store.samples.get(deploymentId, id)
      if (sample === null) throw new RpcError('not-found', 'There is no such sample; retention may have removed it')
      return await workers.run('slices.nearest', { sample, window, count }, { signal })
    },
  }
}
