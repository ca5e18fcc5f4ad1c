import type { EstimatedPerformance } from '../../../../contract/performance-detail.ts'
import type { Estimate } from '../../../../contract/primitives.ts'
import { formatInterval, formatNumber, formatSigned } from '../../../widgets/format.ts'
import { capitalise, metricWord } from '../../shared/words.ts'

/** "trusted 14 of 16", or in full: "Estimated accuracy 0.93 (0.91 to 0.95), by labels 0.9; trusted 14 of 16, off by +0.01 on average". */
export function sayRecord(
  { metrics, leading, ledger, isSuspended, reason }: EstimatedPerformance,
  realised: Estimate | null,
  inFull = false,
): string {
  const { scored, agreed, bias } = ledger
  const record = scored === 0 ? 'not scored against labels yet' : `trusted ${agreed} of ${scored}`
  if (!inFull) return record
  const now = metrics[leading]
  const word = `${capitalise(metricWord('performance', leading))}`
  if (now === undefined || now.value === null)
    return `${word} cannot be estimated: ${now?.note ?? 'it is undefined here'}`
  const interval = now.interval === null ? '' : ` (${formatInterval(now.interval)})`
  const truth = realised === null || realised.value === null ? '' : `, by labels ${formatNumber(realised.value)}`
  const off = bias.value === null ? '' : `, off by ${formatSigned(bias.value, 2)} on average`
  const suspended = isSuspended ? `. Suspended: ${reason}` : ''
  return `${word} estimated ${formatNumber(now.value)}${interval}${truth}; ${record}${off}${suspended}`
}
