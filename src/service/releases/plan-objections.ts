import { numberMetrics } from '../../analysis/parameters.ts'
import { decodeTable } from '../../collect/dataset-codec.ts'
import type { Dataset, Model } from '../../contract/model.ts'
import type { Gate, TestPlan } from '../../contract/release.ts'
import type { SampleTable } from '../../contract/table.ts'
import { formatCount, formatList } from '../../rules/format.ts'
import { maxLoadRequests } from './measure/measure-load.ts'

/** Metrics that performance is measured by, for each task. */
export const metricsOf: Readonly<Record<Model['task'], readonly string[]>> = {
  binary: [
    'accuracy',
    'precision',
    'recall',
    'specificity',
    'f1',
    'balancedAccuracy',
    'matthews',
    'rocAuc',
    'prAuc',
    'logLoss',
    'brier',
    'calibrationError',
  ],
  multiclass: [
    'accuracy',
    'macroF1',
    'weightedF1',
    'macroPrecision',
    'macroRecall',
    'weightedPrecision',
    'balancedAccuracy',
    'matthews',
    'kappa',
  ],
  regression: ['r2', 'mae', 'rmse', 'bias', 'medianAbsoluteError', 'explainedVariance', 'mape', 'maxError'],
}

/** Of a regression whose schema says that it ranks lists. */
const rankedMetric = /^(ndcg|precision|recall|hitRate|averagePrecision|reciprocalRank)@\d+$/

/** Differences and ratios between groups that a regression is measured by. */
const numberMeasures: readonly string[] = numberMetrics.flatMap((metric) =>
  metric === 'bias' ? ['biasDifference'] : [`${metric}Difference`, `${metric}Ratio`],
)

/** The test set behind a plan, as far as its objections need it. */
export interface PlanGround {
  readonly model: Pick<Model, 'id' | 'task'>
  readonly dataset: Pick<Dataset, 'modelId' | 'role' | 'name'>
  /** Null when its rows are not in the workspace. */
  readonly table: SampleTable | null
}

function objectionsToGate(gate: Gate, { model, table }: PlanGround): string[] {
  const found: string[] = []
  const say = (problem: string) => found.push(`${gate.title}: ${problem}`)
  if (gate.kind === 'metric') {
    const known = metricsOf[model.task]
    const isRanked = model.task === 'regression' && rankedMetric.test(gate.metric)
    if (!isRanked && !known.includes(gate.metric))
      say(`there is no ${gate.metric} for this task; there are ${formatList(known, 20)}`)
  }
  if (gate.kind === 'fairness') {
    const isOfNumbers = numberMeasures.includes(gate.measure)
    if (model.task === 'regression' && !isOfNumbers)
      say(`${gate.measure} is measured of classes; of numbers there are ${formatList(numberMeasures, 20)}`)
    if (model.task !== 'regression' && isOfNumbers) say(`${gate.measure} is measured of predicted numbers`)
    const absent = gate.groupColumns.filter((name) => table !== null && !table.columns.has(name))
    if (absent.length > 0) say(`the test set has no column ${formatList(absent)}`)
  }
  if (gate.kind === 'worst-slice' && !(gate.minCoverage > 0 && gate.minCoverage <= 1))
    say('the share of rows that a slice must hold lies between 0 and 1')
  if (gate.kind === 'latency') {
    const requests = (gate.requestsPerSecond * gate.durationMs) / 1000
    if (requests > maxLoadRequests)
      say(`${formatCount(Math.round(requests))} requests are more than the ${formatCount(maxLoadRequests)} of one load`)
    if (requests * (1 - gate.quantile) < 1)
      say(`${formatCount(Math.floor(requests))} requests are too few for the quantile ${gate.quantile}`)
  }
  return found
}

/** Why a plan cannot be saved, in sentences; empty when it can. */
export function objectionsToPlan(plan: Pick<TestPlan, 'gates'>, ground: PlanGround): string[] {
  const { model, dataset, table } = ground
  const found: string[] = []
  if (dataset.modelId !== model.id) found.push('The test set belongs to another model')
  if (dataset.role !== 'test') found.push(`${dataset.name} is a ${dataset.role} dataset, not a test set`)
  if (table === null) found.push(`The rows of ${dataset.name} are not in the workspace`)
  else if (table.label === null) found.push(`${dataset.name} has no labels: nothing could be measured on it`)
  const ids = plan.gates.map((gate) => gate.id)
  const twice = ids.filter((id, place) => ids.indexOf(id) !== place)
  if (twice.length > 0) found.push(`Several gates are called ${formatList([...new Set(twice)])}`)
  return [...found, ...plan.gates.flatMap((gate) => objectionsToGate(gate, ground))]
}

export const tableOfBlob = (bytes: Uint8Array | null): SampleTable | null =>
  bytes === null ? null : decodeTable(bytes)
