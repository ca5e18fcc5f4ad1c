import type { SampleContributions } from '../../contract/explanation.ts'
import type { ColumnSpec } from '../../contract/model.ts'
import type { Column } from '../../contract/table.ts'
import type { AnalysisContext } from '../answer.ts'
import { isMissingAt, textAt } from '../explanation-rows.ts'
import { sayNumber } from '../wording.ts'
import { type AttributionOptions, type AttributionTask, attribute } from './attribution.ts'
import { factsOf } from './global.ts'
import { outputFor } from './outputs.ts'
import type { AskedModel } from './predict.ts'

/**
 * What each column contributed to one prediction: `rows` holds the one sample. The contributions sum to the output less the mean output
 * over the background. A sentence where it cannot be done.
 */
export async function explainSample(
  model: AskedModel,
  task: Omit<AttributionTask, 'outputs'> & { readonly specs: readonly ColumnSpec[] },
  options: AttributionOptions,
  context: AnalysisContext,
): Promise<SampleContributions | string> {
  const prediction = await model.predict(task.rows)
  if (isMissingAt(prediction, 0)) return 'the model has no answer about this sample: a value is missing'
  const output = outputFor(task, textAt(prediction, 0))
  if (output === null) return `the model answers ${textAt(prediction, 0)}, which is no declared class`
  const found = await attribute(model, { ...task, outputs: [output] }, options, context)
  if (typeof found === 'string') return found
  const name = task.task === 'regression' ? null : output.name
  const contributions = task.columns.map((column, j) => {
    const value = valueAt(task.rows.columns.get(column))
    const contribution = found.values[j]
    const unit = task.specs.find((spec) => spec.name === column)?.unit
    return { column, value, contribution, sentence: sayContribution({ column, value, unit, contribution, name }) }
  })
  contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution) || (a.column < b.column ? -1 : 1))
  return {
    kind: 'contributions',
    ...factsOf(found),
    output: name,
    base: found.base[0],
    value: found.full[0],
    contributions,
  }
}

export type InputValue = number | string | null

/** The value of a column that holds one row. */
export function valueAt(column: Column | undefined, row = 0): InputValue {
  if (column === undefined || isMissingAt(column, row)) return null
  return column.type === 'numeric' ? column.values[row] : column.categories[column.codes[row]]
}

/** `light 612 lx pushed towards occupied by +0.31`. */
function sayContribution(given: {
  column: string
  value: InputValue
  unit: string | undefined
  contribution: number
  name: string | null
}): string {
  const { column, contribution, name } = given
  const subject = `${column} ${sayValue(given.value, given.unit)}`
  if (contribution === 0) return `${subject} made no difference`
  const size = `${contribution > 0 ? '+' : '−'}${sayNumber(Math.abs(contribution))}`
  if (name === null) return `${subject} moved the prediction by ${size}`
  return `${subject} pushed ${contribution > 0 ? 'towards' : 'away from'} ${name} by ${size}`
}

/** A value with its unit, `missing` where there is none. */
export const sayValue = (value: InputValue, unit?: string): string =>
  value === null
    ? 'missing'
    : `${typeof value === 'number' ? sayNumber(value) : value}${unit === undefined ? '' : ` ${unit}`}`
