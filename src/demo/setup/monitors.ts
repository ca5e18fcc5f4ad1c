import type { InputOf } from '../../contract/api.ts'
import type { Limit, Monitor, Target } from '../../contract/finding.ts'
import type { Json } from '../../contract/primitives.ts'
import type { DemoHost } from '../host.ts'
import { PEOPLE } from './people.ts'

const operator = PEOPLE.operator.login
const qaExpert = PEOPLE.qaExpert.login
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

type NewMonitor = InputOf<'monitors.save'>['monitor']
type Question = Pick<NewMonitor, 'kind'> & { readonly what: string; readonly parameters?: Record<string, Json> }

/** Time of day is the story's, weather moves by itself: neither says that the pictures have changed. */
const PICTURE_COLUMNS = ['brightness', 'contrast', 'sharpness', 'warmth', 'noise', 'coat', 'ticket']

const QUESTIONS: readonly Question[] = [
  { kind: 'integrity', what: 'Integrity of the data' },
  { kind: 'drift', what: 'Drift against the reference', parameters: { columns: PICTURE_COLUMNS } },
  { kind: 'performance', what: 'Performance on labels' },
  { kind: 'bias', what: 'Balance of cats and dogs' },
  { kind: 'fairness', what: 'Fairness to members and guests', parameters: { groupColumns: ['ticket'] } },
  { kind: 'errors', what: 'Slices that fail more' },
]

/** Labels come within half a minute; what is younger is not judged by them. */
const needsLabels = (kind: Monitor['kind']) => ['performance', 'fairness', 'errors'].includes(kind)

/** Every night the day before, for the months; and while the time-lapse runs, the last three minutes. */
function deploymentMonitors(target: Target, labelDelayMs: number): NewMonitor[] {
  return QUESTIONS.flatMap(({ kind, what, parameters = {} }, index): NewMonitor[] => {
    const common = { kind, target, reference: { kind: 'default' as const }, parameters, isEnabled: true }
    const delayMs = needsLabels(kind) ? labelDelayMs : 0
    return [
      {
        ...common,
        name: `${what}, day by day`,
        schedule: `${index} 0 * * *`,
        everyNewItems: null,
        windowMs: DAY_MS,
        delayMs: 0,
      },
      {
        ...common,
        name: `${what}, live`,
        schedule: null,
        everyNewItems: 200,
        windowMs: (needsLabels(kind) ? 3 : 2) * MINUTE_MS,
        delayMs,
      },
    ]
  })
}

function deviceMonitors(target: Target): NewMonitor[] {
  const common = {
    kind: 'device' as const,
    target,
    reference: { kind: 'default' as const },
    delayMs: 0,
    isEnabled: true,
  }
  return [
    {
      ...common,
      name: 'Health of the camera, day by day',
      parameters: {},
      schedule: '10 0 * * *',
      everyNewItems: null,
      windowMs: DAY_MS,
    },
    {
      ...common,
      name: 'Health of the camera, live',
      parameters: {},
      schedule: null,
      everyNewItems: 300,
      windowMs: 10 * MINUTE_MS,
    },
  ]
}

const limit = (
  kind: Limit['kind'],
  metric: string,
  direction: Limit['direction'],
  breach: number,
  rest: Partial<Limit> = {},
): Limit => ({
  kind,
  subject: { metric },
  direction,
  breach,
  warning: null,
  upperBreach: null,
  persistence: { k: 2, of: 2 },
  severity: 'warning',
  ...rest,
})

const once = { persistence: { k: 1, of: 1 } }

/** What the park's QA expert put in place of the limits that a new deployment begins with. */
const PARK_LIMITS: readonly Limit[] = [
  limit('performance', 'accuracy', 'below', 0.9, { warning: 0.93, severity: 'critical', ...once }),
  limit('performance', 'f1', 'below', 0.9, { warning: 0.93 }),
  limit('drift', 'jensenShannon', 'above', 0.15, { warning: 0.1 }),
  limit('drift', 'driftedShare', 'above', 0.4, { warning: 0.2, severity: 'critical' }),
  limit('bias', 'shareDifference', 'outside', -0.05, { upperBreach: 0.05, warning: 0.02 }),
  limit('fairness', 'accuracyDifference', 'above', 0.1, { warning: 0.05 }),
  limit('fairness', 'equalOpportunityDifference', 'above', 0.15, { warning: 0.08 }),
  ...['missingShare', 'wrongTypeShare', 'outOfRangeShare', 'unseenCategoryShare', 'duplicateShare'].map((metric) =>
    limit('integrity', metric, 'above', 0.05, { warning: 0.01, ...once }),
  ),
  limit('integrity', 'missingColumns', 'above', 0, { severity: 'critical', ...once }),
]

/** Puts the park's own monitors and limits in place of the defaults; monitors that are there by name stay. */
export async function tuneMonitoring(
  host: DemoHost,
  deployment: { readonly id: string; readonly labelDelayMs: number },
  device: { readonly id: string },
): Promise<void> {
  const production: Target = { type: 'deployment', id: deployment.id }
  const camera: Target = { type: 'device', id: device.id }
  await replaceMonitors(host, production, deploymentMonitors(production, deployment.labelDelayMs))
  await replaceMonitors(host, camera, deviceMonitors(camera))

  const active = (await host.call(qaExpert, 'thresholds.list', { target: production }))
    .map(({ record }) => record)
    .find(({ isActive }) => isActive)
  if (active === undefined || active.version === 1) {
    await host.call(qaExpert, 'thresholds.save', {
      target: production,
      basedOnVersion: active?.version ?? null,
      limits: [...PARK_LIMITS],
      reason: 'Nine in ten animals must be told apart; half of what the test set promised may be lost before we act.',
    })
  }
}

/** The default monitors become the first of the new ones, so that nothing is asked twice. */
async function replaceMonitors(host: DemoHost, target: Target, wanted: readonly NewMonitor[]): Promise<void> {
  const present = await host.call(operator, 'monitors.list', { target })
  const names = new Set(wanted.map(({ name }) => name))
  const spare = present.filter(({ record }) => !names.has(record.name))
  for (const monitor of wanted) {
    if (present.some(({ record }) => record.name === monitor.name)) continue
    const index = spare.findIndex(({ record }) => record.kind === monitor.kind)
    const [replaced] = index < 0 ? [] : spare.splice(index, 1)
    await host.call(operator, 'monitors.save', {
      id: replaced?.record.id ?? null,
      revision: replaced?.revision ?? null,
      monitor,
    })
  }
}
