import type { SampleExplanation } from '../../contract/explanation.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { createExplanations } from '../explanations/explanations.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Answers that are kept: enough to page through samples and come back. */
const mostKept = 200

/** Why a prediction came out as it did. */
export function createExplanationHandlers(
  context: Pick<ServiceContext, 'store' | 'workers' | 'jobs' | 'now' | 'newId'>,
  collection: Pick<Collection, 'endpointClient'>,
): HandlersOf<'explanations'> {
  const { store, jobs, workers, now, newId } = context
  const explain = createExplanations(context, collection)
  const kept = new Map<string, { readonly sampleId: string; readonly explanation: SampleExplanation }>()

  return {
    'explanations.ask': async ({ deploymentId, sampleId, what, asks, budgetRows }, { caller }) => {
      const deployment = await store.records.get('deployment', deploymentId)
      if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
      if ((await store.samples.get(deploymentId, sampleId)) === null)
        throw new RpcError('not-found', 'There is no such sample; retention may have removed it')
      const { name } = deployment.record
      await commitOrRefuse(
        store.records,
        [],
        draftOf(caller, now(), {
          action: 'explanations.ask',
          subject: { kind: 'deployment', id: deploymentId, name },
          details: { sampleId, what, asks },
        }),
      )
      const job = jobs.start({
        kind: 'explanation',
        title: `${what} of sample ${sampleId} of ${name}`,
        async run({ signal, progress }) {
          const question = { deploymentId, sampleId, what, asks, budgetRows: budgetRows ?? null }
          const explanation = await explain(question, { signal, progress })
          const id = newId('exp')
          kept.set(id, { sampleId, explanation })
          for (const old of [...kept.keys()].slice(0, Math.max(0, kept.size - mostKept))) kept.delete(old)
          return id
        },
      })
      return { jobId: job.id }
    },

    'explanations.envelope': async (order, { signal }) => {
      const placed = await workers.run('explanations.envelope', order, { signal })
      return typeof placed === 'string' ? { envelope: null, reason: placed } : { envelope: placed, reason: null }
    },

    'explanations.get': async ({ id }) => {
      const found = kept.get(id)
      if (found === undefined) throw new RpcError('not-found', 'It is not kept any longer; ask again')
      return found
    },
  }
}
