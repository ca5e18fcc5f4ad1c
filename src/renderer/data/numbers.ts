import type { Finding } from '../../contract/finding.ts'
import type { Estimate } from '../../contract/primitives.ts'
import type { Unit } from '../widgets/format.ts'

/** Units of findings as pages write them. Proportions such as accuracy have no unit and stay proportions, as in sentences. */
const units: Record<string, Unit> = { share: 'percent', ratio: 'none', ms: 'milliseconds', '1': 'none', '': 'none' }

export function unitOfFinding(unit: string): Unit {
  return units[unit] ?? unit
}

/** A finding's number with what is needed to trust it. */
export function estimateOf({ value, n, interval, status, message }: Finding): Estimate {
  return status === 'insufficient' && value === null
    ? { value, n, interval, note: 'insufficient' }
    : { value, n, interval, ...(value === null && { note: message }) }
}
