import { averagePrecision } from '../../stats/average-precision.ts'
import { computeMoments } from '../../stats/moments.ts'
import { median } from '../../stats/quantiles.ts'
import { createRandom, randomInteger } from '../../stats/random.ts'
import { midRanks } from '../../stats/ranks.ts'
import { rocInfluence } from '../../stats/roc-influence.ts'
import { splitScores } from '../../stats/scored-classes.ts'
import { studentTQuantile, studentTTwoSided } from '../../stats/student-t-distribution.ts'
import { throwIfCancelled } from '../answer.ts'
import { intervalEstimate, plainEstimate } from '../estimates.ts'
import type { ResampleOptions } from '../performance/resample.ts'
import { logLossOf } from '../performance/scored.ts'
import { exchangeRows, heldAgainst } from './exchanged.ts'
import type { ComparedMetric } from './shape.ts'

/** Rows both sides can be measured on: labels with two predicted numbers (scores of the positive class, or predictions). */
export interface PairedRows {
  readonly label: Float64Array
  readonly first: Float64Array
  readonly second: Float64Array
}

/** Rows on which all three are finite. O(n). */
export function pairRows(label: ArrayLike<number>, first: ArrayLike<number>, second: ArrayLike<number>): PairedRows {
  const rows: number[] = []
  for (let row = 0; row < label.length; row++)
    if (Number.isFinite(label[row]) && Number.isFinite(first[row] - second[row])) rows.push(row)
  const take = (from: ArrayLike<number>) => Float64Array.from(rows, (row) => from[row])
  return { label: take(label), first: take(first), second: take(second) }
}

type Side = 'first' | 'second'
/** A measure with the influence of each row on it: what it moves by, times n, when the row weighs a little more. */
type Linearised = { readonly value: number; readonly influence: Float64Array }

const meanOf = (losses: Float64Array): Linearised => {
  const { mean } = computeMoments(losses)
  return { value: mean, influence: losses.map((loss) => loss - mean) }
}
const errorsOf = (rows: PairedRows, side: Side) => rows[side].map((value, i) => value - rows.label[i])

const squaredErrors = (rows: PairedRows, side: Side) => meanOf(errorsOf(rows, side).map((error) => error * error))

const linearised: Readonly<Record<string, (rows: PairedRows, side: Side) => Linearised | null>> = {
  rocAuc: (rows, side) => rocInfluence(rows[side], rows.label),
  logLoss: (rows, side) => meanOf(rows[side].map((p, i) => logLossOf(rows.label[i] === 1 ? p : 1 - p))),
  brier: squaredErrors,
  mae: (rows, side) => meanOf(errorsOf(rows, side).map(Math.abs)),
  rmse(rows, side) {
    const { value, influence } = squaredErrors(rows, side)
    const root = Math.sqrt(value)
    return root > 0 ? { value: root, influence: influence.map((moved) => moved / (2 * root)) } : null
  },
  r2(rows, side) {
    const { mean, m2, n } = computeMoments(rows.label)
    if (!(m2 > 0)) return null
    const squares = errorsOf(rows, side).map((error) => error * error)
    const left = (computeMoments(squares).mean * n) / m2
    return {
      value: 1 - left,
      influence: squares.map((square, i) => (-(square - left * (rows.label[i] - mean) ** 2) * n) / m2),
    }
  },
}

interface ResampledMeasure {
  readonly measure: (predicted: Float64Array, label: Float64Array) => number | null
  /** Numbers that either side may have instead of its own, without a change of what is measured: such can be exchanged. */
  readonly alike: (predicted: Float64Array) => Float64Array
  readonly limit?: number
}
const resampledMeasures: Readonly<Record<string, ResampledMeasure>> = {
  prAuc: {
    measure: (scores, label) => averagePrecision(splitScores(scores, label)),
    // Scores of two models need not have one scale, their ranks do.
    alike: midRanks,
    limit: 1,
  },
  medianAbsoluteError: {
    measure: (predicted, label) => median(predicted.map((value, i) => Math.abs(value - label[i]))),
    alike: (predicted) => predicted,
  },
}

export const scoreMetricNames = ['rocAuc', 'prAuc', 'logLoss', 'brier'] as const
export const regressionMetricNames = ['mae', 'rmse', 'medianAbsoluteError', 'r2'] as const
/** Those of the scores that take them for probabilities. */
export const needsProbabilities: ReadonlySet<string> = new Set(['logLoss', 'brier'])

/** Rows times resamples beyond which fewer are made. */
const maxWork = 30_000_000

/**
 * Difference of a measure on the same rows: for means of losses, areas under the ROC curve (DeLong), root mean squared error and R²
 * Student's interval and test of the mean difference of the rows' influences; for the rest the same with
 * the deviation that a paired bootstrap shows (percentiles of ties that the rows do not have lie to one side), held against rows
 * that exchange their predictions ({@link heldAgainst}).
 * Null for a measure that is not known or has no value. O(n log n), or O(resamples · n log n).
 */
