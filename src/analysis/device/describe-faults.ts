import type { SensorFault } from '../../contract/sensor-fault.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, plainEstimate, shareEstimate } from '../estimates.ts'
import { sayCount, sayShare } from '../wording.ts'
import type { ChannelFacts } from './channel.ts'

/** Share of the declared rhythm by which readings may usually come early or late. */
export const jitterWarning = 0.25

function countFinding(
  subject: AnswerFinding['subject'],
  n: number,
  faults: readonly SensorFault[],
  none: string,
): AnswerFinding {
  return findingOf(subject, plainEstimate(faults.length, n), {
    unit: 'count',
    status: faults.length > 0 ? 'breach' : 'ok',
    message: faults.at(-1)?.sentence ?? none,
  })
}

/** What the sensor gate found of one channel, besides what has findings of its own (stuck, out of range). */
export function gateFindings(
  { spec, n, coarser, jitter, replayed }: ChannelFacts,
  faults: readonly SensorFault[],
  confidence: number,
): AnswerFinding[] {
  const { name } = spec
  const of = (kind: SensorFault['kind']) => faults.filter((fault) => fault.kind === kind)
  const counted = `(n ${sayCount(n)})`
  return [
    ...(spec.range === null
      ? []
      : [
          countFinding(
            { metric: 'saturated', channel: name },
            n,
            of('saturated'),
            `${name} is not saturated ${counted}`,
          ),
        ]),
    countFinding(
      { metric: 'replayed', channel: name },
      n,
      of('replayed'),
      `${name} repeats no stretch of its past ${counted}`,
    ),
    ...(n === 0
      ? []
      : [
          findingOf({ metric: 'replayedShare', channel: name }, shareEstimate(replayed, n, confidence), {
            unit: 'share',
            status: replayed > 0 ? 'warning' : 'ok',
            message:
              replayed > 0
                ? `${sayShare(replayed / n)} of the readings of ${name} repeat earlier ones digit for digit ${counted}`
                : `No reading of ${name} is a repeated one ${counted}`,
          }),
        ]),
    ...(coarser === null
      ? []
      : [
          findingOf({ metric: 'coarser', channel: name }, plainEstimate(coarser.now / coarser.before, n), {
            unit: 'share',
            status: 'warning',
            message: `${name} takes ${sayCount(coarser.now)} different values where it took ${sayCount(coarser.before)}: it has become coarser`,
          }),
        ]),
    ...(jitter === null
      ? []
      : [
          findingOf({ metric: 'jitter', channel: name }, plainEstimate(jitter, n), {
            unit: 'share',
            status: jitter > jitterWarning ? 'warning' : 'ok',
            message: `${name} usually comes ${sayShare(jitter)} of its rhythm early or late`,
          }),
        ]),
  ]
}

/** What the sensor gate found of the device as a whole. */
export function deviceGateFindings(faults: readonly SensorFault[], n: number): AnswerFinding[] {
  const of = (kind: SensorFault['kind']) => faults.filter((fault) => fault.kind === kind)
  return [
    countFinding({ metric: 'physics' }, n, of('physics'), 'No channel contradicts physics'),
    countFinding({ metric: 'clock' }, n, of('clock'), 'No reading is ahead of our clock'),
  ]
}
