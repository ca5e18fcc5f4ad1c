import { z } from 'zod'
import { blobKind, blobOptions, derivation } from './blob.ts'
import { instant, json, key, prose, recordId, sha256, title } from './primitives.ts'

export const modelId = recordId('mdl')
export const versionId = recordId('ver')
export const datasetId = recordId('dat')
export const deploymentId = recordId('dep')

export const task = z.enum(['binary', 'multiclass', 'regression'])
export type Task = z.infer<typeof task>

/** What a column holds: numbers, categories, or blobs of one kind. */
export const columnType = z.enum(['numeric', 'categorical', ...blobKind.options])
export type ColumnType = z.infer<typeof columnType>

/**
 * One declared column of a version's samples. `input` goes to the model on the wire; `descriptor` is derived from
 * an input (brightness of a frame); `context` is known about the sample but not seen by the model. A column of pictures, texts,
 * recordings or embeddings holds the digest of a stored file, or a reference to one that was not sent.
 */
export const columnSpec = z.strictObject({
  name: z.string().min(1).max(100),
  type: columnType,
  role: z.enum(['input', 'descriptor', 'context']),
  /** Fairness and errors are reported by the values of this column. */
  isGroup: z.boolean().default(false),
  unit: z.string().max(20).optional(),
  /** Declared plausible range; values outside are integrity faults and outside the operating envelope. */
  range: z.tuple([z.number(), z.number()]).optional(),
  categories: z.array(z.string().max(200)).max(10_000).optional(),
  isRequired: z.boolean().default(true),
  /** Of a column of blobs. */
  blob: blobOptions.optional(),
  /** Of a column that the intake fills from a blob. */
  derived: derivation.optional(),
})
export type ColumnSpec = z.infer<typeof columnSpec>

/** Lists that a model ranks: the prediction is the score that ranks, the label how relevant a sample is (0 or more). */
export const rankingSpec = z.strictObject({
  /** Column that names the list, or query, that a sample was ranked in. */
  queryColumn: z.string().min(1).max(100),
  /** First places that are looked at; the first of these leads. */
  k: z.array(z.int().min(1).max(1000)).min(1).max(5).default([10]),
})
export type RankingSpec = z.infer<typeof rankingSpec>

/** Declared schema of a version. `classes` are in the order of the model's outputs; empty for regression. */
export const schemaSpec = z.strictObject({
  task,
  classes: z.array(z.string().min(1).max(100)).max(1000),
  /** Binary tasks: the class whose precision and recall are reported. */
  positiveClass: z.string().nullable(),
  columns: z.array(columnSpec).min(1).max(2000),
  /** Only of a regression whose numbers rank lists. */
  ranking: rankingSpec.optional(),
})
export type SchemaSpec = z.infer<typeof schemaSpec>

export const model = z.strictObject({
  id: modelId,
  key,
  name: title,
  description: prose,
  task,
  createdAt: instant,
})
export type Model = z.infer<typeof model>

export const artifact = z.strictObject({
  name: z.string().min(1).max(200),
  digest: sha256,
  bytes: z.int().min(0),
  mediaType: z.string().max(100),
})

/** Where a version came from. Null means that the source did not say. */
export const lineage = z.strictObject({
  sourceRepository: z.string().max(500).nullable(),
  sourceCommit: z.string().max(100).nullable(),
  pipelineRun: z.string().max(500).nullable(),
  parameters: z.record(z.string(), json),
  trainingDatasetDigest: sha256.nullable(),
  testDatasetDigest: sha256.nullable(),
  referenceDatasetDigest: sha256.nullable(),
  metricsAtTraining: z.record(z.string(), z.number()),
})
export type Lineage = z.infer<typeof lineage>

export const version = z.strictObject({
  id: versionId,
  modelId,
  /** Human name of the build, unique within the model: `1.4.0`, `2026-11-21.1`. */
  name: key,
  artifacts: z.array(artifact),
  lineage,
  schema: schemaSpec,
  /** Dataset that drift and bias are measured against by default. */
  referenceDatasetId: datasetId.nullable(),
  createdAt: instant,
})
export type Version = z.infer<typeof version>

export const columnRole = z.enum([
  'feature',
  'prediction',
  'score',
  'label',
  'time',
  'id',
  'group',
  'latency',
  'ignore',
])
export type ColumnRole = z.infer<typeof columnRole>

/** How one column of an imported file is read. `className` names the class a score column belongs to. */
export const columnMapping = z.strictObject({
  name: z.string().min(1).max(200),
  role: columnRole,
  type: columnType,
  className: z.string().max(100).optional(),
})
export type ColumnMapping = z.infer<typeof columnMapping>

/** Immutable, content-hashed table. `digest` is that of the stored blob, `sourceDigest` that of the file it came from. */
export const dataset = z.strictObject({
  id: datasetId,
  name: title,
  modelId,
  role: z.enum(['training', 'test', 'reference', 'snapshot']),
  digest: sha256,
  sourceDigest: sha256.nullable(),
  rows: z.int().min(0),
  columns: z.array(columnMapping),
  createdAt: instant,
})
export type Dataset = z.infer<typeof dataset>

export const environment = z.enum(['test', 'production'])

/** One version served at one endpoint in one environment. `history` tells what ran when. */
export const deployment = z.strictObject({
  id: deploymentId,
  key,
  name: title,
  modelId,
  versionId,
  environment,
  /** Connection of kind `endpoint` through which it answers, if any. */
  endpointId: recordId('con').nullable(),
  /** Device that it runs on or that feeds it, if any. */
  deviceId: recordId('dev').nullable(),
  /** How long after a sample its label may be expected; younger unlabelled samples are not yet missing. */
  labelDelayMs: z.int().min(0),
  retention: z.strictObject({
    rawDays: z.int().min(1).max(3650),
    maxSamples: z.int().min(1000).nullable(),
    profileDays: z.int().min(30).max(36_500),
  }),
  history: z.array(
    z.strictObject({ versionId, from: instant, reason: z.string(), releaseId: recordId('rel').nullable() }),
  ),
  createdAt: instant,
})
export type Deployment = z.infer<typeof deployment>
