import type { OutputOf } from '../../../contract/api.ts'
import type { Checkpoint } from '../../../contract/audit.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { formatCount, formatInstant } from '../../widgets/format.ts'

export type Verification = OutputOf<'audit.verify'>

/** Whether the log can be trusted: signed up to where, and what the last check of it found. */
export function auditHeadline(
  total: number | null,
  checkpoint: Checkpoint | null,
  verified: Verification | null,
): Headline {
  if (verified !== null && !verified.isIntact)
    return { status: 'breach', text: `The log is not intact: ${verified.problem ?? 'its hashes do not add up'}` }
  if (checkpoint === null) return { status: 'unknown', text: 'The log has not been signed yet.' }
  const behind = total === null ? 0 : Math.max(0, total - checkpoint.size)
  const signed = `${formatCount(checkpoint.size)} entries are signed by the checkpoint of ${formatInstant(checkpoint.at)} UTC`
  const newer = behind === 0 ? '' : `; ${formatCount(behind)} newer ${behind === 1 ? 'waits' : 'wait'} for the next one`
  if (verified === null)
    return { status: 'unknown', text: `${signed}${newer}. Verify the log to recompute every hash.` }
  return {
    status: 'ok',
    text: `The log is intact: the service recomputed the hashes of all ${formatCount(verified.size)} entries. ${signed}${newer}.`,
  }
}
