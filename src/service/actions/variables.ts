import type { Alert } from '../../contract/alert.ts'
import type { Connection } from '../../contract/connection.ts'
import type { Deployment, Model, Version } from '../../contract/model.ts'
import type { ActionRequest } from '../rooms.ts'

/** What an action is about, read when it is requested. */
export interface ActionScene {
  readonly deployment: Deployment
  readonly model: Model
  /** The version that runs. */
  readonly version: Version
  /** The version to switch, roll back or release to; null for a retraining. */
  readonly target: Version | null
  readonly endpoint: Connection | null
  readonly alert: Alert | null
}

/**
 * Variables that templates of HTTP connectors may use as `{{name}}`, and that commands get as `ASSAY_<NAME>`
 * (`targetVersionName` arrives as `ASSAY_TARGET_VERSION_NAME`). What does not apply is empty. Besides, `correlationId` is always
 * there.
 *
 * - `kind`: `retrain`, `switch`, `roll-back` or `release`; `actionId`; `reason`; `requestedBy` (a name); `requestedAt` (ISO 8601)
 * - `modelId`, `modelKey`, `modelName`
 * - `deploymentId`, `deploymentKey`, `deploymentName`, `environment` (`test` or `production`)
 * - `endpointUrl`, `endpointModel`: where the deployment answers, and the model's name there
 * - `versionId`, `versionName`, `artifactName`, `artifactDigest`: what runs now; the first artifact, SHA-256 in hexadecimal
 * - `targetVersionId`, `targetVersionName`, `targetArtifactName`, `targetArtifactDigest`: what shall run; `targetArtifactPath` is
 *   its file in the workspace, for programs on this machine
 * - `alertId`, `alertTitle`, `alertMessage`; `releaseId`
 */
export function variablesOf(
  request: ActionRequest,
  scene: ActionScene,
  facts: { readonly actionId: string; readonly requestedAt: number; readonly targetArtifactPath: string | null },
): Record<string, string> {
  const { deployment, model, version, target, endpoint, alert } = scene
  const config = endpoint?.config.kind === 'endpoint' ? endpoint.config : null
  const [artifact] = version.artifacts
  const targetArtifact = target?.artifacts[0]
  return {
    kind: request.kind,
    actionId: facts.actionId,
    reason: request.reason,
    requestedBy: request.caller.name,
    requestedAt: new Date(facts.requestedAt).toISOString(),
    modelId: model.id,
    modelKey: model.key,
    modelName: model.name,
    deploymentId: deployment.id,
    deploymentKey: deployment.key,
    deploymentName: deployment.name,
    environment: deployment.environment,
    endpointUrl: config?.url ?? '',
    endpointModel: config?.modelName ?? '',
    versionId: version.id,
    versionName: version.name,
    artifactName: artifact?.name ?? '',
    artifactDigest: artifact?.digest ?? '',
    targetVersionId: target?.id ?? '',
    targetVersionName: target?.name ?? '',
    targetArtifactName: targetArtifact?.name ?? '',
    targetArtifactDigest: targetArtifact?.digest ?? '',
    targetArtifactPath: facts.targetArtifactPath ?? '',
    alertId: alert?.id ?? '',
    alertTitle: alert?.title ?? '',
    alertMessage: alert?.message ?? '',
    releaseId: request.releaseId ?? '',
  }
}
