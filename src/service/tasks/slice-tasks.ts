import { followCohort } from '../../analysis/errors-cohorts.ts'
import { mapErrors } from '../../analysis/errors-heatmap.ts'
import { nearestRows } from '../../analysis/errors-nearest.ts'
import { findErrors } from '../../analysis/errors-target.ts'
import { noEstimate } from '../../analysis/estimates.ts'
import { parametersOf } from '../../analysis/parameters.ts'
import { isBlobKind } from '../../contract/blob.ts'
import type { Cohort, CohortBucket } from '../../contract/cohort.ts'
import type { HeatMap } from '../../contract/error-slices.ts'
import type { Deployment, Task } from '../../contract/model.ts'
import type { Window } from '../../contract/primitives.ts'
import type { LabelledSample } from '../../contract/sample.ts'
import { versionIn } from './questions/deployment-scene.ts'
import type { TaskParts } from './tasks.ts'

/** Most rows that are read, the newest. */
const mostRows = 1_000_000
/** Most samples among which the nearest are looked for, the newest. */
const mostCompared = 100_000

interface HeatMapOrder {
  readonly deployment: Deployment
  readonly task: Task
  readonly window: Window
  readonly columns: [string, string]
  readonly confidence: number
}
interface SeriesOrder {
  readonly deploymentId: string
  readonly task: Task
  readonly cohort: Cohort
  readonly window: Window
  readonly bucketMs: number
  readonly confidence: number
}
interface NearestOrder {
  readonly sample: LabelledSample
  readonly window: Window
  readonly count: number
}

/** Where a model errs, as a person looks into it: computed in a worker, kept nowhere. */
export function createSliceTasks({ store }: TaskParts) {
  return {
    'slices.heatMap': async (order: HeatMapOrder): Promise<HeatMap> => {
      const { deployment, task, columns, confidence } = order
      const { versionId, window } = versionIn(deployment, order.window)
      const [rowColumn, columnColumn] = columns
      const none = (reason: string): HeatMap => ({
        ...{ rowColumn, columnColumn, rows: [], columns: [], n: 0, cells: [], reason },
        overall: noEstimate(0, reason),
      })
      if (window.from >= window.to) return none('the version has not run in this window')
      const query = { deploymentId: deployment.id, window, versionId, columns, labelledOnly: true, limit: mostRows }
      const table = await store.samples.table(query)
      const target = findErrors(table, task, null)
      if (target === null) return none('no sample has a label')
      return mapErrors(table, target, columns, parametersOf.errors.parse({ confidence }))
    },

    'slices.cohortSeries': async (order: SeriesOrder): Promise<{ buckets: CohortBucket[]; isCut: boolean }> => {
      const { deploymentId, task, cohort, window, bucketMs, confidence } = order
      const columns = [...new Set(cohort.conditions.map(({ column }) => column))]
      const table = await store.samples.table({ deploymentId, window, columns, limit: mostRows })
      const isError = new Float64Array(table.n).fill(Number.NaN)
      // Before the first label nothing is known of errors, and the samples still count.
      const target = findErrors(table, task, null) ?? { isError, n: 0, errors: 0, threshold: null }
      const from = Math.floor(window.from / bucketMs) * bucketMs
      const buckets = followCohort(table, target, cohort.conditions, { from, bucketMs, confidence })
      return { buckets, isCut: table.n === mostRows }
    },

    'slices.nearest': async ({ sample, window, count }: NearestOrder) => {
      const { deploymentId, versionId, inputs } = sample
      const version = (await store.records.get('version', versionId))?.record
      const blobs = new Set(version?.schema.columns.flatMap(({ name, type }) => (isBlobKind(type) ? [name] : [])))
      const columns = Object.keys(inputs).filter((name) => !blobs.has(name))
      const table = await store.samples.table({
        ...{ deploymentId, versionId, window, columns, labelledOnly: true, withIds: true },
        limit: mostCompared,
      })
      // The sample itself is the nearest of all.
      const found = nearestRows(table, inputs, columns, count + 1).flatMap(({ row, distance }) => {
        const id = table.ids?.[row]
        return id === undefined || id === sample.id ? [] : [{ id, distance }]
      })
      const nearest = await Promise.all(
        found.slice(0, count).map(async ({ id, distance }) => {
          const other = await store.samples.get(deploymentId, id)
          return other === null ? [] : [{ sample: other, distance, isRight: other.label === other.prediction }]
        }),
      )
      return { lookedAt: table.n, nearest: nearest.flat() }
    },
  }
}
