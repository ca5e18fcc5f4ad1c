import type { Answer } from './answer.ts'
import type { ParametersOf } from './parameters.ts'

export interface EndpointInput {
  readonly probes: readonly { readonly at: number; readonly isReady: boolean; readonly latencyMs: number | null }[]
  /** Latencies of real predictions, ms; NaN where unknown. */
  readonly latencies: Float64Array
}

export function analyzeEndpoint(_input: EndpointInput, _parameters: ParametersOf<'endpoint'>): Answer<'endpoint'> {
  throw new Error('under construction')
}
