import { z } from 'zod'
import { instant, recordId, sha256, title } from './primitives.ts'
import { qualificationStamp } from './qualification.ts'

/** Quota of files that come with samples where the settings name none: 2 GiB. */
export const defaultBlobQuota = 2 * 2 ** 30

/** Settings of the workspace: one record, id `set_workspace`. */
export const workspaceSettings = z.strictObject({
  id: recordId('set'),
  name: title,
  isDemo: z.boolean(),
  /** Origin line of audit checkpoints, unique to this workspace. */
  logOrigin: z.string().min(1),
  defaults: z.strictObject({
    confidence: z.number().min(0.5).max(0.999),
    alpha: z.number().min(0.0001).max(0.5),
    minimumGroupSize: z.int().min(1),
    minimumN: z.int().min(1),
  }),
  notifications: z.strictObject({ desktop: z.boolean(), webhookIds: z.array(recordId('con')) }),
  /** Samples whose event time lies further ahead or behind are refused. */
  timeBounds: z.strictObject({
    /** What lies further ahead is held apart until it does not, … */
    maxFutureMs: z.int(),
    maxPastMs: z.int(),
    /** … and released by itself if it came at most so far ahead (24 h unless said otherwise); else a person decides. */
    releaseWithinMs: z.int().min(0).optional(),
  }),
  /** Days for which what is no evidence is kept; each has a default until somebody sets it. */
  retention: z
    .strictObject({
      findingDays: z.int().min(30).max(36_500),
      reportDays: z.int().min(30).max(36_500),
      telemetryDays: z.int().min(30).max(36_500),
    })
    .optional(),
  /** How much the files may take that come with samples: pictures, recordings, texts, embeddings. */
  blobs: z.strictObject({ quotaBytes: z.int().min(1_048_576) }).optional(),
  createdAt: instant,
  /** How the engine did when it last examined itself here; the digest names the file with every case. */
  qualification: qualificationStamp.extend({ digest: sha256 }).optional(),
})
export type WorkspaceSettings = z.infer<typeof workspaceSettings>
export type Retention = NonNullable<WorkspaceSettings['retention']>

/** What is kept for how long where nobody said otherwise: numbers as long as profiles, their details for a year and a season. */
export const defaultRetention: Retention = { findingDays: 1095, reportDays: 455, telemetryDays: 365 }

/** Long work with progress that can be cancelled. */
export const job = z.strictObject({
  id: recordId('job'),
  kind: z.string(),
  title,
  state: z.enum(['queued', 'running', 'succeeded', 'failed', 'cancelled']),
  /** 0 to 1, null when unknown. */
  progress: z.number().min(0).max(1).nullable(),
  message: z.string(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  problem: z.string().nullable(),
  /** What came of it, e.g. the id of a report or dataset. */
  result: z.string().nullable(),
})
export type Job = z.infer<typeof job>
