import type { Estimate } from '../contract/primitives.ts'
import type { Column, SampleTable } from '../contract/table.ts'
import { meanInterval } from '../stats/mean-interval.ts'
import { createRandom, shuffle } from '../stats/random.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { type AnalysisContext, throwIfCancelled } from './answer.ts'
import { estimateOf, intervalEstimate, noEstimate, plainEstimate } from './estimates.ts'
import type { OpenShuffler, Predict } from './explanation/predict.ts'
import { takeColumn, textAt } from './explanation-rows.ts'

export interface Importances {
  /** How well the predictions fit the target before anything is shuffled: accuracy, or R² of a regression. */
  readonly baseline: Estimate
  readonly importances: { readonly column: string; readonly importance: Estimate }[]
}

interface Options {
  readonly isRegression: boolean
  readonly columns: readonly string[]
  readonly repeats: number
  readonly confidence: number
  readonly seed: number
  /** A faster way to ask about shuffled rows, where there is one. */
  readonly openShuffler?: OpenShuffler | null
}

/**
 * Permutation importance: what is lost of the fit to `target` when one column's values are shuffled among the rows.
 *
 * The loss of a row is the fall of "right" from 1 to 0 (classes), or the growth of its squared error in units of the
 * target's variance (regression, so that the mean loss is the fall of R²), averaged over `repeats` shuffles; the interval is Student's
 * for the mean loss over rows. Columns that say the same can stand in for each other, and share too little. `predict` is
 * called columns · repeats + 1 times. Source: Breiman, Machine Learning 45 (2001) 5, section 10.
 */
export async function permutationImportance(
  rows: SampleTable,
  target: Column,
  predict: Predict,
  options: Options,
  context: AnalysisContext,
): Promise<Importances> {
  const { columns, repeats, confidence } = options
  const calls = columns.length * repeats + 1
  let done = 0
  const asked = async (answer: Promise<Column>) => {
    const predictions = await answer
    throwIfCancelled(context)
    context.onProgress(++done / calls)
    return predictions
  }
  throwIfCancelled(context)
  const lossOf = options.isRegression ? squaredLoss(target) : classLoss(target)
  const before = lossOf(await asked(predict(rows)))
  const ask = options.openShuffler?.(rows) ?? shuffleTables(rows, predict)
  const importances: Importances['importances'] = []
  const order = new Uint32Array(rows.n)
  for (const [index, name] of columns.entries()) {
    if (!rows.columns.has(name)) throw new RangeError(`there is no column ${name} to shuffle`)
    // Each column has its own numbers, so that leaving one out does not change another.
    const random = createRandom(options.seed + 7919 * (index + 1))
    const grown = new Float64Array(rows.n)
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (let row = 0; row < rows.n; row++) order[row] = row
      const after = lossOf(await asked(ask(name, shuffle(random, order))))
      for (let row = 0; row < rows.n; row++) grown[row] += (after[row] - before[row]) / repeats
    }
    importances.push({ column: name, importance: meanEstimate(grown, confidence) })
  }
  importances.sort((a, b) => (b.importance.value ?? -1) - (a.importance.value ?? -1) || (a.column < b.column ? -1 : 1))
  return { baseline: baselineOf(before, options), importances }
}

/** Asks about whole tables, where nothing faster is there. */
const shuffleTables =
  (rows: SampleTable, predict: Predict): ReturnType<OpenShuffler> =>
  (name, order) => {
    const column = rows.columns.get(name) as Column
    return predict({ ...rows, columns: new Map(rows.columns).set(name, takeColumn(column, order)) })
  }

/** 1 for a row whose prediction is another class than the target's. */
function classLoss(target: Column): (predictions: Column) => Float64Array {
  const n = target.type === 'numeric' ? target.values.length : target.codes.length
  const wanted = Array.from({ length: n }, (_, row) => textAt(target, row))
  const names = [...new Set(wanted)]
  const codeOf = new Map(names.map((name, code) => [name, code]))
  const wantedCodes = Int32Array.from(wanted, (name) => codeOf.get(name) ?? -1)
  return (predictions) => {
    const loss = new Float64Array(n)
    if (predictions.type === 'numeric') {
      for (let row = 0; row < n; row++) loss[row] = textAt(predictions, row) === wanted[row] ? 0 : 1
      return loss
    }
    // A missing answer (-1) is right only where the target is missing as well.
    const missing = codeOf.get('') ?? -1
    const translated = Int32Array.from(predictions.categories, (name) => codeOf.get(name) ?? -1)
    for (let row = 0; row < n; row++) {
      const code = predictions.codes[row]
      loss[row] = (code < 0 ? missing : translated[code]) === wantedCodes[row] ? 0 : 1
    }
    return loss
  }
}

/** A row's squared error over the target's variance. A prediction that is missing counts like the mean: a loss of 1. */
function squaredLoss(target: Column): (predictions: Column) => Float64Array {
  const values = target.type === 'numeric' ? target.values : new Float64Array(target.codes.length)
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return (predictions) =>
    values.map((value, row) => {
      const guess = predictions.type === 'numeric' ? predictions.values[row] : Number.NaN
      return Number.isFinite(guess) && variance > 0 ? (value - guess) ** 2 / variance : 1
    })
}

/** The mean with its interval; where no row changes, exactly zero. */
export function meanEstimate(values: Float64Array, confidence: number): Estimate {
  const mean = meanInterval(values, confidence)
  if (mean.status === 'ok') return intervalEstimate(mean.value, mean.n, mean.interval)
  return values.length === 0 ? noEstimate(0, 'there are no rows') : plainEstimate(values[0], values.length)
}

function baselineOf(loss: Float64Array, { isRegression, confidence }: Options): Estimate {
  const n = loss.length
  const sum = loss.reduce((total, value) => total + value, 0)
  if (!isRegression) return estimateOf(wilsonInterval(n - sum, n, confidence), n)
  const { value, interval, ...rest } = meanEstimate(loss, confidence)
  if (value === null) return { value, interval, ...rest }
  return { value: 1 - value, interval: interval && [1 - interval[1], 1 - interval[0]], ...rest }
}
