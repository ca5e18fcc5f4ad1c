import type { HealthRow } from '../../../contract/api/workspace.ts'
import type { OutputOf } from '../../../contract/api.ts'
import type { Finding, Subject, Target } from '../../../contract/finding.ts'
import type { ColumnSpec, Dataset, Deployment, Model, Version } from '../../../contract/model.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { generator } from './random.ts'

/* A made-up park: a cat-and-dog classifier that was knocked and misled, with the records around it. */

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
export const nowAt = Math.floor(Date.now() / hourMs) * hourMs + 20 * 60_000
export const knockAt = nowAt - 40 * hourMs

export const digestOf = (seed: number) => {
  const random = generator(seed)
  return Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join('')
}

const descriptor = (name: string, range: [number, number], unit?: string): ColumnSpec => ({
  name,
  type: 'numeric',
  role: 'descriptor',
  isGroup: false,
  range,
  unit,
  isRequired: true,
})

export const columns: ColumnSpec[] = [
  { name: 'frame', type: 'image', role: 'input', isGroup: false, isRequired: true },
  descriptor('brightness', [0, 255]),
  descriptor('contrast', [0, 128]),
  descriptor('sharpness', [0, 60]),
  descriptor('tilt', [-45, 45], '°'),
  {
    name: 'light',
    type: 'categorical',
    role: 'context',
    isGroup: true,
    categories: ['day', 'dusk', 'night'],
    isRequired: true,
  },
]

export const model: Model = {
  id: 'mdl_catdog',
  key: 'cat-dog',
  name: 'Cat or dog',
  description: 'Tells cats from dogs on the frames of the park camera.',
  task: 'binary',
  createdAt: nowAt - 60 * dayMs,
}

const versionOf = (id: string, name: string, ageDays: number, accuracy: number): Version => ({
  id,
  modelId: model.id,
  name,
  artifacts: [
    { name: 'model.onnx', digest: digestOf(ageDays), bytes: 48_213, mediaType: 'application/x-onnx' },
    { name: 'training-log.jsonl', digest: digestOf(ageDays + 100), bytes: 9_120, mediaType: 'application/jsonl' },
  ],
  lineage: {
    sourceRepository: 'https://example.org/park/cat-dog',
    sourceCommit: digestOf(ageDays + 200).slice(0, 40),
    pipelineRun: `retrain-${ageDays}`,
    parameters: { epochs: 40, learningRate: 0.004, hidden: [24, 12], augment: true },
    trainingDatasetDigest: digestOf(1),
    testDatasetDigest: digestOf(2),
    referenceDatasetDigest: digestOf(3),
    metricsAtTraining: { accuracy, f1: accuracy - 0.004 },
  },
  schema: { task: 'binary', classes: ['cat', 'dog'], positiveClass: 'dog', columns },
  referenceDatasetId: 'dat_reference',
  createdAt: nowAt - ageDays * dayMs,
})

export const versions: Version[] = [
  versionOf('ver_140', '1.4.0', 2, 0.948),
  versionOf('ver_130', '1.3.0', 34, 0.952),
  versionOf('ver_120', '1.2.0', 58, 0.931),
]

const deploymentOf = (id: string, key: string, name: string, extra: Partial<Deployment>): Deployment => ({
  id,
  key,
  name,
  modelId: model.id,
  versionId: 'ver_130',
  environment: 'production',
  endpointId: 'con_endpoint',
  deviceId: 'dev_camera',
  labelDelayMs: 6 * hourMs,
  retention: { rawDays: 90, maxSamples: null, profileDays: 1095 },
  history: [
    { versionId: 'ver_120', from: nowAt - 57 * dayMs, reason: 'First release', releaseId: 'rel_1' },
    { versionId: 'ver_130', from: nowAt - 30 * dayMs, reason: 'Release of 1.3.0', releaseId: 'rel_2' },
  ],
  createdAt: nowAt - 57 * dayMs,
  ...extra,
})

export const deployments: Deployment[] = [
  deploymentOf('dep_production', 'cat-dog-production', 'cat-dog', {}),
  deploymentOf('dep_test', 'cat-dog-test', 'cat-dog', {
    environment: 'test',
    versionId: 'ver_140',
    deviceId: null,
    history: [{ versionId: 'ver_140', from: nowAt - 2 * dayMs, reason: 'Candidate', releaseId: null }],
  }),
]

export const datasets: Dataset[] = (['reference', 'training', 'test'] as const).map((role, index) => ({
  id: `dat_${role}`,
  name: `Park ${role} 2026-10`,
  modelId: model.id,
  role,
  digest: digestOf(3 - index),
  sourceDigest: digestOf(40 + index),
  rows: [2400, 9600, 1200][index],
  columns: [
    ...columns.map(({ name, type, isGroup }) => ({
      name,
      type,
      role: isGroup ? ('group' as const) : ('feature' as const),
    })),
    { name: 'prediction', type: 'categorical' as const, role: 'prediction' as const },
    { name: 'label', type: 'categorical' as const, role: 'label' as const },
  ],
  createdAt: nowAt - (50 - index) * dayMs,
}))

export const deploymentTarget: Target = { type: 'deployment', id: 'dep_production' }

