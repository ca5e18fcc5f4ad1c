import type { Window } from '../contract/primitives.ts'
import type { AnswerFinding } from './answer.ts'
import { endpointClockFindings } from './device/clock-skew.ts'
import { usualFlaps } from './device/describe-liveness.ts'
import { findingOf, noEstimate, plainEstimate } from './estimates.ts'
import { sayDuration, sayInstant, sayMany } from './wording.ts'

export interface Probe {
  readonly at: number
  readonly isReady: boolean
  readonly clockSkewMs?: number
}

/** Failed probes in a row, the newest among them, from which an endpoint is silent: fewer may be a hiccup. */
const silentFrom = 3

/**
 * `silentForMs`, from the newest probe that succeeded (from the first one known, where none did) to the window's end, a breach from
 * three failures in a row on; and `flaps`, changes between ready and not ready within the window. Probes are in order of time;
 * those before the window are context. `clockSkewMs`: see `endpointClockFindings`. `insufficient` without a probe in the window. O(n).
 */
export function endpointLiveness(
  probes: readonly Probe[],
  { window, now }: { readonly window: Window; readonly now: number },
): AnswerFinding[] {
  const end = Math.min(window.to, now)
  const known = probes.filter(({ at }) => at < window.to)
  const n = known.filter(({ at }) => at >= window.from).length
  if (n === 0)
    return ['silentForMs', 'flaps'].map((metric) =>
      findingOf({ metric }, noEstimate(0, 'no probe'), {
        unit: metric === 'flaps' ? 'count' : 'ms',
        status: 'insufficient',
        message: 'The endpoint has not been probed',
      }),
    )
  const lastReady = known.findLast(({ isReady }) => isReady)
  const failures = known.length - 1 - known.findLastIndex(({ isReady }) => isReady)
  const since = lastReady?.at ?? known[0].at
  const silentForMs = Math.max(0, end - since)
  const silent =
    lastReady === undefined
      ? `No probe has succeeded for at least ${sayDuration(silentForMs)}`
      : `No probe has succeeded for ${sayDuration(silentForMs)}, since ${sayInstant(since)}`
  let flaps = 0
  for (let i = 1; i < known.length; i++)
    if (known[i].at >= window.from && known[i].isReady !== known[i - 1].isReady) flaps++
  return [
    findingOf({ metric: 'silentForMs' }, plainEstimate(silentForMs, n), {
      unit: 'ms',
      status: failures >= silentFrom ? 'breach' : 'ok',
      message:
        failures === 0
          ? `The endpoint answers: it last did ${sayDuration(silentForMs)} before the end of the window`
          : `${silent} (${sayMany(failures, 'failure')} in a row)`,
    }),
    findingOf({ metric: 'flaps' }, plainEstimate(flaps, n), {
      unit: 'count',
      status: flaps > usualFlaps ? 'warning' : 'ok',
      message:
        flaps === 0
          ? `The endpoint neither went nor came back within ${sayMany(n, 'probe')}`
          : `The endpoint went or came back ${sayMany(flaps, 'time')} within ${sayMany(n, 'probe')}`,
    }),
    ...endpointClockFindings(known.flatMap(({ at, clockSkewMs }) => (at >= window.from ? (clockSkewMs ?? []) : []))),
  ]
}
