import { z } from 'zod'
import { action, alert } from './alert.ts'
import { cohort } from './cohort.ts'
import { connection } from './connection.ts'
import { device } from './device.ts'
import { monitor, thresholdSet } from './finding.ts'
import { keptExplanation } from './kept-explanation.ts'
import { mapping } from './mapping.ts'
import { dataset, deployment, model, version } from './model.ts'
import { certificate, release, testPlan, testRun } from './release.ts'
import { credential, user } from './user.ts'
import { workspaceSettings } from './workspace.ts'

/**
 * Everything that is governed: small documents with an id and a revision, changed only together with an audit entry.
 * `links` names the fields that point to other records; the store enforces them and can list by them.
 */
export const recordKinds = {
  settings: { schema: workspaceSettings, links: {} },
  user: { schema: user, links: {} },
  credential: { schema: credential, links: { userId: 'user' } },
  model: { schema: model, links: {} },
  dataset: { schema: dataset, links: { modelId: 'model' } },
  version: { schema: version, links: { modelId: 'model', referenceDatasetId: 'dataset' } },
  connection: { schema: connection, links: {} },
  mapping: { schema: mapping, links: { connectionId: 'connection', authorId: 'user' } },
  device: { schema: device, links: { desiredVersionId: 'version' } },
  deployment: {
    schema: deployment,
    links: { modelId: 'model', versionId: 'version', endpointId: 'connection', deviceId: 'device' },
  },
  monitor: { schema: monitor, links: {} },
  thresholdSet: { schema: thresholdSet, links: { authorId: 'user' } },
  cohort: { schema: cohort, links: { modelId: 'model' } },
  explanation: { schema: keptExplanation, links: { deploymentId: 'deployment', versionId: 'version' } },
  alert: { schema: alert, links: { assigneeId: 'user' } },
  action: {
    schema: action,
    links: { alertId: 'alert', releaseId: 'release', deploymentId: 'deployment', connectionId: 'connection' },
  },
  testPlan: { schema: testPlan, links: { modelId: 'model', datasetId: 'dataset', authorId: 'user' } },
  testRun: {
    schema: testRun,
    links: { releaseId: 'release', planId: 'testPlan', versionId: 'version', deploymentId: 'deployment' },
  },
  release: {
    schema: release,
    links: {
      modelId: 'model',
      versionId: 'version',
      testDeploymentId: 'deployment',
      productionDeploymentId: 'deployment',
      planId: 'testPlan',
      submittedBy: 'user',
    },
  },
  certificate: { schema: certificate, links: { releaseId: 'release', versionId: 'version' } },
} as const

export type RecordKind = keyof typeof recordKinds
export type RecordOf<K extends RecordKind> = z.infer<(typeof recordKinds)[K]['schema']>
export type LinkOf<K extends RecordKind> = keyof (typeof recordKinds)[K]['links'] & string

/** A record with its revision; a change names the revision it was made on. */
export interface Revisioned<K extends RecordKind> {
  readonly revision: number
  readonly record: RecordOf<K>
}
/** As it crosses the wire. */
export const revisioned = <T extends z.ZodType>(schema: T) =>
  z.strictObject({ revision: z.int().min(1), record: schema })
