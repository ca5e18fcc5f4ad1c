import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

/** Stored numbers, as lists and over time. */
export function createFindingHandlers({ store }: Pick<ServiceContext, 'store'>): HandlersOf<'findings'> {
  return {
    'findings.list': async (filter) => {
      try {
        return { ...(await store.findings.list(filter)), total: null }
      } catch (error) {
        if (error instanceof RangeError) throw new RpcError('invalid-input', `cursor: ${error.message}`)
        throw error
      }
    },
    'findings.series': (query) => store.findings.series(query),
  }
}
