import type { Device } from '../../contract/device.ts'
import { median } from '../../stats/quantiles.ts'
import type { AnswerFinding } from '../answer.ts'
import { findingOf, plainEstimate } from '../estimates.ts'
import { sayDuration } from '../wording.ts'
import { clockToleranceMs } from './gate.ts'

const subject = { metric: 'clockSkewMs' }
/** Behind or ahead by less is said to be right: what delivery and whole seconds take. */
const saidRightMs = 2000

/**
 * How far a device's clock is ahead of ours, ms: the median over hours of the least time from event to arrival, with its sign
 * turned. The least is taken as delivery only adds; the median, as one wrong reading makes an hour. A negative number is a clock
 * behind ours or data that takes that long, which cannot be told apart, and is well. None where no arrival is known. O(hours).
 */
export function deviceClockFindings({ name }: Pick<Device, 'name'>, leastLags: readonly number[]): AnswerFinding[] {
  const lag = median(Float64Array.from(leastLags))
  if (lag === null) return []
  const skewMs = lag === 0 ? 0 : -lag
  return [
    findingOf(subject, plainEstimate(skewMs, leastLags.length), {
      unit: 'ms',
      status: skewMs > clockToleranceMs ? 'breach' : 'ok',
      message:
        skewMs > saidRightMs
          ? `The clock of ${name} is ${sayDuration(skewMs)} ahead of ours`
          : skewMs < -saidRightMs
            ? `The clock of ${name} is behind ours by ${sayDuration(-skewMs)}, or its data takes that long`
            : `The clock of ${name} agrees with ours`,
    }),
  ]
}

/** How far an endpoint's clock is ahead of ours, ms: the median of what its replies said; none where they said nothing. O(n log n). */
export function endpointClockFindings(skews: readonly number[]): AnswerFinding[] {
  const skewMs = median(Float64Array.from(skews))
  if (skewMs === null) return []
  const size = Math.abs(skewMs)
  return [
    findingOf(subject, plainEstimate(skewMs, skews.length), {
      unit: 'ms',
      status: size > clockToleranceMs ? 'warning' : 'ok',
      message:
        size > saidRightMs
          ? `The endpoint's clock is ${sayDuration(size)} ${skewMs > 0 ? 'ahead of' : 'behind'} ours`
          : "The endpoint's clock agrees with ours",
    }),
  ]
}
