import type { AnalysisContext } from '../../analysis/answer.ts'
import type { AskedModel } from '../../analysis/explanation/predict.ts'
import { explainSample } from '../../analysis/explanation/sample.ts'
import type { ExplanationKind, SampleExplanation } from '../../contract/explanation.ts'
import type { SampleScene } from './sample-scene.ts'

/** Everything is drawn from it, so that the same question gets the same answer. */
const seed = 1
const backgroundRows = 100

/** Asks a model about a stored sample; a sentence where it cannot say. */
export async function explain(
  scene: SampleScene,
  model: AskedModel,
  { budgetRows }: { readonly what: ExplanationKind; readonly budgetRows: number },
  context: AnalysisContext,
): Promise<SampleExplanation | string> {
  const { task, classes, positiveClass, columns: specs } = scene.version.schema
  const { table: background, of: backgroundOf } = await scene.background()
  const options = { backgroundRows, budgetRows, seed }
  const { row: rows, inputs: columns } = scene
  const space = { task, classes, positiveClass, specs, rows, background, backgroundOf, columns }
  return await explainSample(model, space, { ...options, method: 'auto' }, context)
}