export function compareByRow(metric: string, rows: PairedRows, options: ResampleOptions): ComparedMetric | null {
  const n = rows.label.length
  if (n < 2) return null
  if (!Object.hasOwn(linearised, metric)) return compareResampled(metric, rows, options)
  const [a, b] = (['first', 'second'] as const).map((side) => linearised[metric](rows, side))
  if (a === null || b === null) return null
  if (metric === 'rocAuc') return compareAreas(rows, a, b, options.confidence)
  const errorOf = (one: Linearised, other: Linearised) => {
    const { m2 } = computeMoments(other.influence.map((moved, i) => moved - one.influence[i]))
    return Math.sqrt(m2 / (n - 1) / n)
  }
  let error = errorOf(a, b)
  if (metric === 'rmse') {
    // Roots hold as well where squares are compared, which few rows tell apart no more often than is said.
    const [c, d] = (['first', 'second'] as const).map((side) => squaredErrors(rows, side))
    error = Math.max(error, errorOf(c, d) / (a.value + b.value))
  }
  return byStudent({ metric, first: a.value, second: b.value, method: 'paired-t' }, error, n, options.confidence)
}

/**
 * DeLong's error of a difference of areas, the variance of either label's rows estimated by itself, with Student's quantiles for
 * the rows of the scarcer label: it is they that decide. Without two rows of either label there is neither interval nor test.
 */
function compareAreas(rows: PairedRows, a: Linearised, b: Linearised, confidence: number): ComparedMetric {
  const n = rows.label.length
  const positives = rows.label.reduce((sum, label) => sum + label, 0)
  const scarcer = Math.min(positives, n - positives)
  const base = { metric: 'rocAuc', first: a.value, second: b.value, method: 'paired-delong' as const }
  if (scarcer < 2) {
    const note = 'neither interval nor test: at least 2 rows of either label are needed'
    return { ...base, difference: plainEstimate(b.value - a.value, n, note), pValue: null }
  }
  let variance = 0
  rows.label.forEach((label, i) => {
    const own = label === 1 ? positives : n - positives
    variance += (((b.influence[i] - a.influence[i]) / n) ** 2 * own) / (own - 1)
  })
  return byStudent(base, Math.sqrt(variance), n, confidence, scarcer)
}

function compareResampled(metric: string, rows: PairedRows, options: ResampleOptions): ComparedMetric | null {
  if (!Object.hasOwn(resampledMeasures, metric)) return null
  const { measure, alike, limit } = resampledMeasures[metric]
  const n = rows.label.length
  const differenceOf = (one: Float64Array, other: Float64Array, label: Float64Array) => {
    const [a, b] = [measure(one, label), measure(other, label)]
    return a === null || b === null ? null : b - a
  }
  const [first, second] = [measure(rows.first, rows.label), measure(rows.second, rows.label)]
  if (first === null || second === null) return null
  const random = createRandom(options.seed)
  const at = new Uint32Array(n)
  const take = (from: Float64Array) => Float64Array.from(at, (row) => from[row])
  const draws: number[] = []
  const repeats = Math.max(50, Math.min(options.resamples, Math.floor(maxWork / n)))
  for (let i = 0; i < repeats; i++) {
    throwIfCancelled(options.context)
    for (let row = 0; row < n; row++) at[row] = randomInteger(random, n)
    const difference = differenceOf(take(rows.first), take(rows.second), take(rows.label))
    if (difference !== null) draws.push(difference)
  }
  const { m2 } = computeMoments(draws)
  const error = draws.length < 0.9 * repeats ? 0 : Math.sqrt(m2 / (draws.length - 1))
  const resampled = byStudent({ metric, first, second, method: 'paired-bootstrap' }, error, n, options.confidence)
  const exchanged = exchangeRows(
    alike(rows.first),
    alike(rows.second),
    (one, other) => differenceOf(one, other, rows.label),
    { repeats, random, context: options.context },
  )
  return heldAgainst(exchanged, resampled, options.confidence, limit)
}

const noSpread =
  'neither interval nor test: too few rows, or too few with one of the labels, to tell how much it varies'

/** A difference with Student's interval and test, given its standard error (0: not known) and the rows it rests on. */
function byStudent(
  base: Pick<ComparedMetric, 'metric' | 'first' | 'second' | 'method'>,
  error: number,
  n: number,
  confidence: number,
  resting = n,
): ComparedMetric {
  const difference = base.second - base.first
  if (!(error > 0)) {
    const note = difference === 0 ? undefined : noSpread
    return { ...base, difference: plainEstimate(difference, n, note), pValue: difference === 0 ? 1 : null }
  }
  const margin = studentTQuantile((1 + confidence) / 2, resting - 1) * error
  return {
    ...base,
    difference: intervalEstimate(difference, n, { low: difference - margin, high: difference + margin }),
    pValue: studentTTwoSided(difference / error, resting - 1),
  }
}
