import { z } from 'zod'
import { connectionState } from '../connection.ts'
import { finding } from '../finding.ts'
import { headline, instant, pageOf, pageRequest, sha256 } from '../primitives.ts'
import { qualification } from '../qualification.ts'
import { revisioned } from '../records.ts'
import { command, event, everyone, query, upload } from '../rpc.ts'
import { role, user, userId } from '../user.ts'
import { job, workspaceSettings } from '../workspace.ts'

/** How one deployment or device is doing, for lists and the overview. */
export const healthRow = z.strictObject({
  target: finding.shape.target,
  key: z.string(),
  name: z.string(),
  environment: z.enum(['test', 'production']).nullable(),
  modelId: z.string().nullable(),
  modelName: z.string().nullable(),
  versionName: z.string().nullable(),
  isCertified: z.boolean(),
  headline,
  /** Newest finding of each kind's leading number (accuracy, share drifted, missing share …). */
  leading: z.array(finding),
  samplesLastDay: z.int(),
  lastSeenAt: instant.nullable(),
  openAlerts: z.int(),
  /** Hourly counts of the last 24 hours, oldest first. */
  activity: z.array(z.int()),
})
export type HealthRow = z.infer<typeof healthRow>

export const workspaceApi = {
  'overview.get': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.strictObject({
      headline,
      deployments: z.array(healthRow),
      /** Those that need a look first, at most twelve; `devices.list` has the others. */
      devices: z.array(healthRow),
      deviceCount: z.int(),
      connections: z.array(connectionState),
      openAlerts: z.strictObject({ critical: z.int(), warning: z.int() }),
      releasesInProgress: z.int(),
      storedSamples: z.int(),
      now: instant,
    }),
  }),
  'settings.get': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.strictObject({
      settings: revisioned(workspaceSettings),
      engine: z.string(),
      workspacePath: z.string(),
      databaseBytes: z.int(),
      /** Files that came with samples, and how many of those were removed or never kept for want of room. */
      blobs: z.strictObject({ files: z.int(), bytes: z.int(), reviewedBytes: z.int(), removed: z.int() }),
    }),
  }),
  'settings.update': command({
    roles: ['administrator'],
    input: z.strictObject({
      revision: z.int(),
      changes: workspaceSettings
        .pick({ name: true, defaults: true, notifications: true, timeBounds: true, retention: true, blobs: true })
        .partial(),
    }),
    output: revisioned(workspaceSettings),
  }),
  /** Whether the installed engine has proved itself on this machine: the newest examination with every case. */
  'qualification.get': query({
    roles: [...everyone],
    input: z.strictObject({}),
    output: z.strictObject({ engine: z.string(), headline, result: qualification.nullable() }),
  }),
  /** Examines the engine as a job, whose result is the digest of the file with every case. */
  'qualification.run': command({
    roles: ['qa-expert', 'administrator'],
    input: z.strictObject({}),
    output: z.strictObject({ jobId: job.shape.id }),
  }),
  'users.list': query({ roles: [...everyone], input: z.strictObject({}), output: z.array(revisioned(user)) }),
  'users.create': command({
    roles: ['administrator'],
    input: z.strictObject({
      login: user.shape.login,
      name: user.shape.name,
      roles: z.array(role).min(1),
      password: z.string().min(10).max(200),
    }),
    output: revisioned(user),
  }),
  'users.update': command({
    roles: ['administrator'],
    input: z.strictObject({
      id: userId,
      revision: z.int(),
      name: user.shape.name.optional(),
      roles: z.array(role).min(1).optional(),
      isDisabled: z.boolean().optional(),
    }),
    output: revisioned(user),
  }),
  'jobs.list': query({ roles: [...everyone], input: z.strictObject({}), output: z.array(job) }),
  'jobs.cancel': command({
    roles: ['operator', 'product-owner', 'qa-expert', 'administrator'],
    input: z.strictObject({ id: job.shape.id }),
    output: job,
  }),
  'files.stage': upload({
    roles: ['operator', 'product-owner', 'qa-expert', 'administrator'],
    /** Chunks of at most 1 MiB in order; the last one is answered with the digest. */
    input: z.strictObject({
      uploadId: z.string().min(8).max(64),
      offset: z.int().min(0),
      base64: z.base64().max(1_500_000),
      isLast: z.boolean(),
    }),
    output: z.strictObject({ receivedBytes: z.int(), digest: sha256.nullable() }),
  }),
  'files.read': query({
    roles: [...everyone],
    input: z.strictObject({ digest: sha256, offset: z.int().min(0).default(0) }),
    output: z.strictObject({ base64: z.string(), totalBytes: z.int(), mediaType: z.string() }),
  }),
  'job.updated': event({ roles: [...everyone], payload: job }),
  /** Records of these kinds changed: pages ask again. Coalesced to at most two a second. */
  'records.changed': event({ roles: [...everyone], payload: z.strictObject({ kinds: z.array(z.string()) }) }),
  /** New samples, telemetry, findings or reports for these targets; coalesced. */
  'data.changed': event({
    roles: [...everyone],
    payload: z.strictObject({
      targets: z.array(z.string()),
      what: z.array(z.enum(['samples', 'labels', 'telemetry', 'findings', 'connections'])),
    }),
  }),
  'notification.raised': event({
    roles: [...everyone],
    payload: z.strictObject({ title: z.string(), body: z.string(), path: z.string() }),
  }),
} as const
export { pageOf, pageRequest }
