import type { SchemaSpec } from '../contract/model.ts'
import type { Window } from '../contract/primitives.ts'
import type { SampleTable } from '../contract/table.ts'
import type { AnalysisContext, Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface IntegrityInput {
  readonly current: SampleTable
  readonly reference: SampleTable | null
  readonly schema: SchemaSpec | null
  readonly window: Window | null
  /** Columns that are there and not looked at. */
  readonly ignoredColumns: readonly string[]
  /** Values refused or blanked because they had the wrong type, by column. */
  readonly wrongTypes: Readonly<Record<string, number>>
  /** Samples that the sources numbered and that never came. */
  readonly missingSequence: number
}

export function analyzeIntegrity(
  _input: IntegrityInput,
  _parameters: ParametersOf<'integrity'>,
  _context: AnalysisContext,
): Answer<'integrity'> {
  throw new Error('under construction')
}
