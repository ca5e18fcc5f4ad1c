import { connect, type MqttClient } from 'mqtt'
import type { InputOf } from '../../src/contract/api.ts'
import type { ConnectionState } from '../../src/contract/connection.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { openTestConsole, type TestConsole } from '../support/console.ts'
import { type Broker, type BrokerOptions, startBroker } from '../support/mosquitto.ts'

/** What the tests of one file opened, closed again in reverse order after each. */
export function createCleanUp() {
  const steps: (() => Promise<unknown>)[] = []
  return {
    later: (step: () => Promise<unknown>) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).reverse()) await step()
    },
  }
}
export type CleanUp = ReturnType<typeof createCleanUp>

export async function until<T>(
  look: () => Promise<T | null | false | undefined>,
  what: string,
  ms = 45_000,
): Promise<T> {
  const end = performance.now() + ms
  for (;;) {
    const seen = await look()
    if (seen) return seen
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export const noLineage: InputOf<'versions.register'>['lineage'] = {
  sourceRepository: null,
  sourceCommit: null,
  pipelineRun: null,
  parameters: {},
  trainingDatasetDigest: null,
  testDatasetDigest: null,
  referenceDatasetDigest: null,
  metricsAtTraining: {},
}

/** Whether a room is occupied, by its sensors. */
export const roomSchema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: ['empty', 'occupied'],
  positiveClass: 'occupied',
  columns: [
    { name: 'temperature', type: 'numeric', role: 'input', range: [-20, 60] },
    { name: 'light', type: 'numeric', role: 'input' },
    { name: 'window', type: 'categorical', role: 'context', isGroup: true, isRequired: false },
  ],
})

/** A console in which the model `room` runs as version 1.0 in production. */
export async function openRoomConsole(cleanUp: CleanUp, options: Parameters<typeof openTestConsole>[0] = {}) {
  const console = await openTestConsole(options)
  cleanUp.later(() => console.close())
  const model = await console.call('models.create', {
    ...{ key: 'room', name: 'Room occupancy', description: 'Is somebody in the room?', task: 'binary' },
  })
  const version = await console.call('versions.register', {
    ...{ modelId: model.record.id, name: '1.0', lineage: noLineage, schema: roomSchema },
    ...{ referenceDatasetId: null, artifacts: [] },
  })
  const deployment = await console.call('deployments.create', roomDeployment(model.record.id, version.record.id))
  return { console, model, version, deployment }
}

export const roomDeployment = (modelId: string, versionId: string): InputOf<'deployments.create'> => ({
  ...{ key: 'room', name: 'Room in production', modelId, versionId, environment: 'production' },
  ...{ endpointId: null, deviceId: null, labelDelayMs: 0 },
  retention: { rawDays: 3650, maxSamples: null, profileDays: 3650 },
})

export async function openBroker(cleanUp: CleanUp, options?: BrokerOptions): Promise<Broker> {
  const broker = await startBroker(options)
  cleanUp.later(() => broker.dispose())
  return broker
}

export async function openClient(cleanUp: CleanUp, url: string): Promise<MqttClient> {
  const client = connect(url, { protocolVersion: 5, reconnectPeriod: 100 })
  cleanUp.later(() => client.endAsync(true))
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject))
  return client
}

export type BrokerConfig = Extract<InputOf<'connections.save'>['connection']['config'], { kind: 'mqtt' }>

export const brokerConfig = (url: string, more: Partial<BrokerConfig> = {}): BrokerConfig => ({
  ...{ kind: 'mqtt', url, clientId: 'assay-test', username: null, passwordSecret: null, caPem: null },
  topicPrefix: 'assay',
  ...more,
})

export const saveBroker = (
  { call }: TestConsole,
  config: BrokerConfig,
  secrets: Record<string, string> = {},
  key = 'broker',
) =>
  call('connections.save', {
    ...{ id: null, revision: null, secrets },
    connection: { key, name: `Broker ${key}`, isEnabled: true, config },
  })

export async function stateOf({ call }: TestConsole, id: string): Promise<ConnectionState> {
  const found = (await call('connections.list', {})).find(({ record }) => record.id === id)
  if (found === undefined) throw new Error(`There is no connection ${id}`)
  return found.state
}

export const untilPhase = (console: TestConsole, id: string, phase: ConnectionState['phase']) =>
  until(async () => {
    const state = await stateOf(console, id)
    return state.phase === phase && state
  }, `phase ${phase} of ${id}`)

/** Faults that the console logged: a test that ends with any has found a bug. */
export const faultsOf = ({ log }: TestConsole) =>
  log.lines
    .filter(({ level }) => level === 'error')
    .map(({ message, details }) => `${message} ${JSON.stringify(details)}`)
