import type { ExplanationKind, SampleExplanation } from '../../contract/explanation.ts'
import type { TaskContext } from '../jobs/task.ts'
import { openOnnx } from '../tasks/questions/onnx-predict.ts'
import type { TaskParts } from '../tasks/tasks.ts'
import { explain } from './explain.ts'
import { openSampleScene } from './sample-scene.ts'

export interface ExplanationOrder {
  readonly deploymentId: string
  readonly sampleId: string
  readonly what: Exclude<ExplanationKind, 'occlusion'>
  readonly budgetRows: number
}

/** `no-model`: the version has no file that could be asked; an endpoint may do. */
export type ExplanationReply =
  | { readonly type: 'explained'; readonly explanation: SampleExplanation }
  | { readonly type: 'refused' | 'no-model'; readonly sentence: string }

/** Asks the registered ONNX file about a sample, in a worker. */
export async function explainByFile(
  { store }: TaskParts,
  order: ExplanationOrder,
  context: TaskContext,
): Promise<ExplanationReply> {
  const scene = await openSampleScene(store, order)
  if (typeof scene === 'string') return { type: 'refused', sentence: scene }
  const { table } = await scene.background()
  const model = await openOnnx(store.blobs, scene.version, table)
  if (model === null)
    return { type: 'no-model', sentence: `Version ${scene.version.name} has no ONNX file that takes these inputs` }
  try {
    const found = await explain(scene, model, order, context)
    return typeof found === 'string'
      ? { type: 'refused', sentence: `It cannot be said: ${found}` }
      : { type: 'explained', explanation: found }
  } finally {
    await model.close()
  }
}
