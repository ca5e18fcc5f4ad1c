import type { Alert } from '../../../contract/alert.ts'
import type { Headline } from '../../../contract/primitives.ts'
import { formatInstant } from '../../widgets/format.ts'

export const resolutionWords: Record<NonNullable<Alert['resolution']>['how'], string> = {
  recovered: 'the number recovered',
  accepted: 'accepted as it is',
  acted: 'something was done',
  'false-alarm': 'a false alarm',
}

/** Whether the alert still asks for something: its newest finding, and what has been decided. */
export function alertHeadline(alert: Alert, assigneeName: string | null): Headline {
  const message = /[.!?]$/.test(alert.message) ? alert.message : `${alert.message}.`
  const since = `since ${formatInstant(alert.beganAt)} UTC`
  if (alert.resolution !== null) {
    const { at, how } = alert.resolution
    return {
      status: 'ok',
      text: `Resolved at ${formatInstant(at)} UTC: ${resolutionWords[how]}. It had breached ${since}.`,
    }
  }
  const status = alert.severity === 'critical' ? 'breach' : 'warning'
  if (alert.state === 'muted' && alert.mutedUntil !== null)
    return { status, text: `${message} Muted until ${formatInstant(alert.mutedUntil)} UTC; it breaches ${since}.` }
  const acknowledged = alert.state === 'open' ? 'Nobody has taken it up yet.' : 'It has been acknowledged.'
  const waits = assigneeName === null ? acknowledged : `${assigneeName} looks after it.`
  return { status, text: `${message} It breaches ${since}. ${waits}` }
}
