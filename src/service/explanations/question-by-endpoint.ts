import { type ParametersOf, parametersOf } from '../../analysis/parameters.ts'
import { isBlobKind } from '../../contract/blob.ts'
import { RpcError } from '../../contract/rpc.ts'
import type { ServiceContext } from '../context.ts'
import type { RunOptions } from '../jobs/worker-pool.ts'
import { openServed } from '../releases/test-endpoint.ts'
import type { Collection } from '../rooms.ts'
import { createDatasetCache } from '../tasks/questions/dataset-cache.ts'
import { answerAboutDeployment } from '../tasks/questions/deployment-answers.ts'
import { openScene } from '../tasks/questions/deployment-scene.ts'
import { type Question, type Reply, UnaskableError } from '../tasks/questions/question.ts'
import { EndpointSilent, endpointModel } from './endpoint-model.ts'

/** Fewest samples of which importance is said. */
const fewestRows = 30
/** Samples, columns, values and reference rows that an endpoint is asked about at most, besides its budget. */
const modest = { attributedRows: 30, dependenceColumns: 4, dependencePoints: 11, backgroundRows: 30, envelopeRows: 300 }

/**
 * Parameters with which the whole question stays within a budget of made-up rows: less than half for importance (by fewer samples
 * first and fewer shuffles then), three tenths for contributions, a part for dependence, and a rest for what comes to them.
 */
export function withinBudget(asked: ParametersOf<'explanation'>, inputs: number): ParametersOf<'explanation'> {
  const budget = asked.endpointRows
  const perRow = (repeats: number) => (asked.columns?.length ?? inputs) * repeats + 2
  const affordable = (repeats: number) => Math.floor((0.45 * budget) / perRow(repeats))
  let repeats = asked.repeats
  while (repeats > 1 && affordable(repeats) < fewestRows) repeats--
  const least = (name: keyof typeof modest) => Math.min(asked[name], modest[name])
  return {
    ...asked,
    repeats,
    maxRows: Math.max(10, Math.min(asked.maxRows, affordable(repeats))),
    budgetRows: Math.max(100, Math.min(asked.budgetRows, Math.floor(0.3 * budget))),
    attributedRows: least('attributedRows'),
    dependenceColumns: Math.min(
      least('dependenceColumns'),
      Math.floor((0.15 * budget) / (fewestRows * modest.dependencePoints)),
    ),
    dependencePoints: least('dependencePoints'),
    backgroundRows: least('backgroundRows'),
    envelopeRows: least('envelopeRows'),
  }
}

/** Answers a question of explanation by asking the deployment's endpoint, from here: workers know no secrets. */
export async function explainByEndpoint(
  { store }: Pick<ServiceContext, 'store'>,
  collection: Pick<Collection, 'endpointClient'>,
  question: Question,
  { signal = new AbortController().signal, onProgress = () => {} }: RunOptions = {},
): Promise<Reply> {
  try {
    const scene = await openScene(store, createDatasetCache(store.blobs), question)
    const inputs = scene.schema.columns.filter(({ role }) => role === 'input')
    if (inputs.some(({ type }) => isBlobKind(type)))
      throw new UnaskableError(
        'Columns of pictures, texts or recordings cannot be shuffled: ask about a single sample where in its picture the answer lies',
      )
    const served = await openServed({ records: store.records, collection }, scene.deployment, scene.version, signal)
    if (typeof served === 'string') throw new UnaskableError(served)
    const parameters = withinBudget(parametersOf.explanation.parse(question.parameters), inputs.length)
    const model = endpointModel(served.client, scene.schema, signal, parameters.endpointRows)
    const context = { cancellation: signal, onProgress }
    const asked = { ...question, parameters }
    const report = await answerAboutDeployment('explanation', { store, question: asked, scene, context, model })
    return { type: 'answered', report }
  } catch (error) {
    if (signal.aborted) throw signal.reason
    if (error instanceof UnaskableError || error instanceof EndpointSilent || error instanceof RpcError)
      return { type: 'refused', sentence: error.message }
    throw error
  }
}
