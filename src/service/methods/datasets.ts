import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

export function createDatasetHandlers({
  store,
  workers,
}: Pick<ServiceContext, 'store' | 'workers'>): HandlersOf<'datasets'> {
  async function requireDataset(id: string) {
    const dataset = await store.records.get('dataset', id)
    if (dataset === null) throw new RpcError('not-found', 'There is no such dataset')
    return dataset
  }

  return {
    'datasets.get': async ({ id }) => await requireDataset(id),

    'datasets.labelBias': async ({ datasetId, versionId, parameters }, { signal }) => {
      const { record: dataset } = await requireDataset(datasetId)
      const version = (await store.records.get('version', versionId))?.record
      if (version === undefined) throw new RpcError('not-found', 'There is no such version')
      if (version.modelId !== dataset.modelId)
        throw new RpcError('invalid-input', 'The dataset belongs to another model than the version')
      const { task, classes, positiveClass } = version.schema
      if (task === 'regression')
        throw new RpcError('invalid-input', 'The labels of a regression are numbers, not classes')
      const order = { dataset, schema: { classes, positiveClass }, parameters }
      const reply = await workers.run('analysis.labelBias', order, { signal })
      if (reply.type === 'refused') throw new RpcError('not-found', reply.sentence)
      return reply.found
    },
  }
}
