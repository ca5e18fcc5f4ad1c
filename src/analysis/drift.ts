import type { SchemaSpec } from '../contract/model.ts'
import type { SampleTable } from '../contract/table.ts'
import type { AnalysisContext, Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface DriftInput {
  readonly reference: SampleTable
  readonly current: SampleTable
  readonly schema: SchemaSpec | null
}

export function analyzeDrift(
  _input: DriftInput,
  _parameters: ParametersOf<'drift'>,
  _context: AnalysisContext,
): Answer<'drift'> {
  throw new Error('under construction')
}
