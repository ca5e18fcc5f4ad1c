import { isDeepStrictEqual } from 'node:util'
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
  {
    kind: 'fairness',
    what: 'Fairness to members and guests', // Ratios of error rates of a few per cent jump about: differences decide.
    parameters: { groupColumns: ['ticket'], minRatio: 0 },
  },
  { kind: 'errors', what: 'Slices that fail more' },
]

/** Daylight moves on from the days of the reference: only what is mostly outside of it is news. */
const EXPLANATION_QUESTION: Question = {
  kind: 'explanation',
  what: 'What its decisions rest on',
  parameters: { envelopeThreshold: 0.25 },
}

const DEVICE_QUESTION: Question = { kind: 'device', what: 'Health of the camera' }

/** Labels come within half a minute; what is younger is not judged by them. */
const needsLabels = (kind: Monitor['kind']) => ['performance', 'fairness', 'errors'].includes(kind)

type Rhythm = Pick<NewMonitor, 'schedule' | 'everyNewItems' | 'windowMs' | 'delayMs'> & { readonly name: string }

/** Every night the day before: the months. */
const daily = (minute: number): Rhythm => ({
  name: 'day by day',
  schedule: `${minute} 0 * * *`,
  everyNewItems: null,
  windowMs: DAY_MS,
  delayMs: 0,
})

/** Every Monday the week before: what takes longer to ask, and changes less. */
const weekly = (minute: number): Rhythm => ({
  ...daily(minute),
  name: 'week by week',
  schedule: `${minute} 0 * * 1`,
  windowMs: 7 * DAY_MS,
})

/** The last minutes, as new items come: the time-lapse. */
const live = (everyNewItems: number, minutes: number, delayMs = 0): Rhythm => ({
  name: 'live',
  schedule: null,
  everyNewItems,
  windowMs: minutes * MINUTE_MS,
  delayMs,
})

function ask(target: Target, { kind, what, parameters = {} }: Question, rhythm: Rhythm): NewMonitor {
  const { name, ...times } = rhythm
  return {
    kind,
    target,
    parameters,
    ...times,
    name: `${what}, ${name}`,
    reference: { kind: 'default' },
    isEnabled: true,
  }
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
  limit('performance', 'accuracy', 'below', 0.9, { warning: 0.915, severity: 'critical', ...once }),
  limit('performance', 'f1', 'below', 0.9, { warning: 0.915 }),
  limit('drift', 'jensenShannon', 'above', 0.15, { warning: 0.1 }),
  limit('drift', 'driftedShare', 'above', 0.4, { warning: 0.2, severity: 'critical', ...once }),
  limit('bias', 'shareDifference', 'outside', -0.05, { upperBreach: 0.05, warning: 0.01 }),
  limit('fairness', 'accuracyDifference', 'above', 0.1, { warning: 0.05 }),
  limit('fairness', 'equalOpportunityDifference', 'above', 0.15, { warning: 0.08 }),
  ...['missingShare', 'wrongTypeShare', 'outOfRangeShare', 'unseenCategoryShare', 'duplicateShare'].map((metric) =>
    limit('integrity', metric, 'above', 0.05, { warning: 0.01, ...once }),
  ),
  limit('integrity', 'missingColumns', 'above', 0, { severity: 'critical', ...once }),
]

/** Deployment and device whose monitors are tuned. */
export interface Watched {
  readonly deployment: { readonly id: string; readonly labelDelayMs: number }
  readonly device: { readonly id: string }
}

const targetsOf = ({ deployment, device }: Watched): { production: Target; camera: Target } => ({
  production: { type: 'deployment', id: deployment.id },
  camera: { type: 'device', id: device.id },
})

/** In place of those that every device begins with. */
const CAMERA_LIMITS: readonly Limit[] = [
  limit('device', 'shifts', 'above', 4, { subject: { metric: 'shifts', channel: 'pressure' } }),
  limit('device', 'daysToLimit', 'below', 3),
]

/** Puts the park's own daily monitors and limits in place of the defaults; monitors that are there by name stay. */
export async function tuneMonitoring(host: DemoHost, watched: Watched): Promise<void> {
  const { production, camera } = targetsOf(watched)
  const questions = QUESTIONS.map((question, index) => ask(production, question, daily(index)))
  await replaceMonitors(host, production, [...questions, ask(production, EXPLANATION_QUESTION, weekly(8))])
  await replaceMonitors(host, camera, [ask(camera, DEVICE_QUESTION, daily(10))])

  await setLimits(
    host,
    production,
    () => [...PARK_LIMITS],
    'Nine in ten animals must be told apart, whatever the hour; a little may be lost before we act.',
  )
  await setLimits(
    host,
    camera,
    (before) => [
      ...CAMERA_LIMITS,
      ...before.filter((old) => !CAMERA_LIMITS.some(({ subject }) => isDeepStrictEqual(subject, old.subject))),
    ],
    'Fronts move pressure and temperature about for days; a box that is moved, stuck or silent should wake us.',
  )
}

/** Follows the limits that a target began with by the park's own; those that people have set since stay. */
async function setLimits(
  host: DemoHost,
  target: Target,
  change: (before: readonly Limit[]) => Limit[],
  reason: string,
): Promise<void> {
  const sets = (await host.call(qaExpert, 'thresholds.list', { target })).map(({ record }) => record)
  const active = sets.find(({ isActive }) => isActive)
  if (active !== undefined && active.version > 1) return
  const limits = change(active?.limits ?? [])
  await host.call(qaExpert, 'thresholds.save', { target, basedOnVersion: active?.version ?? null, limits, reason })
}

/** Adds the monitors of the time-lapse. Not before history is in: it would set them off, over minutes that hold nothing yet. */
export async function watchLive(host: DemoHost, watched: Watched): Promise<void> {
  const { production, camera } = targetsOf(watched)
  const { labelDelayMs } = watched.deployment
  const questions = QUESTIONS.map((question) =>
    ask(production, question, needsLabels(question.kind) ? live(600, 3, labelDelayMs) : live(600, 2)),
  )
  await replaceMonitors(host, production, questions)
  await replaceMonitors(host, camera, [ask(camera, DEVICE_QUESTION, live(240, 60))])
}

/** The default monitors become the first of the new ones, so that nothing is asked twice. */
async function replaceMonitors(host: DemoHost, target: Target, wanted: readonly NewMonitor[]): Promise<void> {
  const present = await host.call(operator, 'monitors.list', { target })
  const spare = present.filter(({ record }) => !/, (day by day|week by week|live)$/.test(record.name))
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
