import type { MonitorKind, Subject, Target } from '../contract/finding.ts'

const selectors = ['metric', 'column', 'channel', 'group', 'className'] as const
export type Selector = (typeof selectors)[number]
/** Selectors of a subject, the most telling first. */
export const subjectSelectors: readonly Selector[] = selectors

// Keys are read by people in logs and exports, so only what would make two subjects one is escaped.
const escapePart = (text: string) => text.replace(/[%|=:]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)

/** Names one number of one target: `drift|deployment:dep_1|metric=psi|column=light`. Different numbers never share a key. */
export function subjectKey(kind: MonitorKind, target: Target, subject: Subject): string {
  const parts: string[] = [kind, `${target.type}:${target.id}`]
  for (const selector of selectors) {
    const value = subject[selector]
    if (value !== undefined) parts.push(`${selector}=${escapePart(value)}`)
  }
  return parts.join('|')
}

export const keyOf = (item: {
  readonly kind: MonitorKind
  readonly target: Target
  readonly subject: Subject
}): string => subjectKey(item.kind, item.target, item.subject)

const metricNames: Record<string, string> = {
  psi: 'PSI',
  ks: 'KS statistic',
  jensenShannon: 'Jensen–Shannon distance',
  wassersteinNormed: 'normed Wasserstein distance',
  cramersV: "Cramér's V",
  kullbackLeibler: 'Kullback–Leibler divergence',
  largestShareDifference: 'largest change of a share',
  meanShift: 'shift of the mean in deviations',
  energyCoefficient: 'energy coefficient',
  domainAuc: 'ROC AUC of telling the window from the reference',
  reconstructionShift: 'shift of the reconstruction error',
  f1: 'F1',
  macroF1: 'macro F1',
  rocAuc: 'ROC AUC',
  auc: 'AUC',
  mae: 'mean absolute error',
  rmse: 'root mean squared error',
  r2: 'R²',
  ndcg: 'NDCG',
  maeDifference: 'mean absolute error difference',
  maeRatio: 'mean absolute error ratio',
  rmseDifference: 'root mean squared error difference',
  rmseRatio: 'root mean squared error ratio',
  biasDifference: 'difference in bias',
  logLoss: 'log loss',
  driftedShare: 'share of drifted columns',
  silentForMs: 'time without data',
  clockSkewMs: 'clock ahead of ours by',
  lostShare: 'share that never came',
  replayedShare: 'share of replayed readings',
  flaps: 'number of dropouts and returns',
  latencyP50Ms: 'median latency',
  latencyP95Ms: '95 % latency',
  latencyP99Ms: '99 % latency',
}

/** A metric in words: `demographicParityDifference` reads `demographic parity difference`. */
export function metricName(metric: string): string {
  const [measure, places] = metric.split('@')
  return places === undefined ? nameOfOne(metric) : `${nameOfOne(measure)} at ${places}`
}
const nameOfOne = (metric: string): string =>
  Object.hasOwn(metricNames, metric)
    ? metricNames[metric]
    : metric
        .replace(/([a-z0-9])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)
        .replace(/[-_]/g, ' ')

/** The number in words, with where it applies: `recall of class cat`, `PSI of brightness`, `accuracy for site=north`. */
export function subjectName(subject: Subject): string {
  const name = [metricName(subject.metric)]
  if (subject.column !== undefined) name.push(`of ${subject.column}`)
  if (subject.channel !== undefined) name.push(`of ${subject.channel}`)
  if (subject.className !== undefined) name.push(`of class ${subject.className}`)
  if (subject.group !== undefined) name.push(`for ${subject.group}`)
  return name.join(' ')
}
