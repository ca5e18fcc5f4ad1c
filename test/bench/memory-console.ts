// A console under load, in a process of its own, so that its memory is its alone. Told the broker's URL as argument.
import { openTestConsole } from '../support/console.ts'
import { benchSchema } from './mqtt.ts'

const [brokerUrl] = process.argv.slice(2)
const console_ = await openTestConsole()
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
await console_.call('deployments.create', {
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
await console_.call('connections.save', {
  id: null,
  revision: null,
  connection: {
    key: 'bench',
    name: 'Bench',
    isEnabled: true,
    config: {
      kind: 'mqtt',
      url: brokerUrl,
      clientId: 'bench-console',
      username: null,
      passwordSecret: null,
      caPem: null,
      topicPrefix: 'bench',
    },
  },
})
process.on('message', async (message) => {
  if (message === 'close') {
    await console_.close()
    process.exit(0)
  }
  const [connection] = await console_.call('connections.list', {})
  process.send?.({ memory: process.memoryUsage(), counters: connection.state.counters })
})
process.send?.('ready')
