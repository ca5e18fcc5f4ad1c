import type { Limit, MonitorKind, Subject } from '../contract/finding.ts'
import type { Task } from '../contract/model.ts'

type Options = Partial<Pick<Limit, 'warning' | 'persistence' | 'severity' | 'upperBreach'>>

function makeLimit(
  kind: MonitorKind,
  subject: Partial<Subject>,
  direction: Limit['direction'],
  breach: number,
  options: Options = {},
): Limit {
  return {
    kind,
    subject,
    direction,
    warning: null,
    breach,
    upperBreach: null,
    persistence: { k: 1, of: 1 },
    severity: 'warning',
    ...options,
  }
}

const twoOfThree = { k: 2, of: 3 }
const round = (value: number) => Math.round(value * 1e6) / 1e6

/** Metrics by task that get a limit when the reference knows their value; a fall (or rise, for errors) is measured from it. */
const falls: Record<Task, { metric: string; warning: number; breach: number }[]> = {
  binary: [
    { metric: 'accuracy', warning: 0.02, breach: 0.05 },
    { metric: 'f1', warning: 0.03, breach: 0.08 },
    { metric: 'rocAuc', warning: 0.02, breach: 0.05 },
  ],
  multiclass: [
    { metric: 'accuracy', warning: 0.02, breach: 0.05 },
    { metric: 'macroF1', warning: 0.03, breach: 0.08 },
  ],
  regression: [{ metric: 'r2', warning: 0.05, breach: 0.1 }],
}
/** Errors may rise by these shares of their value on the reference. */
const rises = [
  { metric: 'mae', warning: 0.1, breach: 0.25 },
  { metric: 'rmse', warning: 0.1, breach: 0.25 },
]

export interface DefaultLimits {
  readonly limits: Limit[]
  /** What could not be limited and why, for the person who accepts the set. */
  readonly notes: string[]
}

/**
 * Limits for a new deployment, meant to be looked at and changed, not to be right everywhere. Performance is limited by
 * its fall against `referenceMetrics` (of the reference, or of training); where those are absent nothing is invented and a note
 * says so. A fall in performance is critical at once; drift and bias must persist (2 of 3), since they may do no harm.
 */
