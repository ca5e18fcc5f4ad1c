import type { Estimate, Json } from '../../../contract/primitives.ts'
import type { Gate, GateResult } from '../../../contract/release.ts'

/** Nominal coverage of every interval that gates are judged by. */
export const confidence = 0.95
/** Where resampling starts, so that the same evidence gives the same interval. */
export const seed = 1

export const nothingMeasured = (note: string, n = 0): Estimate => ({ value: null, n, interval: null, note })

type Verdict = Pick<GateResult, 'outcome' | 'message'> & {
  readonly measured: Estimate
  readonly limit?: number | null
  readonly direction?: GateResult['direction']
  readonly unit?: string
  readonly production?: Estimate | null
  readonly detail?: Json
}

/** What a gate came to, with what every gate says of itself. */
export function resultOf(gate: Gate, verdict: Verdict): GateResult {
  const { outcome, message, measured, limit = null, direction = null, unit = '', production = null } = verdict
  return {
    gateId: gate.id,
    kind: gate.kind,
    title: gate.title,
    outcome,
    measured,
    unit,
    limit,
    direction,
    production,
    message,
    detail: verdict.detail ?? null,
  }
}

export const errorOf = (gate: Gate, message: string, detail: Json = null): GateResult =>
  resultOf(gate, { outcome: 'error', message, measured: nothingMeasured(message), detail })

export const clears = (value: number, limit: number, direction: 'at-least' | 'at-most'): boolean =>
  direction === 'at-least' ? value >= limit : value <= limit
