import { AnalysisCancelled } from '../../analysis/answer.ts'
import type { ExplanationKind, SampleExplanation } from '../../contract/explanation.ts'
import type { ServiceContext } from '../context.ts'
import { openServed } from '../releases/test-endpoint.ts'
import type { Collection } from '../rooms.ts'
import { EndpointSilent, endpointModel } from './endpoint-model.ts'
import { explain } from './explain.ts'
import { explainPicture } from './explain-picture.ts'
import { openSampleScene } from './sample-scene.ts'

export interface ExplanationQuestion {
  readonly deploymentId: string
  readonly sampleId: string
  readonly what: ExplanationKind
  readonly asks: 'auto' | 'endpoint'
  readonly budgetRows: number | null
}

export interface ExplanationRun {
  readonly signal: AbortSignal
  readonly progress: (fraction: number | null, message?: string) => void
}

/** Made-up rows that may be asked about one sample: a file answers millions a second, an endpoint has other work. */
const budgets = { file: 2_000_000, endpoint: 20_000 } as const

/** Answers questions about single predictions: by the registered file in a worker, or by the endpoint from here. */
export function createExplanations(
  { store, workers }: Pick<ServiceContext, 'store' | 'workers'>,
  collection: Pick<Collection, 'endpointClient'>,
): (question: ExplanationQuestion, run: ExplanationRun) => Promise<SampleExplanation> {
  async function byFile(question: ExplanationQuestion, { signal, progress }: ExplanationRun) {
    const { deploymentId, sampleId, what, budgetRows } = question
    if (what === 'occlusion') return null
    const order = { deploymentId, sampleId, what, budgetRows: budgetRows ?? budgets.file }
    const reply = await workers.run('explanations.ask', order, { signal, onProgress: progress })
    if (reply.type === 'refused') throw new Error(reply.sentence)
    return reply.type === 'explained' ? reply.explanation : null
  }

  async function byEndpoint(question: ExplanationQuestion, { signal, progress }: ExplanationRun) {
    const scene = await openSampleScene(store, question)
    if (typeof scene === 'string') throw new Error(scene)
    const { deployment, version } = scene
    const served = await openServed({ records: store.records, collection }, deployment, version, signal)
    if (typeof served === 'string') throw new Error(served)
    const budgetRows = question.budgetRows ?? budgets.endpoint
    const context = { cancellation: signal, onProgress: progress }
    try {
      if (question.what === 'occlusion') {
        const found = await explainPicture(scene, store.blobs, served.client, { budgetRows, signal, progress })
        if (typeof found === 'string') throw new Error(`It cannot be said: ${found}`)
        return found
      }
      const model = endpointModel(served.client, version.schema, signal, budgetRows + 1000)
      const found = await explain(scene, model, { what: question.what, budgetRows }, context)
      if (typeof found === 'string') throw new Error(`It cannot be said: ${found}`)
      return found
    } catch (error) {
      if (error instanceof AnalysisCancelled || signal.aborted) throw signal.reason
      if (error instanceof EndpointSilent) throw new Error(error.message)
      throw error
    }
  }

  return async (question, run) => {
    const found = question.asks === 'endpoint' ? null : await byFile(question, run)
    return found ?? (await byEndpoint(question, run))
  }
}
