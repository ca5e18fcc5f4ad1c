import type { Gate, GateResult } from '../../../contract/release.ts'
import type { StatusKind } from '../../widgets/Status.tsx'

export const outcomeWords: Record<GateResult['outcome'], { status: StatusKind; word: string }> = {
  passed: { status: 'ok', word: 'Passed' },
  failed: { status: 'breach', word: 'Failed' },
  insufficient: { status: 'insufficient', word: 'Insufficient' },
  error: { status: 'warning', word: 'Error' },
}

export const gateKindWords: Record<Gate['kind'], string> = {
  metric: 'Metric',
  fairness: 'Fairness',
  'worst-slice': 'Worst slice',
  determinism: 'Determinism',
  perturbation: 'Robustness',
  'missing-inputs': 'Missing inputs',
  latency: 'Latency',
}

export const gateKindWord = (kind: string): string => gateKindWords[kind as Gate['kind']] ?? kind

/** Results in the order of the plan; gates without one yet come as null. */
export function gateRows(
  gates: readonly Gate[],
  results: readonly GateResult[],
): { gate: Gate | null; result: GateResult | null }[] {
  const byId = new Map(results.map((result) => [result.gateId, result]))
  const known = gates.map((gate) => ({ gate, result: byId.get(gate.id) ?? null }))
  const ids = new Set(gates.map(({ id }) => id))
  // A run of an older plan has gates that the plan no longer has.
  return [...known, ...results.filter(({ gateId }) => !ids.has(gateId)).map((result) => ({ gate: null, result }))]
}
