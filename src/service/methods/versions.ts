import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { makeBinning } from '../models/reference-binning.ts'
import { registerVersion, requireReference } from '../models/register-version.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Builds of models. */
export function createVersionHandlers(context: ServiceContext): HandlersOf<'versions'> {
  const { store, now } = context

  return {
    'versions.register': (input, { caller }) => registerVersion(context, input, { caller }),

    'versions.setReference': async ({ id, revision, referenceDatasetId }, { caller }) => {
      const before = await store.records.get('version', id)
      if (before === null) throw new RpcError('not-found', 'There is no such version')
      if (before.revision !== revision)
        throw new RpcError('stale', 'Somebody else has changed this version since it was shown')
      await requireReference(context, referenceDatasetId, before.record.modelId)
      const record = { ...before.record, referenceDatasetId }
      const oldBinning = await store.profiles.binning(id)
      await store.profiles.setBinning(await makeBinning(context, record))
      try {
        const [next] = await commitOrRefuse(
          store.records,
          [{ kind: 'version', record, revision }],
          draftOf(caller, now(), {
            action: 'versions.setReference',
            subject: { kind: 'version', id, name: record.name },
            details: { referenceDatasetId, before: before.record.referenceDatasetId },
          }),
        )
        return { revision: next, record }
      } catch (error) {
        if (oldBinning !== null) await store.profiles.setBinning(oldBinning)
        throw error
      }
    },
  }
}
