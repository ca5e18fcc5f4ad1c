import type { RankingSpec, Task } from '../contract/model.ts'
import type { Estimate, Headline, Status } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { SampleTable } from '../contract/table.ts'
import { type AnalysisContext, type Answer, type AnswerFinding, throwIfCancelled } from './answer.ts'
import { findingOf, noEstimate } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { type Asked, type Measured, measureClassification, measureRegression } from './performance/measure.ts'
import { measureRanking } from './performance/ranked.ts'
import type { PastEstimate } from './performance/trust.ts'
import { accuracyOfFew, estimateWithoutLabels } from './performance/without-labels.ts'
import { capitalise, sayCount, sayEstimate, sayMany, sayNumber } from './wording.ts'

export interface PerformanceInput {
  readonly current: SampleTable
  /** Measured as well where it has labels and predictions. */
  readonly reference: SampleTable | null
  readonly task: Task
  /** Classes in the order of the model's outputs; classes that occur besides are added. Empty for regression. */
  readonly classes: readonly string[]
  /** Binary tasks; null: the second class. */
  readonly positiveClass: string | null
  /** A regression whose numbers rank lists: judged by how, not by how near they come to the labels. */
  readonly ranking?: RankingSpec | undefined
  /** Earlier estimates without labels, with what labels say of them by now. */
  readonly past?: readonly PastEstimate[]
}

/** Measures of which less is better. */
const errors: ReadonlySet<string> = new Set([
  'logLoss',
  'brier',
  'calibrationError',
  'mae',
  'rmse',
  'medianAbsoluteError',
  'mape',
  'smape',
  'maxError',
])

