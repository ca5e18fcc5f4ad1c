import type { SchemaSpec } from '../../contract/model.ts'
import type { Estimate } from '../../contract/primitives.ts'
import type { OutcomeSummary, Profile } from '../../contract/profile.ts'
import { binaryMetrics } from '../../stats/binary-metrics.ts'
import { type BinaryCounts, binaryCountsOf, type Confusion } from '../../stats/confusion.ts'
import { multiclassMetrics } from '../../stats/multiclass-metrics.ts'
import { twoSidedZ } from '../../stats/normal-distribution.ts'
import { wilsonInterval } from '../../stats/wilson.ts'

/** What profiles say of predictions and labels together, added up. */
export interface Tally {
  n: number
  labelled: number
  /** By actual, then predicted class. */
  readonly confusion: Map<string, Map<string, number>>
  /** Labelled predictions that `confusion` leaves out, because there are more pairs than profiles keep. */
  omitted: number
  readonly predicted: Map<string, number>
  /** Predictions of classes that `predicted` leaves out, because there are more than profiles keep. */
  predictedOmitted: number
  readonly errors: { sumAbsolute: number; sumSquared: number; sum: number; sumLabel: number; sumSquaredLabel: number }
}

export const emptyTally = (): Tally => ({
  n: 0,
  labelled: 0,
  confusion: new Map(),
  omitted: 0,
  predicted: new Map(),
  predictedOmitted: 0,
  errors: { sumAbsolute: 0, sumSquared: 0, sum: 0, sumLabel: 0, sumSquaredLabel: 0 },
})

const add = (counts: Map<string, number>, key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by)
/** The row of everyone, beside those of groups. */
const everyone = ''

function addOutcomes(tally: Tally, outcomes: OutcomeSummary): void {
  tally.labelled += outcomes.labelled
  tally.omitted += outcomes.omitted?.count ?? 0
  for (const [actual, row] of Object.entries(outcomes.confusion)) {
    const known = tally.confusion.get(actual) ?? new Map<string, number>()
    tally.confusion.set(actual, known)
    for (const [predicted, count] of Object.entries(row)) add(known, predicted, count)
  }
  const { errors } = tally
  errors.sumAbsolute += outcomes.sumAbsoluteError
  errors.sumSquared += outcomes.sumSquaredError
  errors.sum += outcomes.sumError
  errors.sumLabel += outcomes.sumLabel
  errors.sumSquaredLabel += outcomes.sumSquaredLabel
}

/** Adds one hour. */
export function tallyProfile(tally: Tally, profile: Profile): void {
  tally.n += profile.n
  const outcomes = Object.hasOwn(profile.outcomes, everyone) ? profile.outcomes[everyone] : undefined
  if (outcomes !== undefined) addOutcomes(tally, outcomes)
  if (Object.hasOwn(profile.predictedByGroup, everyone))
    for (const [name, count] of Object.entries(profile.predictedByGroup[everyone])) add(tally.predicted, name, count)
  if (profile.predictedOmitted !== undefined && Object.hasOwn(profile.predictedOmitted, everyone))
    tally.predictedOmitted += profile.predictedOmitted[everyone]
}

interface Asked {
  readonly metrics: readonly string[]
  /** Null where the version is not known: classes are then those that occur. */
  readonly schema: Pick<SchemaSpec, 'task' | 'classes' | 'positiveClass'> | null
  readonly confidence: number
}

const unknown = (n: number, note: string): Estimate => ({ value: null, n, interval: null, note })

/** A proportion with Wilson's interval. */
function share(hits: number, n: number, confidence: number): Estimate {
  const result = wilsonInterval(hits, n, confidence)
  if (result.status !== 'ok') return unknown(n, 'There are no labels that it could be counted on')
  return { value: result.value, n, interval: [result.interval.low, result.interval.high] }
}

function confusionOf(tally: Tally, classes: readonly string[]): Confusion {
  const index = new Map(classes.map((name, position) => [name, position]))
  const counts = new Float64Array(classes.length ** 2)
  for (const [actual, row] of tally.confusion)
    for (const [predicted, count] of row) {
      const [truth, guess] = [index.get(actual), index.get(predicted)]
      if (truth !== undefined && guess !== undefined) counts[truth * classes.length + guess] += count
    }
  return { classes: classes.length, counts, missing: 0 }
}

