import type { EndpointConfig } from '../../src/contract/connection.ts'
import type { MonitorKind, Target } from '../../src/contract/finding.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import type { DetailOf } from '../../src/contract/report.ts'
import { type LinearDiscriminant, scoreLinear } from '../../src/demo/model/lda.ts'
import type { TestConsole } from '../support/console.ts'
import { type RoomMinute, roomChannels } from './room-data.ts'
import { roomClasses } from './room-model.ts'

const dayMs = 86_400_000
export const topicPrefix = 'building'

export const roomSchema: SchemaSpec = schemaSpec.parse({
  task: 'binary',
  classes: [...roomClasses],
  positiveClass: 'occupied',
  columns: roomChannels.map(({ name, unit }) => ({ name, unit, type: 'numeric', role: 'input' })),
})

/** The room's model in the console: its version, with the training period as reference. */
export async function registerRoomModel(
  console: TestConsole,
  parts: { model: LinearDiscriminant; onnx: Uint8Array; training: readonly RoomMinute[] },
): Promise<{ modelId: string; versionId: string }> {
  const model = await console.call('models.create', {
    key: 'occupancy',
    name: 'Room occupancy',
    description: 'Whether somebody is in the room, from its climate and light',
    task: 'binary',
  })
  const modelId = model.record.id
  const dataset = await importReference(console, modelId, parts)
  const digest = await console.upload(parts.onnx)
  const version = await console.call('versions.register', {
    modelId,
    name: '1.0.0',
    schema: roomSchema,
    referenceDatasetId: dataset,
    artifacts: [{ name: 'occupancy.onnx', digest, mediaType: 'application/octet-stream' }],
    lineage: {
      sourceRepository: null,
      sourceCommit: null,
      pipelineRun: null,
      parameters: { method: 'linear discriminant analysis' },
      trainingDatasetDigest: null,
      testDatasetDigest: null,
      referenceDatasetDigest: null,
      metricsAtTraining: {},
    },
  })
  return { modelId, versionId: version.record.id }
}

async function importReference(
  console: TestConsole,
  modelId: string,
  { model, training }: { model: LinearDiscriminant; training: readonly RoomMinute[] },
): Promise<string> {
  const names = roomChannels.map(({ name }) => name)
  const lines = training.map(({ values, isOccupied, at }) => {
    const [empty, occupied] = scoreLinear(model, [...values])
    const score = 1 / (1 + Math.exp(empty - occupied))
    return [at, ...values, roomClasses[Number(occupied > empty)], score, roomClasses[Number(isOccupied)]].join(',')
  })
  const csv = [`at,${names.join(',')},predicted,score,label`, ...lines].join('\n')
  const digest = await console.upload(new TextEncoder().encode(csv))
  const feature = (name: string) => ({ name, role: 'feature' as const, type: 'numeric' as const })
  const { jobId } = await console.call('imports.dataset', {
    digest,
    fileName: 'training-period.csv',
    modelId,
    name: 'Training period',
    role: 'reference',
    columns: [
      { name: 'at', role: 'time', type: 'numeric' },
      ...names.map(feature),
      { name: 'predicted', role: 'prediction', type: 'categorical' },
      { name: 'score', role: 'score', type: 'numeric', className: 'occupied' },
      { name: 'label', role: 'label', type: 'categorical' },
    ],
  })
  const { result } = await console.ended(jobId)
  if (result === null) throw new Error('The import told no dataset')
  return result
}

/** The broker and the endpoint as connections of the console. */
export async function connectBuilding(console: TestConsole, brokerUrl: string, endpoint: EndpointConfig) {
  await console.call('connections.save', {
    id: null,
    revision: null,
    connection: {
      key: 'building-broker',
      name: 'Broker of the building',
      isEnabled: true,
      config: {
        kind: 'mqtt',
        url: brokerUrl,
        clientId: 'assay-building',
        username: null,
        passwordSecret: null,
        caPem: null,
        topicPrefix,
      },
    },
  })
  const saved = await console.call('connections.save', {
    id: null,
    revision: null,
    connection: { key: 'occupancy-endpoint', name: 'Occupancy model', isEnabled: true, config: endpoint },
  })
  return saved.record.id
}

/** A room: the box on its wall as a device, and the deployment that the box feeds. */
export async function addRoom(
  console: TestConsole,
  room: string,
  ids: { modelId: string; versionId: string; endpointId: string },
): Promise<{ deployment: Target; device: Target }> {
  const device = await console.call('devices.save', {
    id: null,
    revision: null,
    device: {
      key: room,
      name: `Box of ${room}`,
      site: 'Mons',
      firmware: null,
      tags: [],
      channels: roomChannels.map(({ name, unit }) => ({
        name,
        unit,
        range: null,
        limit: null,
        expectedEveryMs: 60_000,
        // Nights and weekends are dark for up to fifteen hours on end.
        stuckAfterMs: name === 'light' ? 18 * 3_600_000 : 6 * 3_600_000,
      })),
    },
  })
  const deployment = await console.call('deployments.create', {
    key: room,
    name: room,
    modelId: ids.modelId,
    versionId: ids.versionId,
    environment: 'production',
    endpointId: ids.endpointId,
    deviceId: device.record.id,
    labelDelayMs: 0,
    retention: { rawDays: 90, maxSamples: null, profileDays: 730 },
  })
  return {
    deployment: { type: 'deployment', id: deployment.record.id },
    device: { type: 'device', id: device.record.id },
  }
}

/** Asks every question of these kinds now, over the last `days`. */
export async function askNow(console: TestConsole, target: Target, kinds: readonly MonitorKind[], days: number) {
  for (const { record, revision } of await console.call('monitors.list', { target })) {
    if (!kinds.includes(record.kind)) continue
    const { id, createdAt: _, ...monitor } = record
    await console.call('monitors.save', {
      id,
      revision,
      monitor: { ...monitor, schedule: null, everyNewItems: null, windowMs: days * dayMs, delayMs: 0 },
    })
    await console.ended((await console.call('monitors.runNow', { id })).jobId)
  }
}

/** The newest answer to a question. */
export async function answerTo<K extends MonitorKind>(
  console: TestConsole,
  kind: K,
  target: Target,
): Promise<DetailOf<K>> {
  const stored = await console.call('reports.latest', { kind, target })
  if (stored === null) throw new Error(`There is no report on ${kind}`)
  return stored.report.detail as DetailOf<K>
}
