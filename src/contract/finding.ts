import { z } from 'zod'
import { connectionId } from './connection.ts'
import { deviceId } from './device.ts'
import { datasetId, deploymentId } from './model.ts'
import { instant, interval, json, reason, recordId, status, title, windowSchema } from './primitives.ts'

export const monitorId = recordId('mon')
export const findingId = recordId('fnd')
export const thresholdSetId = recordId('thr')

/** The questions. `bias` is class-prediction bias against the reference; `device` is device health. */
export const monitorKind = z.enum([
  'integrity',
  'drift',
  'performance',
  'bias',
  'fairness',
  'errors',
  'explanation',
  'device',
  'endpoint',
])
export type MonitorKind = z.infer<typeof monitorKind>

export const target = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('deployment'), id: deploymentId }),
  z.strictObject({ type: z.literal('device'), id: deviceId }),
  z.strictObject({ type: z.literal('connection'), id: connectionId }),
])
export type Target = z.infer<typeof target>

/** What the window is compared with. `default` is the reference dataset of the version that runs. */
export const reference = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('default') }),
  z.strictObject({ kind: z.literal('dataset'), datasetId }),
  z.strictObject({ kind: z.literal('window'), window: windowSchema }),
  z.strictObject({ kind: z.literal('previous'), lengthMs: z.int().min(3_600_000) }),
])
export type Reference = z.infer<typeof reference>

export const monitor = z.strictObject({
  id: monitorId,
  name: title,
  kind: monitorKind,
  target,
  /** Five-field cron, UTC; null: on demand and on new data only. */
  schedule: z.string().max(100).nullable(),
  /** Also asked (at most once a minute) when this many new samples or points have come since the last answer. */
  everyNewItems: z.int().min(1).nullable(),
  /** Length of the window, ending `delayMs` before now. */
  windowMs: z.int().min(60_000),
  delayMs: z.int().min(0),
  reference,
  /** Parameters of the analysis, checked against `analysis/parameters` of the kind. */
  parameters: z.record(z.string(), json),
  isEnabled: z.boolean(),
  createdAt: instant,
})
export type Monitor = z.infer<typeof monitor>

/** Which number a finding is: metric, and where it applies column, group, channel or class. */
export const subject = z.strictObject({
  metric: z.string().min(1).max(60),
  column: z.string().max(100).optional(),
  channel: z.string().max(100).optional(),
  group: z.string().max(300).optional(),
  className: z.string().max(100).optional(),
})
export type Subject = z.infer<typeof subject>

/** A limit on one number. Undefined selectors match any. `unit` of value as in the finding. */
export const limit = z.strictObject({
  kind: monitorKind,
  subject: subject.partial(),
  direction: z.enum(['above', 'below', 'outside']),
  /** For `outside`: [low, high] in `range`; otherwise `warning` and `breach` are the levels. */
  warning: z.number().nullable(),
  breach: z.number(),
  upperBreach: z.number().nullable().default(null),
  /** Raises an alert when at least `k` of the last `of` findings breach. */
  persistence: z.strictObject({ k: z.int().min(1).max(50), of: z.int().min(1).max(50) }),
  severity: z.enum(['warning', 'critical']),
})
export type Limit = z.infer<typeof limit>

export const finding = z.strictObject({
  id: findingId,
  monitorId: monitorId.nullable(),
  kind: monitorKind,
  target,
  subject,
  /** When it was computed; `window` says of what. */
  at: instant,
  window: windowSchema,
  value: z.number().nullable(),
  unit: z.string().max(20),
  n: z.int().min(0),
  interval: interval.nullable(),
  status,
  limit: z
    .strictObject({
      thresholdSetId: thresholdSetId.nullable(),
      warning: z.number().nullable(),
      breach: z.number(),
      direction: limit.shape.direction,
    })
    .nullable(),
  /** The test behind a verdict, where there is one. */
  evidence: z
    .strictObject({
      test: z.string(),
      statistic: z.number().nullable(),
      pValue: z.number().nullable(),
      /** After Benjamini–Hochberg across what was tested together. */
      adjustedPValue: z.number().nullable(),
      isExact: z.boolean(),
    })
    .nullable(),
  /** One sentence for a person, with number, n and unit. */
  message: z.string(),
  /** Version of the analysis engine. */
  engine: z.string(),
})
export type Finding = z.infer<typeof finding>

/** A finding as analyses give it: without identity, monitor and limit, which the service adds. */
export const draftFinding = finding.omit({ id: true, monitorId: true, at: true, limit: true })
export type DraftFinding = z.infer<typeof draftFinding>

/**
 * Answer of one analysis: findings for decisions, `detail` for pages and exports (shape by kind, see report.ts).
 * Same samples and parameters give the same report, bit for bit.
 */
export const thresholdSet = z.strictObject({
  id: thresholdSetId,
  target,
  /** Rises by one with each change for the same target. */
  version: z.int().min(1),
  limits: z.array(limit).max(500),
  authorId: recordId('usr'),
  reason,
  /** What the limits would have raised, as shown when they were accepted. */
  backTest: z.lazy(() => backTest),
  isActive: z.boolean(),
  createdAt: instant,
})
export type ThresholdSet = z.infer<typeof thresholdSet>

export const backTest = z.strictObject({
  window: windowSchema,
  findings: z.int(),
  weeks: z.array(z.strictObject({ from: instant, alerts: z.int(), current: z.int() })),
  /** Alerts of the present limits that the new ones would not have raised, and the other way round. */
  silenced: z.int(),
  added: z.int(),
  note: z.string(),
})
export type BackTest = z.infer<typeof backTest>
