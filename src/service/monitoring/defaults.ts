import type { Monitor, MonitorKind, Target } from '../../contract/finding.ts'
import type { Deployment, Version } from '../../contract/model.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Monitors that somebody would want before they have thought about it. */
export type DefaultMonitor = Omit<Monitor, 'id' | 'createdAt' | 'target'>

const make = (kind: MonitorKind, name: string, rest: Partial<DefaultMonitor>): DefaultMonitor => ({
  kind,
  name,
  schedule: '20 0 * * *',
  everyNewItems: null,
  windowMs: dayMs,
  delayMs: 0,
  reference: { kind: 'default' },
  parameters: {},
  isEnabled: true,
  ...rest,
})

/**
 * Every morning the day before; besides, as data comes, so that a bad night is not found out at noon. Labels come late: performance
 * looks at a week that ends when labels may be expected to be there. Slices, which need many labels, are looked for weekly.
 */
function forDeployment({ labelDelayMs }: Deployment, { schema }: Version): DefaultMonitor[] {
  const isClassification = schema.task !== 'regression'
  const isRanking = schema.ranking !== undefined
  const hasGroups = !isRanking && schema.columns.some(({ isGroup }) => isGroup)
  const labelled = { windowMs: 7 * dayMs, delayMs: labelDelayMs }
  return [
    make('integrity', 'Integrity of the data', { schedule: '5 * * * *', everyNewItems: 1000 }),
    make('drift', 'Drift against the reference', { everyNewItems: 1000 }),
    make('performance', 'Performance on labels', { schedule: '30 0 * * *', everyNewItems: 200, ...labelled }),
    ...(isClassification
      ? [make('bias', 'Balance of predicted classes', { schedule: '25 0 * * *', everyNewItems: 1000 })]
      : []),
    ...(hasGroups ? [make('fairness', 'Fairness between groups', { schedule: '35 0 * * *', ...labelled })] : []),
    ...(isRanking
      ? []
      : [
          make('errors', 'Slices that fail more', {
            schedule: '40 0 * * 1',
            windowMs: 28 * dayMs,
            delayMs: labelDelayMs,
          }),
        ]),
  ]
}

export function defaultMonitors(
  target: Target,
  facts: { readonly deployment: Deployment | null; readonly version: Version | null },
): DefaultMonitor[] {
  if (target.type === 'device')
    return [make('device', 'Health of the device', { schedule: '10 * * * *', everyNewItems: 1000 })]
  if (target.type === 'connection')
    return [make('endpoint', 'How the endpoint answers', { schedule: '*/15 * * * *', windowMs: hourMs })]
  const { deployment, version } = facts
  return deployment === null || version === null ? [] : forDeployment(deployment, version)
}
