import { z } from 'zod'
import { action, alert, alertId, alertWithFindings } from '../alert.ts'
import { connectionId } from '../connection.ts'
import { device, deviceId } from '../device.ts'
import {
  backTest,
  finding,
  limit,
  monitor,
  monitorId,
  monitorKind,
  reference,
  subject,
  target,
  thresholdSet,
} from '../finding.ts'
import { deviceName, devicePageRequest, deviceRow, fleet } from '../fleet.ts'
import { instant, json, pageOf, pageRequest, prose, reason, recordId, windowSchema } from '../primitives.ts'
import { revisioned } from '../records.ts'
import { storedReport } from '../report.ts'
import { command, everyone, query } from '../rpc.ts'
import { userId } from '../user.ts'

const deciders = ['operator', 'product-owner', 'qa-expert', 'administrator'] as const

export const monitoringApi = {
  'reports.latest': query({
    roles: [...everyone],
    input: z.strictObject({ kind: monitorKind, target }),
    output: storedReport.nullable(),
  }),
  'reports.get': query({ roles: [...everyone], input: z.strictObject({ id: z.string() }), output: storedReport }),
  /** Asks a question now; the answer is stored and `data.changed` tells. */
  'reports.run': command({
    roles: [...deciders],
    input: z.strictObject({
      kind: monitorKind,
      target,
      window: windowSchema,
      reference: reference.default({ kind: 'default' }),
      parameters: z.record(z.string(), json).default({}),
    }),
    output: z.strictObject({ jobId: recordId('job') }),
  }),
  'findings.list': query({
    roles: [...everyone],
    input: z.strictObject({
      target: target.nullable(),
      kind: monitorKind.nullable(),
      window: windowSchema,
      ...pageRequest.shape,
    }),
    output: pageOf(finding),
  }),
  'findings.series': query({
    roles: [...everyone],
    input: z.strictObject({ target, kind: monitorKind, subject: subject, window: windowSchema }),
    output: z.array(finding),
  }),

  'monitors.list': query({
    roles: [...everyone],
    input: z.strictObject({ target: target.nullable() }),
    output: z.array(
      z.strictObject({
        ...revisioned(monitor).shape,
        lastRunAt: instant.nullable(),
        nextRunAt: instant.nullable(),
        lastProblem: z.string().nullable(),
      }),
    ),
  }),
  'monitors.save': command({
    roles: ['operator', 'qa-expert', 'administrator'],
    input: z.strictObject({
      id: monitorId.nullable(),
      revision: z.int().nullable(),
      monitor: monitor.omit({ id: true, createdAt: true }),
    }),
    output: revisioned(monitor),
  }),
  'monitors.runNow': command({
    roles: [...deciders],
    input: z.strictObject({ id: monitorId }),
    output: z.strictObject({ jobId: recordId('job') }),
  }),

  'thresholds.list': query({
    roles: [...everyone],
    input: z.strictObject({ target: target.nullable() }),
    output: z.array(revisioned(thresholdSet)),
  }),
  /** What findings of a target are judged by now: its active set, or the defaults while nobody has set any (then with notes on them). */
  'thresholds.inForce': query({
    roles: [...everyone],
    input: z.strictObject({ target }),
    output: z.strictObject({
      limits: z.array(limit),
      thresholdSetId: thresholdSet.shape.id.nullable(),
      notes: z.array(z.string()),
    }),
  }),
  'thresholds.backTest': query({
    roles: [...everyone],
    input: z.strictObject({ target, limits: z.array(limit), days: z.int().min(1).max(365).default(90) }),
    output: backTest,
  }),
  /** Becomes the next version and active at once; the back-test is computed again and kept with it. */
  'thresholds.save': command({
    roles: ['qa-expert', 'administrator'],
    input: z.strictObject({ target, basedOnVersion: z.int().nullable(), limits: z.array(limit), reason }),
    output: revisioned(thresholdSet),
  }),

  'alerts.list': query({
    roles: [...everyone],
    input: z.strictObject({
      states: z.array(alert.shape.state).min(1),
      target: target.nullable(),
      ...pageRequest.shape,
    }),
    output: pageOf(revisioned(alert)),
  }),
  'alerts.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: alertId }),
    output: z.strictObject({
      ...alertWithFindings.shape,
      revision: z.int(),
      linked: z.array(alert),
      userNames: z.record(z.string(), z.string()),
    }),
  }),
  'alerts.acknowledge': command({
    roles: [...deciders],
    input: z.strictObject({ id: alertId, revision: z.int() }),
    output: revisioned(alert),
  }),
  'alerts.assign': command({
    roles: [...deciders],
    input: z.strictObject({ id: alertId, revision: z.int(), assigneeId: userId.nullable() }),
    output: revisioned(alert),
  }),
  'alerts.comment': command({
    roles: [...everyone],
    input: z.strictObject({ id: alertId, revision: z.int(), text: prose.min(1) }),
    output: revisioned(alert),
  }),
  'alerts.mute': command({
    roles: [...deciders],
    input: z.strictObject({ id: alertId, revision: z.int(), until: instant, reason }),
    output: revisioned(alert),
  }),
  'alerts.resolve': command({
    roles: ['product-owner', 'qa-expert', 'administrator'],
    input: z.strictObject({
      id: alertId,
      revision: z.int(),
      how: z.enum(['accepted', 'acted', 'false-alarm']),
      reason,
    }),
    output: revisioned(alert),
  }),

  'actions.list': query({
    roles: [...everyone],
    input: z.strictObject({ alertId: alertId.nullable(), ...pageRequest.shape }),
    output: pageOf(revisioned(action)),
  }),
  'actions.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: action.shape.id }),
    output: revisioned(action),
  }),
  /** Retrain, switch or roll back through a connection. `targetVersionId` names the version to switch or roll back to. */
  'actions.start': command({
    roles: ['product-owner', 'administrator'],
    input: z.strictObject({
      kind: z.enum(['retrain', 'switch', 'roll-back']),
      alertId: alertId.nullable(),
      deploymentId: recordId('dep'),
      connectionId,
      targetVersionId: recordId('ver').nullable(),
      reason,
    }),
    output: revisioned(action),
  }),

  /** A page of the devices that meet a query; `total` counts all that do. */
  'devices.list': query({ roles: [...everyone], input: devicePageRequest, output: pageOf(deviceRow) }),
  'devices.fleet': query({ roles: [...everyone], input: z.strictObject({}), output: fleet }),
  'devices.names': query({ roles: [...everyone], input: z.strictObject({}), output: z.array(deviceName) }),
  'devices.get': query({
    roles: [...everyone],
    input: z.strictObject({ id: deviceId }),
    output: z.strictObject({
      ...deviceRow.shape,
      device: revisioned(device),
      deployments: z.array(z.strictObject({ id: z.string(), name: z.string() })),
    }),
  }),
  'devices.save': command({
    roles: ['operator', 'administrator'],
    input: z.strictObject({
      id: deviceId.nullable(),
      revision: z.int().nullable(),
      device: device.omit({ id: true, createdAt: true }),
    }),
    output: revisioned(device),
  }),
  /** Down-sampled by minimum and maximum so that no peak is lost; arrays are flat for the chart. */
  'telemetry.series': query({
    roles: [...everyone],
    input: z.strictObject({
      deviceId,
      channels: z.array(z.string()).min(1).max(12),
      window: windowSchema,
      maxPoints: z.int().min(50).max(5000).default(1200),
    }),
    output: z.array(
      z.strictObject({
        channel: z.string(),
        unit: z.string(),
        at: z.array(z.number()),
        value: z.array(z.number()),
        points: z.int(),
        isDownsampled: z.boolean(),
      }),
    ),
  }),
} as const
