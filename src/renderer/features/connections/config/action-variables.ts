/** What an action tells the connector; what does not apply is empty. */
export const actionVariables: readonly { name: string; means: string }[] = [
  { name: 'kind', means: 'retrain, switch, roll-back or release' },
  { name: 'correlationId', means: 'the same for a repeat of the same action' },
  { name: 'actionId', means: 'the action' },
  { name: 'reason', means: 'why a person asked for it' },
  { name: 'requestedBy', means: 'that person’s name' },
  { name: 'requestedAt', means: 'when, ISO 8601' },
  { name: 'modelId', means: 'the model' },
  { name: 'modelKey', means: 'the model’s key' },
  { name: 'modelName', means: 'the model’s name' },
  { name: 'deploymentId', means: 'the deployment' },
  { name: 'deploymentKey', means: 'the deployment’s key' },
  { name: 'deploymentName', means: 'the deployment’s name' },
  { name: 'environment', means: 'test or production' },
  { name: 'endpointUrl', means: 'where the deployment answers' },
  { name: 'endpointModel', means: 'the model’s name there' },
  { name: 'versionId', means: 'the version that runs' },
  { name: 'versionName', means: 'its name' },
  { name: 'artifactName', means: 'its first file' },
  { name: 'artifactDigest', means: 'SHA-256 of that file' },
  { name: 'targetVersionId', means: 'the version that shall run' },
  { name: 'targetVersionName', means: 'its name' },
  { name: 'targetArtifactName', means: 'its first file' },
  { name: 'targetArtifactDigest', means: 'SHA-256 of that file' },
  { name: 'targetArtifactPath', means: 'that file on this machine' },
  { name: 'alertId', means: 'the alert that led to it' },
  { name: 'alertTitle', means: 'its title' },
  { name: 'alertMessage', means: 'its newest finding' },
  { name: 'releaseId', means: 'the release that it carries out' },
]

/** `targetVersionName` arrives at a program as `ASSAY_TARGET_VERSION_NAME`. */
export function commandName(name: string): string {
  return `ASSAY_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
