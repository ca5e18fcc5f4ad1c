import { z } from 'zod'
import { type SliceCondition, sliceCondition } from '../../../../contract/error-slices.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'

const conditions = z.array(sliceCondition).max(20)

/** Conditions of a slice as they stand in an address. */
export function writeSlice(slice: readonly SliceCondition[]): string {
  return JSON.stringify(slice)
}

/** Reads what `writeSlice` wrote; null for anything else, since addresses come from outside. */
export function readSlice(text: string | null): SliceCondition[] | null {
  if (text === null) return null
  try {
    const parsed = conditions.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

/** "tilt <= −4.2", "light is night". */
export function conditionText({ column, operator, value }: SliceCondition): string {
  if (operator === 'missing') return `${column} is missing`
  if (Array.isArray(value)) return `${column} is ${operator === 'in' ? '' : 'not '}${value.join(' or ')}`
  return `${column} ${operator === '<=' ? '≤' : operator} ${value === null ? '' : Number(value.toPrecision(6))}`
}

/** Whether a sample meets a condition, as the error tree does: a missing value meets only `missing` and `not in`. */
export function meets({ inputs }: LabelledSample, { column, operator, value }: SliceCondition): boolean {
  const given = inputs[column] ?? null
  if (operator === 'missing') return given === null
  if (Array.isArray(value)) {
    const isListed = given !== null && value.includes(String(given))
    return operator === 'in' ? isListed : !isListed
  }
  if (typeof given !== 'number' || value === null) return false
  return operator === '<=' ? given <= value : given > value
}
