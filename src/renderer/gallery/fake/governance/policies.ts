import type { OutputOf } from '../../../../contract/api.ts'
import type { BackTest, Limit, Monitor, ThresholdSet } from '../../../../contract/finding.ts'
import { dayMs, deploymentTarget, hourMs, nowAt } from '../park.ts'

const limit = (
  kind: Limit['kind'],
  subject: Limit['subject'],
  direction: Limit['direction'],
  breach: number,
  more: Partial<Limit> = {},
): Limit => ({
  kind,
  subject,
  direction,
  breach,
  warning: null,
  upperBreach: null,
  persistence: { k: 2, of: 3 },
  severity: 'warning',
  ...more,
})

const limits: Limit[] = [
  limit('performance', { metric: 'accuracy' }, 'below', 0.9, {
    warning: 0.92,
    severity: 'critical',
    persistence: { k: 1, of: 1 },
  }),
  limit('drift', { metric: 'psi' }, 'above', 0.2, { warning: 0.1 }),
  limit('drift', { metric: 'psi', column: 'brightness' }, 'above', 0.3),
  limit('drift', { metric: 'driftedShare' }, 'above', 0.5, { warning: 0.3 }),
  limit('integrity', { metric: 'missingShare' }, 'above', 0.05, { warning: 0.01 }),
  limit('bias', { metric: 'shareRatio' }, 'outside', 0.8, { upperBreach: 1.25, warning: 0.05 }),
  limit('fairness', { metric: 'accuracyDifference' }, 'above', 0.1, { warning: 0.05 }),
]

export const backTest = (proposed: number, current: number): BackTest => ({
  window: { from: nowAt - 90 * dayMs, to: nowAt },
  findings: 4123,
  weeks: Array.from({ length: 13 }, (_, index) => ({
    from: nowAt - (91 - index * 7) * dayMs,
    alerts: index > 10 ? proposed : index % 4 === 0 ? 1 : 0,
    current: index > 10 ? current : index % 3 === 0 ? 1 : 0,
  })),
  silenced: 7,
  added: 2,
  note: 'Replayed on the findings that are stored.',
})

const set = (
  version: number,
  ageDays: number,
  reason: string,
  ownLimits: Limit[],
  isActive: boolean,
): ThresholdSet => ({
  id: `thr_${version}`,
  target: deploymentTarget,
  version,
  limits: ownLimits,
  authorId: 'usr_1',
  reason,
  backTest: backTest(3, 5),
  isActive,
  createdAt: nowAt - ageDays * dayMs,
})

export const thresholdSets: ThresholdSet[] = [
  set(3, 3, 'Agreed with the park after the night frames', limits, true),
  set(2, 40, 'Brightness swings more than we thought', limits.slice(0, 6), false),
  set(1, 57, 'Defaults for a new deployment', limits.slice(0, 2), false),
]

const monitor = (id: string, kind: Monitor['kind'], schedule: string | null, more: Partial<Monitor> = {}): Monitor => ({
  id,
  name: `${kind} of cat-dog`,
  kind,
  target: deploymentTarget,
  schedule,
  everyNewItems: null,
  windowMs: 7 * dayMs,
  delayMs: 0,
  reference: { kind: 'default' },
  parameters: {},
  isEnabled: true,
  createdAt: nowAt - 57 * dayMs,
  ...more,
})

const asked = (record: Monitor, lastProblem: string | null = null): OutputOf<'monitors.list'>[number] => ({
  revision: 1,
  record,
  lastRunAt: nowAt - 4 * hourMs,
  nextRunAt: record.schedule === null || !record.isEnabled ? null : nowAt + 6 * hourMs,
  lastProblem,
})

export const monitors = [
  asked(monitor('mon_performance', 'performance', '0 2 * * *', { delayMs: 6 * hourMs })),
  asked(monitor('mon_drift', 'drift', '0 */6 * * *', { everyNewItems: 500 })),
  asked(monitor('mon_integrity', 'integrity', '20 * * * *', { windowMs: dayMs })),
  asked(
    monitor('mon_fairness', 'fairness', '30 6 * * MON', { parameters: { groupColumns: ['light'] } }),
    'The test set has no column light.',
  ),
  asked(monitor('mon_errors', 'errors', null, { isEnabled: false })),
  asked(
    monitor('mon_device', 'device', '*/15 * * * *', {
      name: 'Device health of camera-1',
      target: { type: 'device', id: 'dev_camera' },
      windowMs: dayMs,
    }),
  ),
]
