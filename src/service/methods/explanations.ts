import { engine } from '../../analysis/answer.ts'
import type { KeptExplanation } from '../../contract/kept-explanation.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import { createExplanations } from '../explanations/explanations.ts'
import type { Collection } from '../rooms.ts'
import type { HandlersOf } from '../rpc/handlers.ts'
import { commitOrRefuse, draftOf } from '../session/commit.ts'

/** Why a prediction came out as it did. */
export function createExplanationHandlers(
  context: Pick<ServiceContext, 'store' | 'workers' | 'jobs' | 'now' | 'newId'>,
  collection: Pick<Collection, 'endpointClient'>,
): HandlersOf<'explanations'> {
  const { store, jobs, workers, now, newId } = context
  const explain = createExplanations(context, collection)

  return {
    'explanations.ask': async ({ deploymentId, sampleId, what, asks, budgetRows }, { caller }) => {
      const deployment = await store.records.get('deployment', deploymentId)
      if (deployment === null) throw new RpcError('not-found', 'There is no such deployment')
      const sample = await store.samples.get(deploymentId, sampleId)
      if (sample === null) throw new RpcError('not-found', 'There is no such sample; retention may have removed it')
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
          const record: KeptExplanation = {
            ...{ id: newId('exp'), deploymentId, versionId: sample.versionId, sampleId, what, asks },
            ...{ budgetRows: budgetRows ?? null, engine, askedBy: caller.userId, at: now(), explanation },
          }
          const entry = draftOf(caller, now(), {
            action: 'explanations.keep',
            subject: { kind: 'explanation', id: record.id, name: `${what} of sample ${sampleId} of ${name}` },
            details: { sampleId, what, asks, engine },
          })
          await commitOrRefuse(store.records, [{ kind: 'explanation', record, revision: null }], entry)
          return record.id
        },
      })
      return { jobId: job.id }
    },

    'explanations.envelope': async (order, { signal }) => {
      const placed = await workers.run('explanations.envelope', order, { signal })
      return typeof placed === 'string' ? { envelope: null, reason: placed } : { envelope: placed, reason: null }
    },

    'explanations.list': async ({ deploymentId, sampleId }) => {
      const kept = (await store.records.list('explanation', { link: 'deploymentId', id: deploymentId }))
        .map(({ record }) => record)
        .filter((record) => record.sampleId === sampleId)
        .sort((a, b) => b.at - a.at)
      const newest = kept.filter(({ what }, i) => kept.findIndex((other) => other.what === what) === i)
      return await Promise.all(
        newest.map(async (record) => ({
          kept: record,
          versionName: (await store.records.get('version', record.versionId))?.record.name ?? record.versionId,
          askedBy:
            record.askedBy === null ? null : ((await store.records.get('user', record.askedBy))?.record.name ?? null),
        })),
      )
    },

    'explanations.get': async ({ id }) => {
      const found = await store.records.get('explanation', id)
      if (found === null) throw new RpcError('not-found', 'There is no such explanation; ask again')
      const { sampleId, explanation } = found.record
      return { sampleId, explanation }
    },
  }
}
