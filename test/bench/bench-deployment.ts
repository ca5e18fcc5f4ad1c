import type { TestConsole } from '../support/console.ts'
import { benchSchema } from './mqtt.ts'

/** Records a model of ten features, its version and a deployment with the key `bench`. */
export async function createBenchDeployment(console_: Pick<TestConsole, 'call'>) {
  const model = await console_.call('models.create', { key: 'bench', name: 'Bench', description: '', task: 'binary' })
  const version = await console_.call('versions.register', {
    modelId: model.record.id,
    name: '1',
    schema: benchSchema,
    referenceDatasetId: null,
    artifacts: [],
    lineage: {
      sourceRepository: null,
      sourceCommit: null,
      pipelineRun: null,
      parameters: {},
      trainingDatasetDigest: null,
      testDatasetDigest: null,
      referenceDatasetDigest: null,
      metricsAtTraining: {},
    },
  })
  const deployment = await console_.call('deployments.create', {
    key: 'bench',
    name: 'Bench',
    modelId: model.record.id,
    versionId: version.record.id,
    environment: 'production',
    endpointId: null,
    deviceId: null,
    labelDelayMs: 0,
    retention: { rawDays: 30, maxSamples: null, profileDays: 365 },
  })
  return { deploymentId: deployment.record.id, versionId: version.record.id }
}
