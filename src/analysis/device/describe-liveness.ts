import type { Device } from '../../contract/device.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, noEstimate, plainEstimate } from '../estimates.ts'
import { sayDuration, sayInstant, sayMany } from '../wording.ts'
import type { Liveness } from './liveness.ts'

/** Goings and comings in a window that are still usual: one loss and one return. */
export const usualFlaps = 2

/** Whether a device reports, and how often it went and came back. `n` readings of the window stand behind it. */
export function livenessFindings({ name }: Pick<Device, 'name'>, liveness: Liveness, n: number): AnswerFinding[] {
  const { lastAt, silentForMs, allowedMs, isSilent, flaps } = liveness
  const subject = { metric: 'silentForMs' }
  const silence =
    silentForMs === null || lastAt === null
      ? findingOf(subject, noEstimate(n, 'no reading is known'), {
          unit: 'ms',
          status: 'insufficient',
          message: `No reading of ${name} is known`,
        })
      : findingOf(subject, plainEstimate(silentForMs, n), {
          unit: 'ms',
          status: allowedMs === null ? 'insufficient' : isSilent ? 'breach' : 'ok',
          message:
            allowedMs === null
              ? `The newest reading of ${name} is of ${sayInstant(lastAt)}; too few to know how often it reports`
              : isSilent
                ? `${name} has been silent for ${sayDuration(silentForMs)}, since ${sayInstant(lastAt)}; usual is at most ${sayDuration(allowedMs)}`
                : `${name} reports: its newest reading is of ${sayInstant(lastAt)}`,
        })
  if (flaps === null) return [silence]
  return [
    silence,
    findingOf({ metric: 'flaps' }, plainEstimate(flaps, n), {
      unit: 'count',
      status: flaps > usualFlaps ? 'warning' : 'ok',
      message:
        flaps === 0
          ? `${name} neither went nor came back in this window`
          : `${name} went or came back ${sayMany(flaps, 'time')} in this window`,
    }),
  ]
}