export function defaultDeploymentLimits(input: {
  readonly task: Task
  readonly referenceMetrics: Readonly<Record<string, number>> | null
}): DefaultLimits {
  const { task, referenceMetrics } = input
  const limits: Limit[] = []
  const notes: string[] = []

  const known = (metric: string) =>
    referenceMetrics !== null && Object.hasOwn(referenceMetrics, metric) ? referenceMetrics[metric] : null
  for (const { metric, warning, breach } of falls[task]) {
    const from = known(metric)
    if (from !== null && Number.isFinite(from))
      limits.push(
        makeLimit('performance', { metric }, 'below', round(from - breach), {
          warning: round(from - warning),
          severity: 'critical',
        }),
      )
  }
  if (task === 'regression')
    for (const { metric, warning, breach } of rises) {
      const from = known(metric)
      if (from !== null && Number.isFinite(from) && from > 0)
        limits.push(
          makeLimit('performance', { metric }, 'above', round(from * (1 + breach)), {
            warning: round(from * (1 + warning)),
            severity: 'critical',
          }),
        )
    }
  // Of a ranking: the reference is measured at the places that the schema names.
  for (const [metric, from] of Object.entries(referenceMetrics ?? {}))
    if (/^ndcg@\d+$/.test(metric) && Number.isFinite(from))
      limits.push(
        makeLimit('performance', { metric }, 'below', round(from - 0.05), {
          warning: round(from - 0.02),
          severity: 'critical',
        }),
      )
  if (limits.length === 0)
    notes.push('Performance has no limit: the reference has no labels from which to measure a fall.')

  for (const metric of ['jensenShannon', 'wassersteinNormed', 'cramersV', 'ks', 'hellinger', 'totalVariation'])
    limits.push(makeLimit('drift', { metric }, 'above', 0.1, { persistence: twoOfThree }))
  limits.push(makeLimit('drift', { metric: 'psi' }, 'above', 0.2, { warning: 0.1, persistence: twoOfThree }))
  limits.push(makeLimit('drift', { metric: 'driftedShare' }, 'above', 0.5, { warning: 0.3, persistence: twoOfThree }))

  for (const metric of [
    ...['missingShare', 'wrongTypeShare', 'outOfRangeShare', 'unseenCategoryShare', 'duplicateShare', 'lostShare'],
  ])
    limits.push(makeLimit('integrity', { metric }, 'above', 0.05, { warning: 0.01 }))
  limits.push(makeLimit('integrity', { metric: 'missingColumns' }, 'above', 0, { severity: 'critical' }))

  if (task !== 'regression') {
    limits.push(
      makeLimit('bias', { metric: 'shareDifference' }, 'outside', -0.1, {
        upperBreach: 0.1,
        warning: 0.05,
        persistence: twoOfThree,
      }),
      // For rare classes, whose share can double without moving by ten points; common ones are caught by the difference.
      makeLimit('bias', { metric: 'shareRatio' }, 'outside', 0.5, {
        upperBreach: 2,
        warning: 0.25,
        persistence: twoOfThree,
      }),
    )
    for (const metric of [
      'demographicParityDifference',
      'equalizedOddsDifference',
      'equalOpportunityDifference',
      'predictiveParityDifference',
      'accuracyDifference',
    ])
      limits.push(makeLimit('fairness', { metric }, 'above', 0.1, { warning: 0.05, persistence: twoOfThree }))
    for (const metric of ['demographicParityRatio', 'equalizedOddsRatio'])
      limits.push(makeLimit('fairness', { metric }, 'below', 0.8, { warning: 0.9, persistence: twoOfThree }))
  }
  // Differences of errors have the label's unit: the question's own verdict, by the labels' deviation, decides of those.
  else
    limits.push(
      makeLimit('fairness', { metric: 'maeRatio' }, 'below', 0.8, { warning: 0.9, persistence: twoOfThree }),
      makeLimit('fairness', { metric: 'withinToleranceDifference' }, 'above', 0.1, {
        warning: 0.05,
        persistence: twoOfThree,
      }),
    )

  limits.push(
    makeLimit('endpoint', { metric: 'errorShare' }, 'above', 0.05, { warning: 0.01, severity: 'critical' }),
    // How long one may be silent depends on how often it is asked: the question's own verdict, of failures in a row, decides.
    makeLimit('endpoint', { metric: 'flaps' }, 'above', 6, { warning: 2 }),
    makeLimit('endpoint', { metric: 'clockSkewMs' }, 'outside', -120_000, {
      upperBreach: 120_000,
      warning: 90_000,
      persistence: twoOfThree,
    }),
    makeLimit('endpoint', { metric: 'latencyP95Ms' }, 'above', 1000, { warning: 500, persistence: twoOfThree }),
  )
  return { limits, notes }
}

/**
 * Limits for a new device: any gap, stuck or shifted channel is a fault at once, readings outside the sensor's range once they
 * are more than one in a hundred, a trend when it reaches the device's limit within two weeks (a warning within four), and more than
 * three losses and returns in a window. How long a device may be silent is its own rhythm's to say, so `silentForMs` has no level
 * here and is a breach by the question's own verdict.
 */
export function defaultDeviceLimits(): DefaultLimits {
  return {
    limits: [
      makeLimit('device', { metric: 'gaps' }, 'above', 0),
      makeLimit('device', { metric: 'stuck' }, 'above', 0, { severity: 'critical' }),
      makeLimit('device', { metric: 'shifts' }, 'above', 0),
      makeLimit('device', { metric: 'outOfRangeShare' }, 'above', 0.01, { severity: 'critical' }),
      makeLimit('device', { metric: 'outlierShare' }, 'above', 0.02, { warning: 0.01, persistence: twoOfThree }),
      makeLimit('device', { metric: 'replayedShare' }, 'above', 0.05, { warning: 0.01 }),
      makeLimit('device', { metric: 'lostShare' }, 'above', 0.05, { warning: 0.01 }),
      makeLimit('device', { metric: 'flaps' }, 'above', 6, { warning: 2 }),
      // Behind ours looks the same as slow delivery, so only ahead has a level.
      makeLimit('device', { metric: 'clockSkewMs' }, 'above', 120_000, { warning: 30_000, persistence: twoOfThree }),
      makeLimit('device', { metric: 'daysToLimit' }, 'below', 14, { warning: 28 }),
    ],
    notes: [],
  }
}
