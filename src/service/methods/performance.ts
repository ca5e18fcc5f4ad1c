import { setImmediate as nextTurn } from 'node:timers/promises'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { bucketOf, emptyTally, tallyProfile } from '../monitoring/performance-tally.ts'
import type { HandlersOf } from '../rpc/handlers.ts'

const hourMs = 3_600_000
/** More would be finer than any chart. */
const mostBuckets = 2000

/** Performance over time from hourly profiles, so that it costs the same whatever number of samples is behind it. */
export function createPerformanceHandlers({
  store,
  settings,
}: Pick<ServiceContext, 'store' | 'settings'>): HandlersOf<'performance'> {
  return {
    'performance.series': async ({ deploymentId, window, metrics, ...asked }, { signal }) => {
      // Profiles are of whole hours, and none may fall into two buckets.
      const bucketMs = Math.ceil(asked.bucketMs / hourMs) * hourMs
      const deployment = await store.records.get('deployment', deploymentId)
      if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
      const version = await store.records.get('version', deployment.record.versionId)
      const schema = version?.record.schema ?? null
      const first = Math.floor(window.from / bucketMs) * bucketMs
      if ((window.to - first) / bucketMs > mostBuckets)
        throw new RpcError('invalid-input', `bucketMs: the window would fall into more than ${mostBuckets} buckets`)
      const { confidence } = (await settings()).defaults
      const buckets = []
      for (let from = first; from < window.to; from += bucketMs) {
        if (signal.aborted) throw new RpcError('cancelled', 'The call was cancelled')
        const span = { from: Math.max(from, window.from), to: Math.min(from + bucketMs, window.to) }
        const total = await store.profiles.sum({ deploymentId, window: span, parts: 'outcomes' })
        const tally = emptyTally()
        if (total !== null) tallyProfile(tally, total)
        if (tally.n > 0) buckets.push(bucketOf(from, tally, { metrics, schema, confidence }))
        // A year of profiles is much to read: others have their turn between buckets.
        await nextTurn()
      }
      return { buckets }
    },
  }
}
