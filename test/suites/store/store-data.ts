import type { AuditDraft } from '../../../src/contract/audit.ts'
import type { IncomingSample, IntakeBatch } from '../../../src/contract/intake.ts'
import type { Binning } from '../../../src/contract/profile.ts'
import type { RecordKind, RecordOf } from '../../../src/contract/records.ts'
import type { Label, Sample } from '../../../src/contract/sample.ts'

/** Data of the store suite. */
export const hourMs = 3_600_000
export const start = Date.UTC(2026, 0, 1)
export const everything = { from: 0, to: Date.UTC(2100, 0, 1) }

/** Small deterministic generator for tests. */
export function makeRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

export const draft = (over: Partial<AuditDraft> = {}): AuditDraft => ({
  at: start,
  actor: { id: 'usr_1', name: 'Ada', roles: ['operator'] },
  action: 'models.add',
  subject: null,
  reason: null,
  details: { note: 'é', nested: { b: 1, a: [1, 2.5] } },
  ...over,
})

/** One put of a commit, without its revision. */
type Draft<K extends RecordKind> = { readonly kind: K; readonly record: RecordOf<K> }

export const model = (id: string, key = id.replace('_', '-')): Draft<'model'> => ({
  kind: 'model',
  record: { id, key, name: `Model ${id}`, description: '', task: 'binary', createdAt: start },
})

export const version = (id: string, modelId: string, name: string): Draft<'version'> => ({
  kind: 'version',
  record: {
    id,
    modelId,
    name,
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
    schema: {
      task: 'binary',
      classes: ['cat', 'dog'],
      positiveClass: 'dog',
      columns: [
        { name: 'x', type: 'numeric', role: 'input', isGroup: false, isRequired: true },
        { name: 'site', type: 'categorical', role: 'context', isGroup: true, isRequired: false },
      ],
    },
    referenceDatasetId: null,
    createdAt: start,
  },
})

export const deployment = (
  id: string,
  retention: { rawDays: number; maxSamples: number | null; profileDays: number },
): Draft<'deployment'> => ({
  kind: 'deployment',
  record: {
    id,
    key: id.replace('_', '-'),
    name: id,
    modelId: 'mdl_1',
    versionId: 'ver_1',
    environment: 'production',
    endpointId: null,
    deviceId: null,
    labelDelayMs: 0,
    retention,
    history: [],
    createdAt: start,
  },
})

export const binning: Binning = {
  versionId: 'ver_1',
  numeric: { x: { shift: 1, edges: [0.5, 1, 2] } },
  categorical: { site: ['north', 'south'], prediction: ['cat', 'dog'] },
  ranges: { x: [0, 3] },
  groups: ['site'],
  omitted: [],
}

export const sample = (index: number, over: Partial<Sample> = {}): Sample => ({
  id: `s-${String(index).padStart(6, '0')}`,
  deploymentId: 'dep_1',
  versionId: 'ver_1',
  at: start + index * 1000,
  arrivedAt: start + index * 1000 + 5,
  inputs: { x: (index % 17) / 4, site: ['north', 'south', null][index % 3] ?? null, isNight: index % 2 === 0 },
  prediction: index % 3 === 0 ? 'cat' : 'dog',
  scores: index % 5 === 0 ? null : { cat: 0.25, dog: 0.75 },
  latencyMs: index % 7 === 0 ? null : index % 40,
  deviceId: index % 4 === 0 ? null : 'dev_1',
  seq: index,
  ...over,
})

export const label = (index: number, outcome: string, over: Partial<Label> = {}): Label => ({
  sampleId: sample(index).id,
  deploymentId: 'dep_1',
  label: outcome,
  at: start + 10 * hourMs,
  source: 'ingest',
  ...over,
})

export const incoming = (from: number, to: number): IncomingSample[] =>
  Array.from({ length: to - from }, (_, offset) => ({ sample: sample(from + offset), label: null }))

export const batch = (over: Partial<IntakeBatch>): IntakeBatch => ({
  samples: [],
  labels: [],
  telemetry: [],
  deadLetters: [],
  counters: [],
  ...over,
})
