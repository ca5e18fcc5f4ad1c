import { setImmediate as nextTurn } from 'node:timers/promises'
import { SPECIES } from '../park/breeds.ts'
import { drawFrame, type Frame } from '../park/frame.ts'
import type { Visit } from '../park/visits.ts'
import { classifyFrames } from '../pipeline/evaluate.ts'
import type { Classifier } from '../server/classifier.ts'

/** A visit as it was seen and called. */
export interface SeenVisit {
  readonly visit: Visit
  readonly frame: Frame
  readonly probabilities: Float32Array
  readonly prediction: string
}

const VISITS_AT_ONCE = 256

/** Draws visits and lets a classifier judge them; gives way between batches. */
export async function seeVisits(visits: readonly Visit[], classifier: Classifier): Promise<SeenVisit[]> {
  const seen: SeenVisit[] = []
  for (let from = 0; from < visits.length; from += VISITS_AT_ONCE) {
    const batch = visits.slice(from, from + VISITS_AT_ONCE)
    const frames = batch.map(drawFrame)
    const answers = await classifyFrames(classifier, frames)
    batch.forEach((visit, index) => {
      const probabilities = answers[index]
      const prediction = SPECIES[probabilities.indexOf(Math.max(...probabilities))]
      seen.push({ visit, frame: frames[index], probabilities, prediction })
    })
    await nextTurn()
  }
  return seen
}
