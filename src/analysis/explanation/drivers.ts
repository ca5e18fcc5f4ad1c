import type { DriftDrivers } from '../../contract/explanation.ts'
import type { Task } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { benjaminiHochberg } from '../../stats/benjamini-hochberg.ts'
import { quantiles } from '../../stats/quantiles.ts'
import { seriesCorrelation } from '../../stats/rank-correlation.ts'
import { intervalEstimate, noEstimate } from '../estimates.ts'
import { isMissingAt, textAt } from '../explanation-rows.ts'
import { describingColumns } from '../tree-columns.ts'
import { sayDuration, sayEstimate, sayList, sayMany } from '../wording.ts'

const hourMs = 3_600_000
/** Spans to choose among: the shortest that leaves enough samples in enough spans. */
const spansMs = [hourMs, 3 * hourMs, 6 * hourMs, 24 * hourMs, 7 * 24 * hourMs]
const fewestSpans = 12
const fewestLabelled = 20
const mostSpans = 400
const bins = 10

/**
 * Which columns' drift goes with a fall in performance: over spans of the window, the rank correlation of each column's distance from the
 * reference with the share of wrong predictions (a regression: the mean absolute error).
 *
 * Distance: the squared difference of bin shares (ten quantile bins of the reference; categories), less what a sample of that size shows by chance,
 * so that spans with few samples do not look drifted. p allows for spans being like those before them, one-sided, Benjamini–Hochberg across
 * columns. What goes
 * together need not be the cause. A sentence where there are too few labelled spans.
 */
export function rankDrivers(
  reference: SampleTable,
  current: SampleTable,
  names: readonly string[],
  { task, confidence, alpha }: { readonly task: Task; readonly confidence: number; readonly alpha: number },
): DriftDrivers | string {
  const wrong = wrongness(current, task)
  if (wrong === null || current.at === null) return 'samples with time, prediction and label are needed'
  const spans = chooseSpans(current.at, wrong)
  if (spans === null) return `fewer than ${fewestSpans} spans of time have ${fewestLabelled} labelled samples each`
  const loss = Float64Array.from(spans.rows, (rows) => rows.reduce((sum, row) => sum + wrong[row] / rows.length, 0))
  const columns = describingColumns(reference, names).filter(
    ({ name, column }) => current.columns.get(name)?.type === column.type,
  )
  const found = columns.map(({ name, column }) => {
    const distance = distanceFrom(column, current.columns.get(name) as Column)
    const series = Float64Array.from(spans.rows, (rows) => distance?.(rows) ?? Number.NaN)
    const result = distance === null ? null : seriesCorrelation(series, loss, confidence)
    return { name, result }
  })
  const adjusted = benjaminiHochberg(found.map(({ result }) => result?.pValue ?? null))
  const listed = found
    .map(({ name, result }, i) => ({
      column: name,
      correlation:
        result === null
          ? noEstimate(loss.length, 'the column or the performance does not vary')
          : intervalEstimate(result.value, loss.length, result.interval),
      pValue: result?.pValue ?? null,
      adjustedPValue: adjusted[i],
    }))
    .sort((a, b) => (b.correlation.value ?? -2) - (a.correlation.value ?? -2) || (a.column < b.column ? -1 : 1))
  const real = listed.filter(
    ({ adjustedPValue, correlation }) => (adjustedPValue ?? 1) < alpha && (correlation.value ?? 0) > 0,
  )
  const over = `over ${sayMany(loss.length, 'span')} of ${sayDuration(spans.spanMs)}`
  const what = task === 'regression' ? 'errors grow' : 'accuracy falls'
  const sentence =
    real.length === 0
      ? `No column's drift goes with the times at which ${what}, beyond chance, ${over}`
      : `${task === 'regression' ? 'Errors grow' : 'Accuracy falls'} when ${sayList(real.map(({ column, correlation }) => `${column} (rank correlation ${sayEstimate(correlation)})`))} ${real.length === 1 ? 'drifts' : 'drift'}, ${over}; what goes together need not be the cause`
  return {
    spanMs: spans.spanMs,
    spans: loss.length,
    metric: task === 'regression' ? 'meanAbsoluteError' : 'accuracy',
    sentence,
    columns: listed,
  }
}

