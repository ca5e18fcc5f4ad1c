import { z } from 'zod'
import { connectionId } from './connection.ts'
import { finding, findingId, monitorKind, subject, target } from './finding.ts'
import { instant, json, prose, reason, recordId, title } from './primitives.ts'

export const alertId = recordId('alt')
export const actionId = recordId('act')
const userId = recordId('usr')

export const alert = z.strictObject({
  id: alertId,
  /** open → acknowledged → resolved; muted returns to open when `mutedUntil` passes and it still breaches. */
  state: z.enum(['open', 'acknowledged', 'muted', 'resolved']),
  severity: z.enum(['warning', 'critical']),
  kind: monitorKind,
  target,
  subject,
  /** One open alert per number: hash-free key of kind, target and subject. */
  dedupeKey: z.string(),
  title,
  /** Sentence of the newest finding. */
  message: z.string(),
  firstFindingId: findingId,
  lastFindingId: findingId,
  /** Findings that breached so far. */
  occurrences: z.int().min(1),
  /** Event time at which the breach began. */
  beganAt: instant,
  openedAt: instant,
  updatedAt: instant,
  mutedUntil: instant.nullable(),
  assigneeId: userId.nullable(),
  /** Other alerts of the same incident: a stuck sensor and the fall in accuracy it explains. */
  linkedAlertIds: z.array(alertId),
  linkReason: z.string().nullable(),
  comments: z.array(z.strictObject({ at: instant, userId, text: prose })),
  actionIds: z.array(actionId),
  resolution: z
    .strictObject({
      at: instant,
      userId: userId.nullable(),
      how: z.enum(['recovered', 'accepted', 'acted', 'false-alarm']),
      reason,
    })
    .nullable(),
})
export type Alert = z.infer<typeof alert>

export const actionKind = z.enum(['notify', 'retrain', 'switch', 'roll-back', 'release'])

export const action = z.strictObject({
  id: actionId,
  kind: actionKind,
  alertId: alertId.nullable(),
  releaseId: recordId('rel').nullable(),
  deploymentId: recordId('dep').nullable(),
  connectionId: connectionId.nullable(),
  /** `requested` is stored before the call leaves, so that a crash cannot hide it. */
  state: z.enum(['requested', 'running', 'succeeded', 'failed', 'unknown']),
  requestedBy: userId.nullable(),
  reason: z.string(),
  requestedAt: instant,
  finishedAt: instant.nullable(),
  /** Sent along with the call, so that a repeat can be recognised. */
  correlationId: z.string(),
  variables: z.record(z.string(), z.string()),
  /** Captured output or exchange, secrets left out, at most 64 KiB. */
  log: z.string(),
  result: json.nullable(),
  problem: z.string().nullable(),
  /** Did the number recover? Filled by the first judged finding of the same subject after the action. */
  recovery: z
    .strictObject({
      subject,
      before: z.number().nullable(),
      after: z.number().nullable(),
      verdict: z.enum(['pending', 'recovered', 'not-recovered']),
      findingId: findingId.nullable(),
      checkedAt: instant.nullable(),
    })
    .nullable(),
})
export type Action = z.infer<typeof action>

export const alertWithFindings = z.strictObject({ alert, findings: z.array(finding), actions: z.array(action) })
