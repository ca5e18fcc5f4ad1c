import type { SliceCondition } from '../../../../contract/error-slices.ts'
import type { ColumnType } from '../../../../contract/model.ts'

/** A condition as it is typed. */
export type ConditionDraft = { column: string; operator: SliceCondition['operator']; value: string }

export const operatorWords: Record<SliceCondition['operator'], string> = {
  '<=': 'at most',
  '>': 'more than',
  in: 'is one of',
  'not in': 'is none of',
  missing: 'is missing',
}

/** Comparisons for numbers, lists for categories (a category that is a number is listed as its text). */
export const operatorsOf = (type: ColumnType): SliceCondition['operator'][] =>
  type === 'numeric' ? ['<=', '>', 'missing'] : ['in', 'not in', 'missing']

export function draftOf({ column, operator, value }: SliceCondition): ConditionDraft {
  return { column, operator, value: Array.isArray(value) ? value.join(', ') : value === null ? '' : String(value) }
}

/** The condition that was typed; null while it is none. */
export function readCondition({ column, operator, value }: ConditionDraft): SliceCondition | null {
  if (column === '') return null
  if (operator === 'missing') return { column, operator, value: null }
  if (operator === 'in' || operator === 'not in') {
    const names = value
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    return names.length === 0 ? null : { column, operator, value: names }
  }
  const number = Number(value)
  return value.trim() === '' || !Number.isFinite(number) ? null : { column, operator, value: number }
}
