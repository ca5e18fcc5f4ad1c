import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

export function createDatasetHandlers({ store }: Pick<ServiceContext, 'store'>): HandlersOf<'datasets'> {
  return {
    'datasets.get': async ({ id }) => {
      const dataset = await store.records.get('dataset', id)
      if (dataset === null) throw new RpcError('not-found', 'There is no such dataset')
      return dataset
    },
  }
}
