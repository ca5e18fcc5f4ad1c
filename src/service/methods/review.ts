import { compileSchema } from '../../collect/schema-check.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { Label } from '../../contract/sample.ts'
import type { ServiceContext } from '../context.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { draftOf } from '../session/commit.ts'

const dayMs = 86_400_000

/** Labels given by people. */
export function createReviewHandlers({
  store,
  workers,
  now,
}: Pick<ServiceContext, 'store' | 'workers' | 'now'>): HandlersOf<'review'> {
  /** Samples of the near future may have come from clocks that run ahead. */
  const everything = () => ({ from: 0, to: now() + 400 * dayMs })

  async function newest(deploymentId: string, limit: number) {
    const page = { limit, cursor: null }
    const { items } = await store.samples.list({ deploymentId, window: everything(), isLabelled: false }, page)
    return items.map((sample) => ({ sample, reason: 'One of the newest without a label' }))
  }

  return {
    'review.queue': async ({ deploymentId, limit, strategy }, { signal }) => {
      if (strategy === 'newest') return await newest(deploymentId, limit)
      const seed = `${deploymentId} ${Math.floor(now() / dayMs)}`
      const order = { deploymentId, window: everything(), strategy, limit, seed }
      const ranked = await workers.run('review.rank', order, { signal })
      const found = await Promise.all(
        ranked.map(async ({ id, reason }) => {
          const sample = await store.samples.get(deploymentId, id)
          // Somebody may have labelled it meanwhile.
          return sample === null || sample.label !== null ? [] : [{ sample, reason }]
        }),
      )
      return found.flat()
    },

    'review.label': async ({ deploymentId, labels }, { caller }) => {
      const at = now()
      const deployment = await store.records.get('deployment', deploymentId)
      if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
      const applied: Label[] = []
      let unchanged = 0
      for (const [index, { id, label: given }] of labels.entries()) {
        const sample = await store.samples.get(deploymentId, id)
        if (sample === null) throw new RpcError('not-found', `There is no sample ${id}`)
        const version = await store.records.get('version', sample.versionId)
        if (version === null) throw new RpcError('not-found', `The version of sample ${id} is not there`)
        const checked = compileSchema(version.record.schema).checkOutcome(given, 'label')
        if (checked.fault !== null)
          throw new RpcError('invalid-input', checked.fault, {
            issues: [{ path: `labels.${index}.label`, message: checked.fault }],
          })
        if (sample.label === checked.value) unchanged += 1
        else
          applied.push({
            sampleId: id,
            deploymentId,
            label: checked.value,
            // A correction counts even where the label before it claims to be of later.
            at: Math.max(at, (sample.labelledAt ?? 0) + 1),
            source: `review:${caller.userId}`,
          })
      }
      const { name } = deployment.record
      const draft = draftOf(caller, at, {
        action: 'review.label',
        subject: { kind: 'deployment', id: deploymentId, name },
        details: { labels: applied.map(({ sampleId, label }) => ({ sampleId, label })), unchanged },
      })
      const result = await store.records.commit([], draft, { labels: applied })
      if (result.status !== 'committed') throw new Error(`Labels could not be committed: ${result.status}`)
      return { applied: applied.length, unchanged }
    },
  }
}
