import type { AnalysisContext } from '../../analysis/answer.ts'
import { findCounterfactuals } from '../../analysis/explanation/counterfactual.ts'
import type { AskedModel } from '../../analysis/explanation/predict.ts'
import { explainSample } from '../../analysis/explanation/sample.ts'
import type { ExplanationKind, SampleExplanation } from '../../contract/explanation.ts'
import type { SampleScene } from './sample-scene.ts'

/** Everything is drawn from it, so that the same question gets the same answer. */
const seed = 1
const backgroundRows = 100
/** A search for another prediction asks about no more rows than this, whatever it may. */
const enoughForSearch = 50_000

/** Asks a model about a stored sample; a sentence where it cannot say. */
export async function explain(
  scene: SampleScene,
  model: AskedModel,
  { what, budgetRows }: { readonly what: Exclude<ExplanationKind, 'occlusion'>; readonly budgetRows: number },
  context: AnalysisContext,
): Promise<SampleExplanation | string> {
  const { task, classes, positiveClass, columns: specs } = scene.version.schema
  const { table: background, of: backgroundOf } = await scene.background()
  const { row: rows, inputs: columns } = scene
  const space = { task, classes, positiveClass, specs, columns }
  if (what === 'counterfactuals') {
    const budget = Math.min(budgetRows, enoughForSearch)
    return await findCounterfactuals(model, { ...space, row: rows, reference: background }, budget, context)
  }
  const options = { backgroundRows, budgetRows, seed, method: 'auto' } as const
  return await explainSample(model, { ...space, rows, background, backgroundOf }, options, context)
}
