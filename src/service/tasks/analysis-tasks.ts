import { type AnalysisContext, uninterrupted } from '../../analysis/answer.ts'
import { analyzeLabelBias } from '../../analysis/bias-labels.ts'
import { parametersOf } from '../../analysis/parameters.ts'
import { analyzePerformance } from '../../analysis/performance.ts'
import type { LabelBias, LabelBiasParameters } from '../../contract/label-bias.ts'
import type { Dataset, SchemaSpec } from '../../contract/model.ts'
import type { Report } from '../../contract/report.ts'
import type { TaskContext } from '../jobs/task.ts'
import { createDatasetCache } from './questions/dataset-cache.ts'
import { answerAboutDeployment, isDeploymentKind } from './questions/deployment-answers.ts'
import { openScene } from './questions/deployment-scene.ts'
import { type Question, type Reply, UnaskableError } from './questions/question.ts'
import { answerAboutDevice, answerAboutEndpoint } from './questions/source-answers.ts'
import { stampReport } from './stamp-report.ts'
import type { TaskParts } from './tasks.ts'

interface LabelBiasOrder {
  readonly dataset: Dataset
  readonly schema: Pick<SchemaSpec, 'classes' | 'positiveClass'>
  readonly parameters: LabelBiasParameters
}
type LabelBiasReply =
  | { readonly type: 'answered'; readonly found: LabelBias }
  | { readonly type: 'refused'; readonly sentence: string }

/** Questions to the workspace, answered in a worker; each worker keeps the references it decoded last. */
export function createAnalysisTasks({ store }: TaskParts) {
  const datasets = createDatasetCache(store.blobs)

  async function answer(question: Question, context: AnalysisContext): Promise<Report> {
    const { kind } = question
    if (kind === 'device') return await answerAboutDevice(store, question)
    if (kind === 'endpoint') return await answerAboutEndpoint(store, question)
    if (!isDeploymentKind(kind)) throw new UnaskableError(`Nobody can answer a question on ${kind}`)
    const scene = await openScene(store, datasets, question)
    return await answerAboutDeployment(kind, { store, question, scene, context })
  }

  return {
    /** Loads what a question is about and analyses it. */
    'analysis.ask': async (question: Question, { cancellation, onProgress }: TaskContext): Promise<Reply> => {
      try {
        const report = await answer(question, { cancellation, onProgress })
        return { type: 'answered', report: await stampReport(store, report) }
      } catch (error) {
        if (error instanceof UnaskableError) return { type: 'refused', sentence: error.message }
        throw error
      }
    },

    /** What the labels of a dataset prefer. */
    'analysis.labelBias': async (
      { dataset, schema, parameters }: LabelBiasOrder,
      { cancellation, onProgress }: TaskContext,
    ): Promise<LabelBiasReply> => {
      try {
        const input = { table: await datasets.get(dataset.digest), ...schema }
        return { type: 'answered', found: analyzeLabelBias(input, parameters, { cancellation, onProgress }) }
      } catch (error) {
        if (error instanceof UnaskableError) return { type: 'refused', sentence: error.message }
        throw error
      }
    },

    /** Metrics that a labelled reference gives, by name; null when it has no labels or predictions. */
    'analysis.referenceMetrics': async ({
      dataset,
      schema,
    }: {
      readonly dataset: Dataset
      readonly schema: SchemaSpec
    }): Promise<Record<string, number> | null> => {
      const table = await datasets.get(dataset.digest)
      if (table.label === null || table.prediction === null) return null
      const { task, classes, positiveClass, ranking } = schema
      // Only the values are wanted, so the bootstrap behind some intervals is kept short.
      const parameters = parametersOf.performance.parse({ resamples: 50 })
      const input = { current: table, reference: null, task, classes, positiveClass, ranking }
      const { detail } = analyzePerformance(input, parameters, uninterrupted)
      return Object.fromEntries(
        Object.entries(detail.metrics).flatMap(([name, { value }]) => (value === null ? [] : [[name, value]])),
      )
    },
  }
}
