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
 * Weekly, and anew once a new version has answered: what decides changes with the model. The file is asked where there is one, else the
 * endpoint within a budget, as it has other work; a model of pictures is explained by what is known about them.
 */
const explanationOf = (isByEndpoint: boolean): DefaultMonitor =>
  make('explanation', 'What its decisions rest on', {
    schedule: '50 0 * * 1',
    windowMs: 7 * dayMs,
    parameters: isByEndpoint
      ? { asks: 'endpoint', endpointRows: 20_000, attributedRows: 50, dependenceColumns: 4 }
      : {},
  })

/**
 * Every morning the day before; besides, as data comes, so that a bad night is not found out at noon. Labels come late: performance
 * looks at a week that ends when labels may be expected to be there. Slices, which need many labels, are looked for weekly.
 */
function forDeployment({ labelDelayMs, endpointId }: Deployment, { schema, artifacts }: Version): DefaultMonitor[] {
  const isClassification = schema.task !== 'regression'
  const isRanking = schema.ranking !== undefined
  const hasGroups = !isRanking && schema.columns.some(({ isGroup }) => isGroup)
  const labelled = { windowMs: 7 * dayMs, delayMs: labelDelayMs }
  const hasFile = artifacts.some(({ name }) => /\.onnx$/i.test(name))
  const hasPicture = schema.columns.some(({ role, type }) => role === 'input' && type === 'image')
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
    ...(hasFile || endpointId !== null ? [explanationOf(!hasFile && !hasPicture)] : []),
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