const binaryShares: Record<string, (counts: BinaryCounts) => [hits: number, n: number]> = {
  precision: ({ truePositives: hits, falsePositives }) => [hits, hits + falsePositives],
  recall: ({ truePositives: hits, falseNegatives }) => [hits, hits + falseNegatives],
  specificity: ({ trueNegatives: hits, falsePositives }) => [hits, hits + falsePositives],
  falsePositiveRate: ({ falsePositives: hits, trueNegatives }) => [hits, hits + trueNegatives],
  falseNegativeRate: ({ falseNegatives: hits, truePositives }) => [hits, hits + truePositives],
}

function classMetric(tally: Tally, metric: string, { schema, confidence }: Asked): Estimate {
  if (tally.omitted > 0)
    return unknown(
      tally.labelled,
      `There are more pairs of label and prediction than profiles keep: ${tally.omitted} of ${tally.labelled} labels are not told apart`,
    )
  const occurring = new Set([
    ...tally.confusion.keys(),
    ...[...tally.confusion.values()].flatMap((row) => [...row.keys()]),
  ])
  const classes = [...new Set([...(schema?.classes ?? []), ...occurring])]
  const table = confusionOf(tally, classes)
  const all = multiclassMetrics(table)
  if (metric === 'accuracy') {
    const correct = classes.reduce((sum, _, code) => sum + table.counts[code * classes.length + code], 0)
    return share(correct, all.n, confidence)
  }
  const noInterval = (value: number | null): Estimate =>
    value === null ? unknown(all.n, 'Too few labels') : { value, n: all.n, interval: null }
  if (metric === 'macroF1') return noInterval(all.macro.f1)
  if (metric === 'balancedAccuracy') return noInterval(all.balancedAccuracy)
  if (metric === 'kappa') return noInterval(all.kappa)
  if (metric === 'matthewsCorrelation') return noInterval(all.matthewsCorrelation)
  const positive = schema?.positiveClass ?? (classes.length === 2 ? classes[1] : null)
  if (positive === null || !classes.includes(positive)) return unknown(all.n, 'It needs a positive class')
  const counts = binaryCountsOf(table, classes.indexOf(positive))
  if (Object.hasOwn(binaryShares, metric)) {
    const [hits, n] = binaryShares[metric](counts)
    return share(hits, n, confidence)
  }
  return metric === 'f1' ? noInterval(binaryMetrics(counts).f1) : unknown(all.n, 'Profiles do not tell this number')
}

/**
 * Errors of a regression from their sums. The mean absolute error and the mean error have the normal interval about a mean; the
 * other two have none that their sums could give.
 */
function errorMetric({ labelled: n, errors }: Tally, metric: string, { confidence }: Asked): Estimate {
  if (n === 0) return unknown(0, 'There are no labels')
  const meanOf = (sum: number): Estimate => {
    const value = sum / n
    if (n < 2) return { value, n, interval: null }
    const variance = Math.max(0, (errors.sumSquared - n * value * value) / (n - 1))
    const half = twoSidedZ(confidence) * Math.sqrt(variance / n)
    return { value, n, interval: [value - half, value + half] }
  }
  if (metric === 'mae') return meanOf(errors.sumAbsolute)
  if (metric === 'meanError') return meanOf(errors.sum)
  if (metric === 'rmse') return { value: Math.sqrt(errors.sumSquared / n), n, interval: null }
  if (metric !== 'r2') return unknown(n, 'Profiles do not tell this number')
  const spread = errors.sumSquaredLabel - (errors.sumLabel * errors.sumLabel) / n
  return spread > 0
    ? { value: 1 - errors.sumSquared / spread, n, interval: null }
    : unknown(n, 'All labels are the same')
}

/** One point of the series. */
export function bucketOf(from: number, tally: Tally, asked: Asked) {
  const isRegression = asked.schema?.task === 'regression'
  const total = [...tally.predicted.values()].reduce((sum, count) => sum + count, tally.predictedOmitted)
  return {
    from,
    n: tally.n,
    labelled: tally.labelled,
    metrics: Object.fromEntries(
      asked.metrics.map((metric) => [
        metric,
        isRegression ? errorMetric(tally, metric, asked) : classMetric(tally, metric, asked),
      ]),
    ),
    predictedShares: Object.fromEntries([...tally.predicted].map(([name, count]) => [name, count / total])),
    ...(tally.predictedOmitted > 0 && { predictedOmitted: tally.predictedOmitted }),
  }
}
