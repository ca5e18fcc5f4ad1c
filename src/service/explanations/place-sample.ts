import { placeSample } from '../../analysis/explanation/envelope.ts'
import { isBlobKind } from '../../contract/blob.ts'
import type { SampleEnvelope } from '../../contract/explanation.ts'
import type { TaskParts } from '../tasks/tasks.ts'
import { openSampleScene } from './sample-scene.ts'

export interface SampleOrder {
  readonly deploymentId: string
  readonly sampleId: string
}

/** Reference rows that distances are measured on: as in the question about a window. */
const envelopeRows = 1000
const seed = 1

/** Places a stored sample in its version's reference, in a worker; a sentence where that cannot be said. */
export async function placeStoredSample({ store }: TaskParts, order: SampleOrder): Promise<SampleEnvelope | string> {
  const scene = await openSampleScene(store, order)
  if (typeof scene === 'string') return scene
  const names = scene.version.schema.columns.flatMap(({ name, type }) => (isBlobKind(type) ? [] : [name]))
  const { table, of } = await scene.background(names)
  if (of !== 'reference') return `Version ${scene.version.name} has no reference that samples could be compared with`
  return placeSample(table, scene.row, names, { envelopeRows, seed })
}
