import type { Task } from '../contract/model.ts'
import type { SampleTable } from '../contract/table.ts'
import type { AnalysisContext, Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface PerformanceInput {
  readonly current: SampleTable
  readonly reference: SampleTable | null
  readonly task: Task
  readonly classes: readonly string[]
  readonly positiveClass: string | null
}

export function analyzePerformance(
  _input: PerformanceInput,
  _parameters: ParametersOf<'performance'>,
  _context: AnalysisContext,
): Answer<'performance'> {
  throw new Error('under construction')
}