export const findingOf = (
  kind: Finding['kind'],
  subject: Subject,
  value: number | null,
  extra: Partial<Finding> = {},
): Finding => ({
  id: `fnd_${kind}-${subject.metric}`,
  monitorId: `mon_${kind}`,
  kind,
  target: deploymentTarget,
  subject,
  at: nowAt - hourMs,
  window: { from: nowAt - 8 * dayMs, to: nowAt - dayMs },
  value,
  unit: '',
  n: 1204,
  interval: null,
  status: 'ok',
  limit: null,
  evidence: null,
  message: `${subject.metric} is ${value}`,
  engine: 'gallery 1.0',
  ...extra,
})

const leading: Finding[] = [
  findingOf('performance', { metric: 'accuracy' }, 0.881, {
    interval: [0.861, 0.898],
    status: 'breach',
    limit: { thresholdSetId: 'thr_1', warning: 0.92, breach: 0.9, direction: 'below' },
  }),
  findingOf('drift', { metric: 'driftedShare' }, 0.5, { n: 6, status: 'breach', interval: [0.19, 0.81] }),
  findingOf('integrity', { metric: 'missingShare' }, 0.0008, { n: 9120, interval: [0.0003, 0.0018] }),
]

const activityOf = (seed: number, peak: number) => {
  const random = generator(seed)
  return Array.from({ length: 24 }, (_, hour) =>
    Math.round(peak * (0.3 + 0.7 * Math.max(0, Math.sin((hour / 24) * Math.PI))) * (0.8 + 0.4 * random())),
  )
}

export const rowOf = (name: string, headline: Headline, extra: Partial<HealthRow> = {}): HealthRow => ({
  target: deploymentTarget,
  key: name,
  name,
  environment: 'production',
  modelId: model.id,
  modelName: model.name,
  versionName: '1.3.0',
  isCertified: true,
  headline,
  leading,
  samplesLastDay: 1312,
  lastSeenAt: nowAt - 40_000,
  openAlerts: 2,
  activity: activityOf(3, 90),
  ...extra,
})

export const health: HealthRow[] = [
  rowOf('cat-dog', {
    status: 'breach',
    text: 'cat-dog in production is past its limit on accuracy since 14:20 UTC and has drifted, after a knock on camera-1; accuracy 0.881 (0.861 to 0.898), limit 0.90',
  }),
  rowOf(
    'cat-dog',
    { status: 'ok', text: 'cat-dog in test is as it should be; accuracy 0.948 (0.935 to 0.959), limit 0.90' },
    {
      target: { type: 'deployment', id: 'dep_test' },
      key: 'cat-dog-test',
      environment: 'test',
      versionName: '1.4.0',
      isCertified: false,
      openAlerts: 0,
      lastSeenAt: nowAt - 5 * hourMs,
      leading: [findingOf('performance', { metric: 'accuracy' }, 0.948, { interval: [0.935, 0.959] })],
      activity: activityOf(9, 12),
    },
  ),
]

const deviceRow = (id: string, name: string, headline: Headline, extra: Partial<HealthRow> = {}) =>
  rowOf(name, headline, {
    target: { type: 'device', id },
    environment: null,
    modelId: null,
    modelName: null,
    versionName: null,
    isCertified: false,
    leading: [
      findingOf('device', { metric: 'shifts', channel: 'accelerometer.x' }, 1, {
        unit: 'count',
        n: 8640,
        status: 'breach',
        interval: null,
      }),
    ],
    openAlerts: 1,
    ...extra,
  })

export const devices: HealthRow[] = [
  deviceRow('dev_camera', 'camera-1', {
    status: 'breach',
    text: 'camera-1 has a fault since 14:20 UTC: accelerometer.x changed from 0.08 to −1.71 m/s² and stayed there',
  }),
  deviceRow(
    'dev_gate',
    'gate sensor',
    { status: 'ok', text: 'gate sensor is healthy: 4 channels as they should be' },
    { openAlerts: 0, leading: [], lastSeenAt: nowAt - 12_000 },
  ),
]

export const overview: OutputOf<'overview.get'> = {
  headline: {
    status: 'breach',
    text: 'cat-dog and camera-1 are past a limit. Cat-dog in production is past its limit on accuracy since 14:20 UTC and has drifted, after a knock on camera-1; accuracy 0.881 (0.861 to 0.898), limit 0.90; 3 open alerts (2 critical)',
  },
  deployments: health,
  devices,
  deviceCount: devices.length,
  connections: [
    connectionState('con_broker', 'connected', null),
    connectionState('con_endpoint', 'connected', null),
    connectionState('con_webhook', 'failed', 'The webhook answered 404: check the path of its URL'),
  ],
  openAlerts: { critical: 2, warning: 1 },
  releasesInProgress: 1,
  storedSamples: 41_230,
  now: nowAt,
}

function connectionState(
  connectionId: string,
  phase: OutputOf<'overview.get'>['connections'][number]['phase'],
  problem: string | null,
): OutputOf<'overview.get'>['connections'][number] {
  return {
    connectionId,
    phase,
    problem,
    since: nowAt - dayMs,
    counters: { received: 41_233, stored: 41_230, repeated: 2, refused: 1, lastAt: nowAt - 40_000, lagMs: 120 },
    probe: null,
  }
}