const names: Record<string, string> = {
  f1: 'F1',
  macroF1: 'macro F1',
  weightedF1: 'weighted F1',
  rocAuc: 'ROC AUC',
  prAuc: 'average precision',
  microF1: 'micro F1',
  kappa: "Cohen's kappa",
  top2Accuracy: 'top-2 accuracy',
  top3Accuracy: 'top-3 accuracy',
  top5Accuracy: 'top-5 accuracy',
  brier: 'Brier score',
  matthews: "Matthews' correlation",
  mae: 'mean absolute error',
  rmse: 'root mean squared error',
  r2: 'R²',
  mape: 'mean absolute percentage error',
  smape: 'symmetric percentage error',
  classPrecision: 'precision',
  classRecall: 'recall',
  classF1: 'F1',
}
const rankingNames: Record<string, string> = {
  ndcg: 'NDCG',
  hitRate: 'hit rate',
  averagePrecision: 'average precision',
  reciprocalRank: 'reciprocal rank',
}
const nameOf = (metric: string): string => {
  const [measure, places] = metric.split('@')
  if (places === undefined) return nameOfOne(metric)
  return `${rankingNames[measure] ?? measure} at ${places}`
}
const nameOfOne = (metric: string) =>
  Object.hasOwn(names, metric)
    ? names[metric]
    : metric.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`)

/**
 * How well predictions agree with the labels that have arrived; rows without either are left out and counted.
 *
 * Metrics by task: see `binaryEstimates` and `scoreMetrics`, `multiclassEstimates`, `regressionEstimates`; shares lie in
 * [0, 1], errors are in the units of the label. Intervals are Wilson's for proportions, of means on the logarithm's scale for
 * losses, DeLong's for the area under the curve, and seeded draws of the confusion table for the rest. Findings: one per metric, and `classPrecision`, `classRecall` per
 * class. Without a limit a finding is `insufficient` below `minimumN` rows in its denominator, `warning` where its interval
 * lies wholly on the worse side of the reference's interval, otherwise `ok`. Throws AnalysisCancelled.
 * O(n log n + resamples · cells).
 */
export function analyzePerformance(
  { current, reference, past = [], ...asked }: PerformanceInput,
  parameters: ParametersOf<'performance'>,
  context: AnalysisContext,
): Answer<'performance'> {
  const now = measure(current, asked, parameters, context)
  context.onProgress(reference === null ? 1 : 0.5)
  const before = reference === null ? null : measure(reference, asked, parameters, context)
  context.onProgress(1)
  const { resamples, seed, confidence } = parameters
  const options = { resamples, seed, confidence, context }
  const estimated = asked.ranking
    ? undefined
    : estimateWithoutLabels(current, reference, asked, past, parameters, options)
  const fewLabels = accuracyOfFew(current, asked, confidence)
  const referenceMetrics = before !== null && before.labelled > 0 ? before.metrics : null
  const detail: DetailOf<'performance'> = {
    kind: 'performance',
    task: asked.task,
    positiveClass: now.positiveClass,
    labelled: now.labelled,
    total: current.n,
    metrics: now.metrics,
    confusion: now.confusion,
    perClass: now.perClass,
    calibration: now.calibration,
    ...(now.gains && { gains: now.gains }),
    ...(now.thresholds && { thresholds: now.thresholds }),
    ...(estimated && { estimated }),
    ...(fewLabels && { fewLabels }),
    ...(now.ranking && { ranking: now.ranking }),
    referenceMetrics,
  }
  return { headline: headlineOf(detail, parameters), findings: findingsOf(detail, parameters), detail }
}

function measure(
  table: SampleTable,
  asked: Asked,
  parameters: ParametersOf<'performance'>,
  context: AnalysisContext,
): Measured & { readonly positiveClass: string | null } {
  throwIfCancelled(context)
  const { prediction, label } = table
  const { resamples, seed, confidence } = parameters
  const options = { resamples, seed, confidence, context }
  if (prediction === null || label === null) {
    const leading = asked.ranking ? `ndcg@${asked.ranking.k[0]}` : asked.task === 'regression' ? 'mae' : 'accuracy'
    const note = prediction === null ? 'there are no predictions' : 'there are no labels'
    return {
      positiveClass: asked.task === 'binary' ? asked.positiveClass : null,
      labelled: 0,
      metrics: { [leading]: noEstimate(0, note) },
      confusion: null,
      perClass: [],
      calibration: [],
    }
  }
  if (asked.ranking) return { ...measureRanking(table, asked.ranking, parameters, context), positiveClass: null }
  return asked.task === 'regression'
    ? { ...measureRegression(table, prediction, label, options), positiveClass: null }
    : measureClassification(table, prediction, label, asked, parameters, options)
}

function statusOf(metric: string, now: Estimate, before: Estimate | undefined, minimumN: number): Status {
  if (now.value === null || now.n < minimumN) return 'insufficient'
  if (metric === 'bias' || now.interval === null || !before?.interval) return 'ok'
  const isWorse = errors.has(metric) ? now.interval[0] > before.interval[1] : now.interval[1] < before.interval[0]
  return isWorse ? 'warning' : 'ok'
}

function findingsOf(
  { metrics, perClass, referenceMetrics, estimated, ranking }: DetailOf<'performance'>,
  { minimumN }: ParametersOf<'performance'>,
): AnswerFinding[] {
  const overall = Object.entries(metrics).map(([metric, now]) => {
    const before = referenceMetrics?.[metric]
    const reference =
      before === undefined || before.value === null ? '' : `; ${sayNumber(before.value)} in the reference`
    const why = now.interval === null && now.note !== undefined ? `; ${now.note}` : ''
    return findingOf({ metric }, now, {
      status: statusOf(metric, now, before, minimumN),
      message:
        now.value === null
          ? `${capitalise(nameOf(metric))} has no value: ${now.note ?? 'it is undefined here'}`
          : `${capitalise(nameOf(metric))} ${sayEstimate(now)} on ${ranking ? sayMany(now.n, 'query', 'queries') : sayMany(now.n, 'labelled sample')}${reference}${why}`,
    })
  })
  const single = perClass.flatMap(({ className, precision, recall }) =>
    (
      [
        ['classPrecision', precision, 'prediction'],
        ['classRecall', recall, 'label'],
      ] as const
    ).map(([metric, now, what]) =>
      findingOf({ metric, className }, now, {
        status: now.value === null || now.n < minimumN ? 'insufficient' : 'ok',
        message: `${capitalise(nameOf(metric))} of class ${className} ${sayEstimate(now)} on ${sayMany(now.n, what)}`,
      }),
    ),
  )
  return [...overall, ...single, ...estimateFindings(estimated, minimumN)]
}

/** `accuracy` reads `estimatedAccuracy` where no labels stand behind it. */
const estimatedName = (metric: string) => `estimated${capitalise(metric)}`

/** The leading estimate as a number of its own, so that limits may stand on it; without a verdict while it is suspended. */
function estimateFindings(estimated: DetailOf<'performance'>['estimated'], minimumN: number): AnswerFinding[] {
  const now = estimated?.metrics[estimated.leading]
  if (estimated === undefined || now === undefined || now.value === null) return []
  const { leading, ledger, isSuspended, reason } = estimated
  const record =
    ledger.scored === 0 ? 'not scored yet' : `agreed with labels ${ledger.agreed} of ${ledger.scored} times`
  return [
    findingOf({ metric: estimatedName(leading) }, now, {
      status: isSuspended || now.n < minimumN ? 'insufficient' : 'ok',
      message: `Estimated ${nameOf(leading)} ${sayEstimate(now)} on ${sayMany(now.n, 'sample')}, without labels; ${isSuspended ? `suspended: ${reason}` : record}`,
    }),
  ]
}

/** What can be said of performance besides labels. */
function sayEstimated(estimated: DetailOf<'performance'>['estimated']): string {
  const now = estimated?.metrics[estimated.leading]
  if (estimated === undefined || now === undefined || now.value === null) return ''
  return estimated.isSuspended
    ? `; estimates without labels are suspended`
    : `; estimated without labels: ${nameOf(estimated.leading)} ${sayEstimate(now)}`
}

function headlineOf(
  { metrics, referenceMetrics, labelled, total, estimated, ranking }: DetailOf<'performance'>,
  { minimumN }: ParametersOf<'performance'>,
): Headline {
  const [leading, now] = Object.entries(metrics)[0]
  const before = referenceMetrics?.[leading]
  const lists = ranking ? `${sayMany(now.n, 'query', 'queries')}, ` : ''
  const of = `${lists}${sayCount(labelled)} of ${sayMany(total, 'sample')} labelled`
  if (now.value === null)
    return { status: 'insufficient', text: `Performance cannot be judged: ${now.note ?? of}${sayEstimated(estimated)}` }
  const text = `${capitalise(nameOf(leading))} ${sayEstimate(now)}, ${of}`
  const status = statusOf(leading, now, before, minimumN)
  if (status === 'insufficient')
    return {
      status,
      text: `${text}: too few${ranking ? ' queries' : ''} to judge (at least ${sayCount(minimumN)} are needed)${sayEstimated(estimated)}`,
    }
  if (before === undefined || before.value === null) return { status, text }
  return { status, text: `${text}; ${sayNumber(before.value)} in the reference` }
}
