import type { AttributionUnit } from '../../contract/explanation.ts'
import type { Task } from '../../contract/model.ts'
import type { ModelForm } from './model-form.ts'

/** Which number of the model's answer is explained. */
export interface ExplainedOutput {
  /** Place among the classes; 0 for the value of a regression. */
  readonly index: number
  /** Key among the scores: a class, or `value`. */
  readonly name: string
}

export interface OutputSpace {
  readonly task: Task
  readonly classes: readonly string[]
  readonly positiveClass: string | null
}

/**
 * The output to explain for a sample: the value of a regression, the positive class of two (the second, where none is declared), else
 * the class that was predicted. Null for a class that is not declared.
 */
export function outputFor({ task, classes, positiveClass }: OutputSpace, prediction: string): ExplainedOutput | null {
  if (task === 'regression') return { index: 0, name: 'value' }
  const name = classes.length === 2 ? (positiveClass ?? classes[1]) : prediction
  const index = classes.indexOf(name)
  return index === -1 ? null : { index, name }
}

/** The explained number as a weighted sum of a form's raw outputs. */
export interface Combination {
  readonly unit: AttributionUnit
  readonly factors: Float64Array
  readonly addend: number
}

/** How the form's raw outputs make up what is explained; null where they do not add up to it. */
export function combine(
  form: ModelForm,
  { index }: ExplainedOutput,
  { task, classes }: OutputSpace,
): Combination | null {
  const { length } = form.outputs
  const factors = new Float64Array(length)
  if (task === 'regression') {
    if (length !== 1 || form.link !== 'identity') return null
    return { unit: 'value', factors: factors.fill(1), addend: 0 }
  }
  if (length === 1) {
    if (classes.length !== 2) return null
    factors[0] = index === 1 ? 1 : -1
    const isShare = form.link === 'identity'
    return { unit: isShare ? 'probability' : 'log-odds', factors, addend: isShare && index === 0 ? 1 : 0 }
  }
  if (length !== classes.length) return null
  factors[index] = 1
  if (form.link === 'softmax' && length === 2) {
    factors[1 - index] = -1
    return { unit: 'log-odds', factors, addend: 0 }
  }
  const units = {
    identity: 'probability',
    softmax: 'raw score',
    sigmoid: 'log-odds',
    'sigmoid-shares': 'raw score',
  } as const
  return { unit: units[form.link], factors, addend: 0 }
}
