import { PIXEL_SCALE } from '../model/image-features.ts'
import { FRAME_VALUES } from '../park/frame.ts'
import type { Classifier } from '../server/classifier.ts'

const ROWS_AT_ONCE = 256

/** Probabilities of a loaded classifier for frames, one row of classes each, in their order. */
export async function classifyFrames(
  classifier: Classifier,
  frames: readonly { readonly pixels: Uint8Array }[],
): Promise<Float32Array[]> {
  const answers: Float32Array[] = []
  for (let from = 0; from < frames.length; from += ROWS_AT_ONCE) {
    const batch = frames.slice(from, from + ROWS_AT_ONCE)
    const values = new Float64Array(batch.length * FRAME_VALUES)
    batch.forEach(({ pixels }, row) => {
      for (let i = 0; i < FRAME_VALUES; i++) values[row * FRAME_VALUES + i] = pixels[i] * PIXEL_SCALE
    })
    const { probabilities } = await classifier.run(values, batch.length)
    const classes = classifier.description.classes.length
    for (let row = 0; row < batch.length; row++) answers.push(probabilities.slice(row * classes, (row + 1) * classes))
  }
  return answers
}

/** Share of labelled frames that a classifier gets right. */
export async function accuracyOf(
  classifier: Classifier,
  frames: readonly { readonly pixels: Uint8Array; readonly label: number }[],
): Promise<number> {
  const answers = await classifyFrames(classifier, frames)
  const right = answers.filter((row, index) => row.indexOf(Math.max(...row)) === frames[index].label).length
  return right / frames.length
}
