import { z } from 'zod'
import { incidentVerdict } from '../incident-verdict.ts'
import { labelBias, labelBiasParameters } from '../label-bias.ts'
import {
  columnMapping,
  dataset,
  datasetId,
  deployment,
  deploymentId,
  model,
  modelId,
  version,
  versionId,
} from '../model.ts'
import { estimate, instant, pageOf, pageRequest, recordId, sha256, windowSchema } from '../primitives.ts'
import { revisioned } from '../records.ts'
import { command, everyone, query } from '../rpc.ts'
import { labelledSample, outcome, sampleKey } from '../sample.ts'
import { healthRow } from './workspace.ts'

const operators = ['operator', 'qa-expert', 'administrator'] as const

/** A row of a file that could not be read; the rest of the file is kept. */
const rowError = z.strictObject({ row: z.int(), column: z.string().nullable(), message: z.string() })

export const modelsApi = {
  'models.list': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.array(z.strictObject({ model, versions: z.int(), deployments: z.array(healthRow) })),
  }),
  'models.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: modelId }),
    output: z.strictObject({
      model: revisioned(model),
      versions: z.array(revisioned(version)),
      deployments: z.array(revisioned(deployment)),
      health: z.array(healthRow),
      datasets: z.array(revisioned(dataset)),
      certifiedVersionIds: z.array(versionId),
    }),
  }),
  'models.create': command({
    roles: [...operators],
    input: model.pick({ key: true, name: true, description: true, task: true }),
    output: revisioned(model),
  }),
  'versions.register': command({
    roles: [...operators],
    input: z.strictObject({
      ...version.pick({ modelId: true, name: true, lineage: true, schema: true, referenceDatasetId: true }).shape,
      /** Staged files by digest. An ONNX file is opened once to see that it is one. */
      artifacts: z.array(z.strictObject({ name: z.string().min(1).max(200), digest: sha256, mediaType: z.string() })),
    }),
    output: revisioned(version),
  }),
  'versions.setReference': command({
    roles: [...operators],
    input: z.strictObject({ id: versionId, revision: z.int(), referenceDatasetId: datasetId }),
    output: revisioned(version),
  }),
  'deployments.create': command({
    roles: [...operators],
    input: deployment.pick({
      key: true,
      name: true,
      modelId: true,
      versionId: true,
      environment: true,
      endpointId: true,
      deviceId: true,
      labelDelayMs: true,
      retention: true,
    }),
    output: revisioned(deployment),
  }),
  'deployments.update': command({
    roles: [...operators],
    input: z.strictObject({
      id: deploymentId,
      revision: z.int(),
      changes: deployment
        .pick({ name: true, endpointId: true, deviceId: true, labelDelayMs: true, retention: true })
        .partial(),
    }),
    output: revisioned(deployment),
  }),
  /** Records that another version runs now (a switch made elsewhere), with the reason. */
  'deployments.recordVersion': command({
    roles: [...operators],
    input: z.strictObject({ id: deploymentId, revision: z.int(), versionId, reason: z.string().min(3) }),
    output: revisioned(deployment),
  }),

  'imports.preview': query({
    roles: [...operators],
    input: z.strictObject({ digest: sha256, fileName: z.string().max(300), modelId: modelId.nullable() }),
    output: z.strictObject({
      format: z.enum(['csv', 'jsonl', 'parquet']),
      columns: z.array(columnMapping),
      rows: z.array(z.array(z.string().nullable())),
      rowCount: z.int(),
      errors: z.array(rowError),
      errorCount: z.int(),
    }),
  }),
  'imports.dataset': command({
    roles: [...operators],
    input: z.strictObject({
      digest: sha256,
      fileName: z.string(),
      modelId,
      name: dataset.shape.name,
      role: dataset.shape.role,
      columns: z.array(columnMapping),
    }),
    output: z.strictObject({ jobId: recordId('job') }),
  }),
  'imports.samples': command({
    roles: [...operators],
    input: z.strictObject({
      digest: sha256,
      fileName: z.string(),
      deploymentId,
      columns: z.array(columnMapping),
      what: z.enum(['samples', 'labels']),
    }),
    output: z.strictObject({ jobId: recordId('job') }),
  }),
  'datasets.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: datasetId }),
    output: revisioned(dataset),
  }),
  /** What the labels of a dataset prefer, before anything is trained on them; classes are those of the version's schema. */
  'datasets.labelBias': query({
    roles: [...everyone],
    input: z.strictObject({ datasetId, versionId, parameters: labelBiasParameters.prefault({}) }),
    output: labelBias,
  }),

  'samples.list': query({
    roles: [...everyone],
    input: z.strictObject({
      deploymentId,
      window: windowSchema,
      ...pageRequest.shape,
      filter: z
        .strictObject({
          prediction: z.string().optional(),
          label: z.string().optional(),
          isLabelled: z.boolean().optional(),
          isError: z.boolean().optional(),
          column: z.strictObject({ name: z.string(), value: z.string() }).optional(),
        })
        .default({}),
    }),
    output: pageOf(labelledSample),
  }),
  'samples.get': query({
    roles: [...everyone],
    input: z.strictObject({ deploymentId, id: sampleKey }),
    output: z.strictObject({ sample: labelledSample, versionName: z.string() }),
  }),

  /** Samples worth a person's look: least certain, drifted inputs, random for an honest estimate. */
  'review.queue': query({
    roles: [...everyone],
    input: z.strictObject({
      deploymentId,
      limit: z.int().min(1).max(200).default(50),
      strategy: z.enum(['uncertain', 'unusual', 'random', 'newest']).default('uncertain'),
    }),
    output: z.array(z.strictObject({ sample: labelledSample, reason: z.string() })),
  }),
  'review.label': command({
    roles: ['operator', 'product-owner', 'qa-expert', 'administrator'],
    input: z.strictObject({
      deploymentId,
      labels: z
        .array(z.strictObject({ id: sampleKey, label: outcome }))
        .min(1)
        .max(200),
    }),
    output: z.strictObject({ applied: z.int(), unchanged: z.int() }),
  }),

  /** Numbers over time from the stored profiles: exact counts with intervals. */
  'performance.series': query({
    roles: [...everyone],
    input: z.strictObject({
      deploymentId,
      window: windowSchema,
      bucketMs: z.int().min(3_600_000),
      metrics: z.array(z.string()).min(1).max(10),
    }),
    output: z.strictObject({
      buckets: z.array(
        z.strictObject({
          from: instant,
          n: z.int(),
          labelled: z.int(),
          metrics: z.record(z.string(), estimate),
          predictedShares: z.record(z.string(), z.number()),
          /** Predictions of classes that profiles have no room for: by so many of `n` the shares may be too small. */
          predictedOmitted: z.int().optional(),
        }),
      ),
    }),
  }),
  /** Everything that shares the time axis of a deployment: actions, version changes, alerts, device shifts. */
  'timeline.get': query({
    roles: [...everyone],
    input: z.strictObject({ deploymentId, window: windowSchema }),
    output: z.strictObject({
      marks: z.array(
        z.strictObject({
          at: instant,
          kind: z.enum(['version', 'action', 'alert', 'device', 'label']),
          title: z.string(),
          path: z.string().nullable(),
        }),
      ),
      spans: z.array(
        z.strictObject({
          from: instant,
          to: instant,
          kind: z.enum(['breach', 'gap', 'stuck', 'fault']),
          title: z.string(),
        }),
      ),
      /** What it most likely was; null where there is nothing to explain. */
      verdict: incidentVerdict.nullable().optional(),
    }),
  }),
} as const
