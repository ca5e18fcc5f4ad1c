import { isBlobKind } from '../../contract/blob.ts'
import type { SchemaSpec } from '../../contract/model.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import type { ParametersOf } from '../parameters.ts'
import type { Comparison } from './comparison.ts'

/** A column of the reference beside its namesake; null where a side has none. */
export interface ColumnPair {
  readonly name: string
  readonly role: Comparison['role']
  readonly reference: Column | null
  readonly current: Column | null
}

/**
 * What is compared: inputs (all but blobs, or those asked for), then prediction, scores and label where both sides hold values.
 *
 * Two scores that add up to one say the same, so that of two classes the positive one is taken (without a schema the last).
 * A numeric prediction that is its own score is compared once.
 */
export function pairColumns(
  reference: SampleTable,
  current: SampleTable,
  schema: SchemaSpec | null,
  parameters: ParametersOf<'drift'>,
): ColumnPair[] {
  const blobs = new Set(schema?.columns.filter((spec) => isBlobKind(spec.type)).map((spec) => spec.name))
  const wanted = parameters.columns === null ? null : new Set(parameters.columns)
  const names = new Set([...reference.columns.keys(), ...current.columns.keys()])
  const pairs: ColumnPair[] = []
  for (const name of wanted === null ? names : wanted)
    if (!blobs.has(name))
      pairs.push({
        name,
        role: 'feature',
        reference: reference.columns.get(name) ?? null,
        current: current.columns.get(name) ?? null,
      })
  const addOutcome = (name: string, role: Comparison['role'], a: Column | null, b: Column | null) => {
    if (a !== null && b !== null && hasValue(a) && hasValue(b)) pairs.push({ name, role, reference: a, current: b })
  }
  if (parameters.includePrediction) addOutcome('prediction', 'prediction', reference.prediction, current.prediction)
  if (parameters.includeScores)
    for (const name of scoreNames(reference, current, schema))
      addOutcome(`score:${name}`, 'score', scoreColumn(reference, name), scoreColumn(current, name))
  if (parameters.includeLabel) addOutcome('label', 'label', reference.label, current.label)
  return pairs
}

function scoreNames(reference: SampleTable, current: SampleTable, schema: SchemaSpec | null): string[] {
  const shared = [...reference.scores.keys()].filter((name) => current.scores.has(name))
  if (current.prediction?.type === 'numeric') return []
  if (shared.length !== 2) return shared
  const positive = schema?.positiveClass ?? null
  return [positive !== null && shared.includes(positive) ? positive : shared[1]]
}

function scoreColumn({ scores }: SampleTable, name: string): Column | null {
  const values = scores.get(name)
  return values === undefined ? null : { type: 'numeric', values }
}

/** Whether a column holds anything but missing (and infinite) values. */
export function hasValue(column: Column): boolean {
  return column.type === 'numeric' ? column.values.some(Number.isFinite) : column.codes.some((code) => code >= 0)
}
