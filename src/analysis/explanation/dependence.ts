import type { Dependence, Dependences } from '../../contract/explanation.ts'
import type { CategoricalColumn, Column, NumericColumn, SampleTable } from '../../contract/table.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { type AnalysisContext, throwIfCancelled } from '../answer.ts'
import type { AttributionTask } from './attribution.ts'
import { tableOf } from './mix-rows.ts'
import { type ExplainedOutput, outputFor } from './outputs.ts'
import type { AskedModel } from './predict.ts'

const mostCategories = 12
const shownCurves = 20

/**
 * Partial dependence and ICE: each sample's output with one column set to every value of a grid, its mean over samples, and the 10th to
 * 90th percentile of the samples' curves.
 *
 * The grid of a numeric column has `points` equal steps between the smallest and largest value of `data`, of a categorical one its
 * commonest categories; `counts` says how many rows of `data` lie nearest to each. Asks the model about points · rows rows a column.
 * Columns without two different values are left out. Source: Friedman, Ann. Statist. 29 (2001) 1189; Goldstein et al., JCGS 24 (2015) 44.
 */
export async function partialDependence(
  model: AskedModel,
  task: Pick<AttributionTask, 'task' | 'classes' | 'positiveClass' | 'rows'> & {
    readonly data: SampleTable
    readonly columns: readonly string[]
    /** Multiclass: the class whose score is followed. */
    readonly followed: string
  },
  points: number,
  context: AnalysisContext,
): Promise<Dependences | string> {
  const { rows, data, columns } = task
  const output = outputFor(task, task.followed)
  if (output === null) return `${task.followed} is no declared class`
  if (rows.n === 0) return 'there is no sample to ask about'
  const found: Dependence[] = []
  let askedRows = 0
  for (const [i, name] of columns.entries()) {
    throwIfCancelled(context)
    const column = rows.columns.get(name)
    const all = data.columns.get(name)
    if (column === undefined || all === undefined) continue
    const curve =
      column.type === 'numeric' && all.type === 'numeric'
        ? gridOfNumbers(all, points)
        : column.type === 'categorical' && all.type === 'categorical'
          ? gridOfCategories(column, all)
          : null
    if (curve === null) continue
    const table = tableOf(rows.n * curve.grid.length, repeated(rows, name, curve))
    const scores = await scoresOf(model, table, output)
    askedRows += table.n
    found.push({ column: name, ...describe(scores, rows.n, curve.grid.length), grid: curve.grid, counts: curve.counts })
    context.onProgress((i + 1) / columns.length)
  }
  const isRegression = task.task === 'regression'
  return {
    output: isRegression ? null : output.name,
    unit: isRegression ? 'value' : 'probability',
    rows: rows.n,
    askedRows,
    columns: found,
  }
}

async function scoresOf(model: AskedModel, table: SampleTable, { name }: ExplainedOutput): Promise<Float64Array> {
  const scores = (await model.scores(table)).get(name)
  if (scores === undefined) throw new RangeError(`the model gives no score of ${name}`)
  return scores
}

interface Curve {
  readonly grid: number[] | string[]
  readonly counts: number[]
  /** The column, holding each grid value `rows` times. */
  readonly column: (rows: number) => Column
}

function gridOfNumbers({ values }: NumericColumn, points: number): Curve | null {
  const finite = values.filter(Number.isFinite)
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  for (const value of finite) {
    if (value < low) low = value
    if (value > high) high = value
  }
  if (!(high > low)) return null
  const grid = Array.from({ length: points }, (_, i) => low + ((high - low) * i) / (points - 1))
  const counts = new Array<number>(points).fill(0)
  for (const value of finite) counts[Math.round(((value - low) / (high - low)) * (points - 1))]++
  const column = (rows: number): Column => {
    const filled = new Float64Array(rows * points)
    grid.forEach((value, i) => {
      filled.fill(value, i * rows, (i + 1) * rows)
    })
    return { type: 'numeric', values: filled }
  }
  return { grid, counts, column }
}

function gridOfCategories(own: CategoricalColumn, all: CategoricalColumn): Curve | null {
  const tally = new Map<string, number>()
  for (const code of all.codes)
    if (code >= 0) tally.set(all.categories[code], (tally.get(all.categories[code]) ?? 0) + 1)
  const commonest = [...tally].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).slice(0, mostCategories)
  if (commonest.length < 2) return null
  const grid = commonest.map(([name]) => name)
  const categories = [...new Set([...own.categories, ...grid])]
  const column = (rows: number): Column => {
    const codes = new Int32Array(rows * grid.length)
    grid.forEach((name, i) => {
      codes.fill(categories.indexOf(name), i * rows, (i + 1) * rows)
    })
    return { type: 'categorical', codes, categories }
  }
  return { grid, counts: commonest.map(([, count]) => count), column }
}

/** Every row once for each grid value, with that value in the column. */
function repeated(rows: SampleTable, name: string, { grid, column }: Curve): Map<string, Column> {
  const columns = new Map<string, Column>()
  for (const [each, own] of rows.columns) {
    if (each === name) columns.set(each, column(rows.n))
    else if (own.type === 'numeric') {
      const values = new Float64Array(rows.n * grid.length)
      for (let i = 0; i < grid.length; i++) values.set(own.values, i * rows.n)
      columns.set(each, { type: 'numeric', values })
    } else {
      const codes = new Int32Array(rows.n * grid.length)
      for (let i = 0; i < grid.length; i++) codes.set(own.codes, i * rows.n)
      columns.set(each, { ...own, codes })
    }
  }
  return columns
}

function describe(
  scores: Float64Array,
  n: number,
  points: number,
): Pick<Dependence, 'mean' | 'low' | 'high' | 'curves'> {
  const mean: number[] = []
  const low: number[] = []
  const high: number[] = []
  for (let i = 0; i < points; i++) {
    const sorted = scores.slice(i * n, (i + 1) * n).sort()
    mean.push(sorted.reduce((sum, value) => sum + value, 0) / n)
    low.push(quantileSorted(sorted, 0.1) ?? 0)
    high.push(quantileSorted(sorted, 0.9) ?? 0)
  }
  const every = Math.max(1, Math.floor(n / shownCurves))
  const curves: number[][] = []
  for (let row = 0; row < n && curves.length < shownCurves; row += every)
    curves.push(Array.from({ length: points }, (_, i) => scores[i * n + row]))
  return { mean, low, high, curves }
}
