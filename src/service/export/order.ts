import type { Checkpoint } from '../../contract/audit.ts'

/** What somebody asked to have exported, and the signed state of the log at which everything is read. */
export interface ExportOrder {
  readonly releaseIds: readonly string[]
  readonly title: string
  readonly reason: string
  readonly exportedBy: { readonly id: string | null; readonly name: string }
  readonly createdAt: number
  readonly checkpoint: Checkpoint
}

/** Most monitored samples of one deployment and version that go along, newest first; the rest is counted. */
export const maxSamples = 20_000
/** Window before the export from which they come. */
export const sampleWindowMs = 30 * 86_400_000
/** Datasets with more rows are named by their digest alone. */
export const maxDatasetRows = 200_000
export const maxAlerts = 500
export const maxEarlierCheckpoints = 200
