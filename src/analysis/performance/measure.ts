import type { RankingSpec, Task } from '../../contract/model.ts'
import type { Estimate } from '../../contract/primitives.ts'
import type { DetailOf } from '../../contract/report.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { binaryCountsOf, type Confusion, countConfusion } from '../../stats/confusion.ts'
import { noEstimate } from '../estimates.ts'
import type { ParametersOf } from '../parameters.ts'
import { binaryEstimates } from './binary.ts'
import { type ClassList, classCodes, listClasses, tooManyClasses } from './codes.ts'
import { gainsOf, sweepThresholds } from './decide.ts'
import { classEstimates, multiclassEstimates } from './multiclass.ts'
import { multiclassScores } from './multiclass-scored.ts'
import { regressionEstimates } from './regression.ts'
import type { ResampleOptions } from './resample.ts'
import { scoreMetrics } from './scored.ts'

export interface Measured {
  readonly labelled: number
  readonly metrics: Record<string, Estimate>
  readonly confusion: DetailOf<'performance'>['confusion']
  readonly perClass: DetailOf<'performance'>['perClass']
  readonly calibration: DetailOf<'performance'>['calibration']
  readonly gains?: DetailOf<'performance'>['gains']
  readonly thresholds?: DetailOf<'performance'>['thresholds']
  readonly ranking?: DetailOf<'performance'>['ranking']
}

export interface Asked {
  readonly task: Task
  readonly classes: readonly string[]
  readonly positiveClass: string | null
  /** A regression whose numbers rank lists. */
  readonly ranking?: RankingSpec | undefined
}

/** The positive class of a binary task: as declared, otherwise the second class (`1` of `0` and `1`). */
export function positiveClassOf({ positiveClass, classes }: Asked, occurring: readonly string[]): string | null {
  return positiveClass ?? classes[1] ?? occurring[1] ?? occurring[0] ?? null
}

/** Measures a table that has predictions and labels. */
export function measureClassification(
  { scores, n }: SampleTable,
  prediction: Column,
  label: Column,
  asked: Asked,
  parameters: ParametersOf<'performance'>,
  options: ResampleOptions,
): Measured & { readonly positiveClass: string | null } {
  const classes = listClasses(asked.classes, [prediction, label])
  const labels = classCodes(label, classes)
  const obstacle = tooManyClasses(classes)
  if (obstacle !== null) {
    const predicted = classCodes(prediction, classes)
    let both = 0
    for (let row = 0; row < n; row++) if (labels[row] >= 0 && predicted[row] >= 0) both++
    const metrics = { accuracy: noEstimate(both, obstacle) }
    return { positiveClass: null, labelled: both, metrics, confusion: null, perClass: [], calibration: [] }
  }
  const confusion = countConfusion(labels, classCodes(prediction, classes), classes.names.length)
  const labelled = n - confusion.missing
  const base = {
    labelled,
    confusion: { classes: [...classes.names], counts: rowsOf(confusion) },
    perClass: classEstimates(confusion, classes.names, options),
  }
  if (asked.task === 'multiclass') {
    const ofScores = multiclassScores(scores, labels, classes, parameters, options)
    return {
      ...base,
      positiveClass: null,
      calibration: ofScores.calibration,
      metrics: { ...multiclassEstimates(confusion, options), ...ofScores.metrics },
    }
  }
  const positiveClass = positiveClassOf(asked, classes.names)
  const positive = positiveClass === null ? -1 : classes.codeOf(positiveClass)
  const counts = binaryCountsOf(confusion, positive)
  const metrics = binaryEstimates(counts, options)
  const score = positiveScores(scores, positiveClass, classes)
  if (score === null) return { ...base, positiveClass, metrics, calibration: [] }
  const isPositive = labels.map((code) => (code < 0 ? -1 : code === positive ? 1 : 0))
  const ofScores = scoreMetrics(score, isPositive, parameters, options)
  const costs = { falsePositive: parameters.falsePositiveCost, falseNegative: parameters.falseNegativeCost }
  const thresholds = sweepThresholds(ofScores.scored, counts, costs, options)
  return {
    ...base,
    positiveClass,
    metrics: { ...metrics, ...ofScores.metrics },
    calibration: ofScores.calibration,
    ...(thresholds !== undefined && { thresholds, gains: gainsOf(ofScores.scored, options.confidence) }),
  }
}

export function measureRegression(
  { n }: SampleTable,
  prediction: Column,
  label: Column,
  options: ResampleOptions,
): Measured {
  const none = { confusion: null, perClass: [], calibration: [] }
  if (prediction.type !== 'numeric' || label.type !== 'numeric') {
    const note = `${prediction.type === 'numeric' ? 'labels' : 'predictions'} are not numbers`
    return { ...none, labelled: 0, metrics: { mae: noEstimate(0, note), rmse: noEstimate(0, note) } }
  }
  let labelled = 0
  for (let row = 0; row < n; row++) if (Number.isFinite(prediction.values[row] - label.values[row])) labelled++
  return { ...none, labelled, metrics: regressionEstimates(label.values, prediction.values, options) }
}

function rowsOf({ classes, counts }: Confusion): number[][] {
  return Array.from({ length: classes }, (_, c) => [...counts.subarray(c * classes, (c + 1) * classes)])
}

/** Scores of the positive class; of two classes the other one's complement will do. */
export function positiveScores(
  scores: SampleTable['scores'],
  positiveClass: string | null,
  classes: ClassList,
): Float64Array | null {
  if (positiveClass === null) return null
  const own = scores.get(positiveClass)
  if (own !== undefined) return own
  const other = classes.names.length === 2 ? classes.names.find((name) => name !== positiveClass) : undefined
  return (other !== undefined && scores.get(other)?.map((score) => 1 - score)) || null
}
