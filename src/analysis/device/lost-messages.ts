import type { Device } from '../../contract/device.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, shareEstimate } from '../estimates.ts'
import { sayCount, sayInstant, sayMany, sayShare } from '../wording.ts'

/** What is known of the numbers of a device's messages in a window. */
export interface NumberedMessages {
  /** Messages that came with a number: about, where a stretch of them reaches out of the window. */
  readonly numbered: number
  /** Numbers in between that never came, and what the source itself says to have lost. */
  readonly missing: number
  readonly gaps: readonly {
    readonly at: number
    readonly after: number
    readonly before: number
    readonly missing: number
  }[]
}

/** Without limits, more than this share lost is a breach. */
const lostBreach = 0.05

/**
 * `lostShare`: missing / (came + missing) of a device's numbered messages, with Wilson's interval. What is lost before the first or
 * after the last number of the window cannot be known. None for a device that numbers nothing. `readings` stand for the messages that
 * came where only their losses are told. O(gaps).
 */
export function lostMessageFindings(
  { name }: Pick<Device, 'name'>,
  { numbered, missing, gaps }: NumberedMessages,
  readings: number,
  confidence: number,
): AnswerFinding[] {
  if (numbered === 0 && missing === 0) return []
  const came = numbered > 0 ? numbered : readings
  const share = shareEstimate(missing, came + missing, confidence)
  const [largest] = [...gaps].sort((a, b) => b.missing - a.missing)
  const where =
    largest === undefined
      ? ''
      : `; most of them before ${sayInstant(largest.at)}: ${sayCount(largest.missing)} after number ${largest.after}`
  return [
    findingOf({ metric: 'lostShare' }, share, {
      unit: 'share',
      status: missing === 0 ? 'ok' : (share.value ?? 0) > lostBreach ? 'breach' : 'warning',
      message:
        missing === 0
          ? `No numbered message of ${name} is missing (n ${sayCount(came)})`
          : `${sayMany(missing, 'message')} of ${name} never came, ${sayShare(share.value ?? 0)} of those numbered${where}`,
    }),
  ]
}
