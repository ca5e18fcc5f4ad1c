import type { SampleStore } from '../store.ts'
import type { Connection } from './database.ts'
import type { LabelReader } from './labels.ts'
import type { SampleIndex } from './sample-index.ts'
import type { Symbols } from './symbols.ts'

/** Finds one sample by its id. */
export function makeSampleGet(
  connection: Connection,
  symbols: Symbols,
  index: SampleIndex,
  labels: LabelReader,
): SampleStore['get'] {
  return async (deploymentId, id) =>
    connection.read(() => {
      const deployment = symbols.find(deploymentId)
      const place = deployment === null ? null : index.find(deployment, id.toWellFormed())
      return place === null ? null : labels.sample(place)
    })
}
