import type { Task } from '../contract/model.ts'
import type { Headline } from '../contract/primitives.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import type { AnalysisContext } from './answer.ts'
import {
  compareByRow,
  needsProbabilities,
  type PairedRows,
  pairRows,
  regressionMetricNames,
  scoreMetricNames,
} from './comparison/by-row.ts'
import {
  compareCounted,
  compareShare,
  countedMetrics,
  countJoint,
  isShare,
  type JointCells,
} from './comparison/counted.ts'
import type { ComparedMetric } from './comparison/shape.ts'
import { classCodes, listClasses } from './performance/codes.ts'
import { positiveClassOf, positiveScores } from './performance/measure.ts'
import type { ResampleOptions } from './performance/resample.ts'
import { sayCount, sayMany, sayNumber, sayPValue } from './wording.ts'

export type { ComparedMetric } from './comparison/shape.ts'

export interface ComparedSide {
  readonly prediction: Column | null
  readonly scores: SampleTable['scores']
}

export interface ComparisonInput {
  readonly label: Column
  /** What is compared with: production, or the first column. */
  readonly first: ComparedSide
  readonly second: ComparedSide
  readonly task: Task
  readonly classes: readonly string[]
  readonly positiveClass: string | null
}

export interface ComparisonParameters {
  readonly confidence: number
  readonly resamples: number
  readonly seed: number
  readonly minimumN: number
}

export interface ComparisonAnswer {
  readonly headline: Headline
  /** Rows with a label and both predictions. */
  readonly n: number
  readonly task: Task
  readonly positiveClass: string | null
  readonly metrics: readonly ComparedMetric[]
}

/** Two sets of predictions of the same rows, ready to be compared by one metric or all. */
export interface Comparison {
  readonly n: number
  readonly positiveClass: string | null
  readonly names: readonly string[]
  /** Null for a metric that the task does not have, or that has no value on one side. */
  compare(metric: string): ComparedMetric | null
}

/** Pairs up rows that have a label and both predictions. O(n). */
export function pairPredictions(input: ComparisonInput, options: ResampleOptions): Comparison {
  const { label, first, second, task } = input
  if (first.prediction === null || second.prediction === null) return nothing
  if (task === 'regression') {
    const columns = [label, first.prediction, second.prediction]
    if (columns.some(({ type }) => type !== 'numeric')) return nothing
    const [a, b, c] = columns.map((column) => (column.type === 'numeric' ? column.values : new Float64Array()))
    const rows = pairRows(a, b, c)
    return {
      n: rows.label.length,
      positiveClass: null,
      names: regressionMetricNames,
      compare: (metric) =>
        regressionMetricNames.some((name) => name === metric) ? compareByRow(metric, rows, options) : null,
    }
  }
  const classes = listClasses(input.classes, [label, first.prediction, second.prediction])
  const labels = classCodes(label, classes)
  const positiveClass = task === 'binary' ? positiveClassOf(input, classes.names) : null
  const positive = positiveClass === null ? -1 : classes.codeOf(positiveClass)
  const cells = countJoint(
    labels,
    classCodes(first.prediction, classes),
    classCodes(second.prediction, classes),
    classes.names.length,
    positive,
  )
  const [scoresOfFirst, scoresOfSecond] = [first, second].map(({ scores }) =>
    positiveScores(scores, positiveClass, classes),
  )
  const isPositive = Float64Array.from(labels, (code) => (code < 0 ? Number.NaN : code === positive ? 1 : 0))
  const rows = scoresOfFirst && scoresOfSecond ? pairRows(isPositive, scoresOfFirst, scoresOfSecond) : null
  return classification(cells, rows, task, positiveClass, options)
}

const nothing: Comparison = { n: 0, positiveClass: null, names: [], compare: () => null }

function classification(
  cells: JointCells,
  rows: PairedRows | null,
  task: 'binary' | 'multiclass',
  positiveClass: string | null,
  options: ResampleOptions,
): Comparison {
  const areProbabilities =
    rows !== null && [rows.first, rows.second].every((side) => side.every((score) => score >= 0 && score <= 1))
  const ofScores =
    rows === null ? [] : scoreMetricNames.filter((name) => areProbabilities || !needsProbabilities.has(name))
  return {
    n: cells.n,
    positiveClass,
    names: ['accuracy', ...Object.keys(countedMetrics[task]), ...ofScores],
    compare(metric) {
      if (isShare(metric, task)) return compareShare(metric, cells, options.confidence)
      if (rows !== null && ofScores.some((name) => name === metric)) return compareByRow(metric, rows, options)
      return compareCounted(metric, task, cells, options)
    },
  }
}

const lessIsBetter: ReadonlySet<string> = new Set(['logLoss', 'brier', 'mae', 'rmse', 'medianAbsoluteError'])

/**
 * Compares two sets of predictions with labels on the same rows, metric by metric (differences are second − first): McNemar's exact
 * test for accuracy, recall and specificity, paired Student and DeLong tests where a row's share in the metric is known, for the
 * rest a paired bootstrap held against rows that exchange their predictions.
 *
 * The headline is on the leading metric (accuracy, or mean absolute error): `warning` when the second is worse and the interval of the
 * difference lies wholly on that side, `insufficient` below `minimumN` rows. Tests of the other metrics are not corrected for each
 * other: they tell where a difference is, not whether there is one.
 */
export function analyzeComparison(
  input: ComparisonInput,
  { minimumN, ...parameters }: ComparisonParameters,
  context: AnalysisContext,
): ComparisonAnswer {
  const comparison = pairPredictions(input, { ...parameters, context })
  const metrics = comparison.names.flatMap((name, i) => {
    context.onProgress(i / comparison.names.length)
    return comparison.compare(name) ?? []
  })
  const { n, positiveClass } = comparison
  return { headline: headlineOf(metrics[0], n, minimumN), n, task: input.task, positiveClass, metrics }
}

function headlineOf(leading: ComparedMetric | undefined, n: number, minimumN: number): Headline {
  if (leading === undefined)
    return { status: 'insufficient', text: 'They cannot be compared: no row has a label and both predictions' }
  const { metric, first, second, difference, pValue, onlyFirst, onlySecond } = leading
  const name = metric === 'mae' ? 'Mean absolute error' : 'Accuracy'
  const [low, high] = difference.interval ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const change = `${name} ${sayNumber(first)} against ${sayNumber(second)} on ${sayMany(n, 'row')}`
  const size = `${sayNumber(Math.abs(difference.value ?? 0))}`
  const range = difference.interval === null ? '' : ` (difference ${sayNumber(low)} to ${sayNumber(high)})`
  const test = pValue === null ? '' : `, ${sayPValue(pValue)}`
  const apart =
    onlyFirst === undefined || onlySecond === undefined
      ? ''
      : `; only the first is right on ${sayCount(onlyFirst)}, only the second on ${sayCount(onlySecond)}`
  if (n < minimumN)
    return { status: 'insufficient', text: `${change}: too few to judge (at least ${sayCount(minimumN)} are needed)` }
  if (low <= 0 && high >= 0) return { status: 'ok', text: `${change}: no difference is shown${range}${test}${apart}` }
  const isWorse = lessIsBetter.has(metric) ? low > 0 : high < 0
  const how = `${isWorse ? 'worse' : 'better'} by ${size}`
  return { status: isWorse ? 'warning' : 'ok', text: `${change}: the second is ${how}${range}${test}${apart}` }
}
