import type { SampleTable } from '../contract/table.ts'
import type { Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface BiasInput {
  readonly current: SampleTable
  readonly reference: SampleTable
  readonly classes: readonly string[]
}

export function analyzeBias(_input: BiasInput, _parameters: ParametersOf<'bias'>): Answer<'bias'> {
  throw new Error('under construction')
}
