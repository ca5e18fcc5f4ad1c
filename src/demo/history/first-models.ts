import type { Lineage } from '../../contract/model.ts'
import { FIRST_VERSION, RELEASED_VERSION } from '../park/names.ts'
import { DEFAULT_STORY } from '../park/story.ts'
import { idOfVisit } from '../park/visitor.ts'
import { labelledFrameOf, visitsBetween } from '../park/visits.ts'
import type { Registry } from '../pipeline/registry.ts'
import { trainVersion } from '../pipeline/training-run.ts'
import type { Calendar } from './calendar.ts'

const TRAINING_FRAMES = 4000
const FIRST_FRAMES = 1800

export interface FirstModel {
  readonly version: string
  readonly digest: string
  readonly lineage: Lineage
  readonly onnx: Uint8Array
}

/** Trains the two versions of the park's first months: the pilot on few frames, and the one that follows it. */
export async function trainFirstModels(
  { training }: Calendar,
  registry: Registry,
  onProgress: (sentence: string) => void,
): Promise<{ first: FirstModel; released: FirstModel }> {
  const visits = visitsBetween(training.from, training.to, DEFAULT_STORY).slice(-TRAINING_FRAMES)
  const frames = visits.map((visit) => ({ id: idOfVisit(visit), ...labelledFrameOf(visit) }))
  const train = async (version: string, count: number, parameters: object): Promise<FirstModel> => {
    const { onnx, lineage } = await trainVersion({
      frames: frames.slice(0, count),
      run: `petpark-${version}`,
      version,
      served: null,
      parameters,
      copies: 0,
      onProgress: (_, sentence) => onProgress(`Training ${version}: ${sentence}`),
    })
    return { version, digest: await registry.add(version, onnx), lineage, onnx }
  }
  return {
    first: await train(FIRST_VERSION, FIRST_FRAMES, { epochs: 14, seed: 3 }),
    released: await train(RELEASED_VERSION, TRAINING_FRAMES, {}),
  }
}
