import { averagePrecision } from '../../stats/average-precision.ts'
import { computeMoments } from '../../stats/moments.ts'
import { median } from '../../stats/quantiles.ts'
import { createRandom, randomInteger } from '../../stats/random.ts'
import { rocInfluence } from '../../stats/roc-influence.ts'
import { splitScores } from '../../stats/scored-classes.ts'
import { studentTQuantile, studentTTwoSided } from '../../stats/student-t-distribution.ts'
import { throwIfCancelled } from '../answer.ts'
import { intervalEstimate, plainEstimate } from '../estimates.ts'
import type { ResampleOptions } from '../performance/resample.ts'
import { logLossOf } from '../performance/scored.ts'
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

const linearised: Readonly<Record<string, (rows: PairedRows, side: Side) => Linearised | null>> = {
  rocAuc: (rows, side) => rocInfluence(rows[side], rows.label),
  logLoss: (rows, side) => meanOf(rows[side].map((p, i) => logLossOf(rows.label[i] === 1 ? p : 1 - p))),
  brier: (rows, side) => meanOf(errorsOf(rows, side).map((error) => error * error)),
  mae: (rows, side) => meanOf(errorsOf(rows, side).map(Math.abs)),
  rmse(rows, side) {
    const { value, influence } = meanOf(errorsOf(rows, side).map((error) => error * error))
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

const resampledMeasures: Readonly<Record<string, (rows: PairedRows, side: Side, at: Uint32Array) => number | null>> = {
  prAuc: (rows, side, at) =>
    averagePrecision(
      splitScores(
        Float64Array.from(at, (row) => rows[side][row]),
        Float64Array.from(at, (row) => rows.label[row]),
      ),
    ),
  medianAbsoluteError: (rows, side, at) =>
    median(Float64Array.from(at, (row) => Math.abs(rows[side][row] - rows.label[row]))),
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
 * the deviation that a paired bootstrap shows (percentiles of ties that the rows do not have lie to one side).
 * Null for a measure that is not known or has no value. O(n log n), or O(resamples · n log n).
 */
export function compareByRow(metric: string, rows: PairedRows, options: ResampleOptions): ComparedMetric | null {
  const n = rows.label.length
  if (n < 2) return null
  if (!Object.hasOwn(linearised, metric)) return compareResampled(metric, rows, options)
  const [a, b] = (['first', 'second'] as const).map((side) => linearised[metric](rows, side))
  if (a === null || b === null) return null
  const { m2 } = computeMoments(b.influence.map((moved, i) => moved - a.influence[i]))
  const method = metric === 'rocAuc' ? 'paired-delong' : 'paired-t'
  return byStudent(
    { metric, first: a.value, second: b.value, method },
    Math.sqrt(m2 / (n - 1) / n),
    n,
    options.confidence,
  )
}

function compareResampled(metric: string, rows: PairedRows, options: ResampleOptions): ComparedMetric | null {
  if (!Object.hasOwn(resampledMeasures, metric)) return null
  const measure = resampledMeasures[metric]
  const n = rows.label.length
  const all = Uint32Array.from({ length: n }, (_, row) => row)
  const [first, second] = [measure(rows, 'first', all), measure(rows, 'second', all)]
  if (first === null || second === null) return null
  const random = createRandom(options.seed)
  const at = new Uint32Array(n)
  const draws: number[] = []
  const repeats = Math.max(50, Math.min(options.resamples, Math.floor(maxWork / n)))
  for (let i = 0; i < repeats; i++) {
    throwIfCancelled(options.context)
    for (let row = 0; row < n; row++) at[row] = randomInteger(random, n)
    const [a, b] = [measure(rows, 'first', at), measure(rows, 'second', at)]
    if (a !== null && b !== null) draws.push(b - a)
  }
  const { m2 } = computeMoments(draws)
  const error = draws.length < 0.9 * repeats ? 0 : Math.sqrt(m2 / (draws.length - 1))
  return byStudent({ metric, first, second, method: 'paired-bootstrap' }, error, n, options.confidence)
}

/** A difference with Student's interval and test, given its standard error; 0: not known. */
function byStudent(
  base: Pick<ComparedMetric, 'metric' | 'first' | 'second' | 'method'>,
  error: number,
  n: number,
  confidence: number,
): ComparedMetric {
  const difference = base.second - base.first
  if (!(error > 0)) return { ...base, difference: plainEstimate(difference, n), pValue: difference === 0 ? 1 : null }
  const margin = studentTQuantile((1 + confidence) / 2, n - 1) * error
  return {
    ...base,
    difference: intervalEstimate(difference, n, { low: difference - margin, high: difference + margin }),
    pValue: studentTTwoSided(difference / error, n - 1),
  }
}
