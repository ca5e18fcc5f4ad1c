import type { GlobalAttribution } from '../../contract/explanation.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { rankCorrelation } from '../../stats/rank-correlation.ts'
import { midRanks } from '../../stats/ranks.ts'
import type { AnalysisContext } from '../answer.ts'
import { meanEstimate } from '../explanation-permutation.ts'
import { isMissingAt, takeRows, textAt } from '../explanation-rows.ts'
import { type AttributionOptions, type Attributions, type AttributionTask, attribute } from './attribution.ts'
import { type ExplainedOutput, outputFor } from './outputs.ts'
import type { AskedModel } from './predict.ts'

/** Columns and samples of which single points are kept: a report is read, not mined. */
const mostPointedColumns = 20
const mostPoints = 200

/**
 * Contributions of the columns over samples: for each the mean size with Student's interval over samples, its direction, and single points.
 * `rows` are the samples, `prediction` what the model says of them. A sentence where it cannot be done.
 */
export async function explainRows(
  model: AskedModel,
  task: Omit<AttributionTask, 'outputs'>,
  options: AttributionOptions & { readonly confidence: number },
  context: AnalysisContext,
): Promise<ExplainedRows | string> {
  const prediction = await model.predict(task.rows)
  const answered = Uint32Array.from({ length: task.rows.n }, (_, row) => row).filter(
    (row) => !isMissingAt(prediction, row),
  )
  const rows = takeRows(task.rows, answered)
  const outputs: ExplainedOutput[] = []
  for (const row of answered) {
    const output = outputFor(task, textAt(prediction, row))
    if (output === null) return `the model answers ${textAt(prediction, row)}, which is no declared class`
    outputs.push(output)
  }
  const found = await attribute(model, { ...task, rows, outputs }, options, context)
  if (typeof found === 'string') return found
  const isOneOutput = task.task !== 'regression' && outputs.every(({ name }) => name === outputs[0].name)
  const m = task.columns.length
  const sizes = task.columns.map((_, j) =>
    Float64Array.from(found.explained, (_, i) => Math.abs(found.values[i * m + j])),
  )
  return {
    sizes: new Map(task.columns.map((name, j) => [name, sizes[j]])),
    attribution: {
      ...factsOf(found),
      output: isOneOutput ? outputs[0].name : null,
      rows: found.explained.length,
      base: found.base.reduce((sum, value) => sum + value / found.base.length, 0),
      columns: summarise(found, { ...task, rows }, options.confidence),
    },
  }
}

export interface ExplainedRows {
  readonly attribution: GlobalAttribution
  /** Size of each column's contribution, one a sample. */
  readonly sizes: ReadonlyMap<string, Float64Array>
}

/** The facts that both kinds of explanation carry. */
export const factsOf = ({ method, isExact, unit, backgroundRows, askedRows, budgetRows, sentence }: Attributions) => ({
  ...{ method, isExact, unit, backgroundRows, askedRows, budgetRows, sentence },
})

function summarise(
  { explained, values }: Attributions,
  { rows, columns }: Pick<AttributionTask, 'rows' | 'columns'>,
  confidence: number,
): GlobalAttribution['columns'] {
  const m = columns.length
  const summaries = columns.map((name, j) => {
    const own = Float64Array.from(explained, (_, i) => values[i * m + j])
    const places = placesOf(rows, name, explained)
    return {
      column: name,
      meanAbsolute: meanEstimate(own.map(Math.abs), confidence),
      direction: places === null ? null : rankCorrelation(places, own),
      points: Array.from(own.subarray(0, mostPoints), (value, i): [number | null, number] => [
        places === null || Number.isNaN(places[i]) ? null : places[i],
        value,
      ]),
    }
  })
  summaries.sort(
    (a, b) => (b.meanAbsolute.value ?? -1) - (a.meanAbsolute.value ?? -1) || (a.column < b.column ? -1 : 1),
  )
  return summaries.map((summary, place) => (place < mostPointedColumns ? summary : { ...summary, points: [] }))
}

/** Each value's place among the others, from 0 to 1, NaN where missing; null for categories. */
function placesOf({ columns }: SampleTable, name: string, explained: Uint32Array): Float64Array | null {
  const column = columns.get(name) as Column
  if (column.type === 'categorical') return null
  const values = Float64Array.from(explained, (row) => (isMissingAt(column, row) ? Number.NaN : column.values[row]))
  const known = values.filter((value) => !Number.isNaN(value))
  const ranks = midRanks(known)
  let next = 0
  return values.map((value) =>
    Number.isNaN(value) ? Number.NaN : known.length < 2 ? 0.5 : (ranks[next++] - 1) / (known.length - 1),
  )
}