/** 1 for a wrong prediction, or the absolute error; NaN without a label. Null where nothing can be compared. */
function wrongness({ n, prediction, label }: SampleTable, task: Task): Float64Array | null {
  if (prediction === null || label === null) return null
  if (task === 'regression') {
    if (prediction.type !== 'numeric' || label.type !== 'numeric') return null
    return prediction.values.map((value, row) => Math.abs(value - label.values[row]))
  }
  return Float64Array.from({ length: n }, (_, row) => {
    if (isMissingAt(label, row) || isMissingAt(prediction, row)) return Number.NaN
    return textAt(label, row) === textAt(prediction, row) ? 0 : 1
  })
}

interface Spans {
  readonly spanMs: number
  /** Labelled rows of each span that has enough, in order of time. */
  readonly rows: readonly number[][]
}

function chooseSpans(at: Float64Array, wrong: Float64Array): Spans | null {
  for (const spanMs of spansMs) {
    const byStart = new Map<number, number[]>()
    for (let row = 0; row < at.length; row++) {
      if (!Number.isFinite(wrong[row])) continue
      const start = Math.floor(at[row] / spanMs)
      const rows = byStart.get(start)
      if (rows === undefined) byStart.set(start, [row])
      else rows.push(row)
    }
    const whole = [...byStart].filter(([, rows]) => rows.length >= fewestLabelled).sort(([a], [b]) => a - b)
    const covers = whole.reduce((sum, [, rows]) => sum + rows.length, 0)
    const all = [...byStart.values()].reduce((sum, rows) => sum + rows.length, 0)
    // A span that leaves out half of the samples is too short for the rest.
    if (whole.length >= fewestSpans && whole.length <= mostSpans && 2 * covers >= all)
      return { spanMs, rows: whole.map(([, rows]) => rows) }
  }
  return null
}

/** Squared difference of bin shares from the reference's, without the part that chance adds; null for a constant column. */
function distanceFrom(reference: Column, current: Column): ((rows: readonly number[]) => number) | null {
  const binOf = binning(reference, current)
  if (binOf === null) return null
  const { before, place, count } = binOf
  return (rows) => {
    const shares = new Float64Array(count)
    for (const row of rows) shares[place(row)] += 1 / rows.length
    let sum = 0
    let chance = 0
    for (let bin = 0; bin < count; bin++) {
      sum += (shares[bin] - before[bin]) ** 2
      chance += (shares[bin] * (1 - shares[bin])) / (rows.length - 1)
    }
    return sum - chance
  }
}

/** Shares of the reference, and the bin of a row now; the last bin holds what is missing. */
function binning(
  reference: Column,
  current: Column,
): { before: Float64Array; place: (row: number) => number; count: number } | null {
  if (reference.type === 'numeric' && current.type === 'numeric') {
    const inner = Array.from({ length: bins - 1 }, (_, i) => (i + 1) / bins)
    const cuts = [...new Set(quantiles(reference.values, inner).flatMap((cut) => cut ?? []))]
    if (cuts.length === 0) return null
    const count = cuts.length + 2
    const placeOf = (value: number) => (Number.isNaN(value) ? count - 1 : cuts.filter((cut) => value > cut).length)
    const before = new Float64Array(count)
    for (const value of reference.values) before[placeOf(value)] += 1 / reference.values.length
    return { before, count, place: (row) => placeOf(current.values[row]) }
  }
  if (reference.type === 'numeric' || current.type === 'numeric') return null
  const names = [...new Set([...reference.categories, ...current.categories])]
  const placeBefore = reference.categories.map((name) => names.indexOf(name))
  const placeNow = current.categories.map((name) => names.indexOf(name))
  const count = names.length + 1
  const before = new Float64Array(count)
  for (const code of reference.codes) before[code < 0 ? count - 1 : placeBefore[code]] += 1 / reference.codes.length
  return { before, count, place: (row) => (current.codes[row] < 0 ? count - 1 : placeNow[current.codes[row]]) }
}
