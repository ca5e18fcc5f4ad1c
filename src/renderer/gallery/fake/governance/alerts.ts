import type { Action, Alert } from '../../../../contract/alert.ts'
import type { Finding } from '../../../../contract/finding.ts'
import { dayMs, deploymentTarget, findingOf, hourMs, knockAt, nowAt } from '../park.ts'
import { gaussian, generator } from '../random.ts'

const alert = (id: string, changes: Partial<Alert>): Alert => ({
  id,
  state: 'open',
  severity: 'warning',
  kind: 'drift',
  target: deploymentTarget,
  subject: { metric: 'psi', column: 'brightness' },
  dedupeKey: id,
  title: 'PSI of brightness above its limit',
  message: 'PSI of brightness is 0.41 against the reference, n 1,204 and 2,400.',
  firstFindingId: 'fnd_first',
  lastFindingId: 'fnd_last',
  occurrences: 4,
  beganAt: knockAt,
  openedAt: knockAt + 2 * hourMs,
  updatedAt: nowAt - hourMs,
  mutedUntil: null,
  assigneeId: null,
  linkedAlertIds: [],
  linkReason: null,
  comments: [],
  actionIds: [],
  resolution: null,
  ...changes,
})

const incident = 'The accelerometer of camera-1 shifted 6 minutes before: the knock explains the drift and the fall.'

export const alerts: Alert[] = [
  alert('alt_accuracy', {
    severity: 'critical',
    kind: 'performance',
    subject: { metric: 'accuracy' },
    title: 'Accuracy below its limit',
    message: 'Accuracy is 0.881 (0.861 to 0.898), n 1,204; the limit is 0.90.',
    occurrences: 6,
    state: 'acknowledged',
    assigneeId: 'usr_2',
    linkedAlertIds: ['alt_shift', 'alt_drift'],
    linkReason: incident,
    comments: [
      { at: nowAt - 30 * hourMs, userId: 'usr_3', text: 'The box at the north gate hangs askew since this afternoon.' },
      {
        at: nowAt - 29 * hourMs,
        userId: 'usr_2',
        text: 'Retraining with the tilted frames until somebody can climb up there.',
      },
    ],
    actionIds: ['act_retrain', 'act_rollback'],
  }),
  alert('alt_drift', { linkedAlertIds: ['alt_shift', 'alt_accuracy'], linkReason: incident }),
  alert('alt_shift', {
    severity: 'critical',
    kind: 'device',
    target: { type: 'device', id: 'dev_camera' },
    subject: { metric: 'shifts', channel: 'accelerometer.x' },
    title: 'Shift of accelerometer.x',
    message: 'accelerometer.x changed from 0.08 to −1.71 m/s² at 22:20 UTC and stayed there.',
    occurrences: 1,
    linkedAlertIds: ['alt_accuracy', 'alt_drift'],
    linkReason: incident,
  }),
  alert('alt_muted', {
    state: 'muted',
    mutedUntil: nowAt + 5 * hourMs,
    subject: { metric: 'shareRatio', className: 'dog' },
    kind: 'bias',
    title: 'Dogs predicted more often than in the reference',
    message: 'The share of dog is 1.31 times that of the reference (1.22 to 1.40), n 9,120.',
    beganAt: nowAt - 20 * hourMs,
  }),
  alert('alt_old', {
    state: 'resolved',
    kind: 'endpoint',
    target: { type: 'connection', id: 'con_endpoint' },
    subject: { metric: 'latencyP95Ms' },
    title: '95 % latency above its limit',
    message: '95 % of the probes answered within 1.4 s; the limit is 1 s.',
    beganAt: nowAt - 9 * dayMs,
    openedAt: nowAt - 9 * dayMs,
    resolution: {
      at: nowAt - 8 * dayMs,
      userId: null,
      how: 'recovered',
      reason: 'The number is within its limit again.',
    },
  }),
]

const action = (id: string, changes: Partial<Action>): Action => ({
  id,
  kind: 'retrain',
  alertId: 'alt_accuracy',
  releaseId: null,
  deploymentId: 'dep_production',
  connectionId: 'con_pipeline',
  state: 'succeeded',
  requestedBy: 'usr_2',
  reason: 'Frames are tilted since the knock',
  requestedAt: nowAt - 28 * hourMs,
  finishedAt: nowAt - 27 * hourMs,
  correlationId: id,
  variables: {},
  log: [
    '2026-11-20T10:20:04Z POST http://127.0.0.1:7070/pipelines/retrain',
    '2026-11-20T10:20:04Z 202 Accepted {"run":"2026-11-20.1"}',
    '2026-11-20T10:20:14Z GET http://127.0.0.1:7070/runs/2026-11-20.1',
    '2026-11-20T10:20:14Z 200 {"state":"running","epoch":12}',
    '2026-11-20T10:21:04Z 200 {"state":"succeeded","version":"1.4.0"}',
  ].join('\n'),
  result: { version: '1.4.0', artifacts: [{ name: 'model.onnx' }] },
  problem: null,
  recovery: {
    subject: { metric: 'accuracy' },
    before: 0.874,
    after: 0.881,
    verdict: 'not-recovered',
    findingId: 'fnd_last',
    checkedAt: nowAt - 20 * hourMs,
  },
  ...changes,
})

export const actions: Action[] = [
  action('act_retrain', {}),
  action('act_rollback', {
    kind: 'roll-back',
    connectionId: 'con_deploy',
    state: 'running',
    reason: '1.2.0 did better on tilted frames',
    requestedAt: nowAt - 2 * 60_000,
    finishedAt: null,
    log: 'deploy: switching cat-dog-production to 1.2.0\ndeploy: waiting for readiness',
    result: null,
    recovery: {
      subject: { metric: 'accuracy' },
      before: 0.881,
      after: null,
      verdict: 'pending',
      findingId: null,
      checkedAt: null,
    },
  }),
]

/** Six-hourly findings of an alert's number. */
export function numberSeries(about: Alert, window: { from: number; to: number }): Finding[] {
  const random = generator(11)
  const isFall = about.kind === 'performance'
  const [well, ill] = isFall ? [0.951, 0.883] : [0.05, 0.4]
  const found: Finding[] = []
  for (let to = window.from + 6 * hourMs; to <= Math.min(window.to, nowAt); to += 6 * hourMs) {
    const value = (to > about.beganAt ? ill : well) + 0.008 * gaussian(random)
    found.push(
      findingOf(about.kind, about.subject, value, {
        id: `fnd_${to}`,
        target: about.target,
        at: to,
        window: { from: to - dayMs, to },
        n: 1204,
        interval: isFall ? [value - 0.018, value + 0.016] : null,
        status: to > about.beganAt ? 'breach' : 'ok',
        limit: isFall
          ? { thresholdSetId: 'thr_1', warning: 0.92, breach: 0.9, direction: 'below' }
          : { thresholdSetId: 'thr_1', warning: 0.1, breach: 0.2, direction: 'above' },
      }),
    )
  }
  return found
}
