import type { Channel, Device } from '../contract/device.ts'
import type { Headline, Window } from '../contract/primitives.ts'
import type { DetailOf } from '../contract/report.ts'
import type { Answer, AnswerFinding } from './answer.ts'
import { examineChannel } from './device/channel.ts'
import { deviceClockFindings } from './device/clock-skew.ts'
import { anomaliesIn, anomalyFinding } from './device/describe-anomalies.ts'
import { describeChannel } from './device/describe-channel.ts'
import { deviceGateFindings } from './device/describe-faults.ts'
import { livenessFindings } from './device/describe-liveness.ts'
import { findSensorFaults } from './device/gate.ts'
import { scoreJointly } from './device/joint.ts'
import { findLiveness } from './device/liveness.ts'
import { lostMessageFindings, type NumberedMessages } from './device/lost-messages.ts'
import { type ChannelPoints, pointsBetween } from './device/points.ts'
import { findingOf, plainEstimate, worstStatus } from './estimates.ts'
import type { ParametersOf } from './parameters.ts'
import { sayDuration, sayInstant, sayList, sayMany } from './wording.ts'

export type { ChannelPoints } from './device/points.ts'

export interface DeviceInput {
  readonly device: Device
  /**
   * Points by channel in order of time. They may begin before the window: earlier ones are context, without which changes of level
   * (a day of points) and trends (three days) cannot be told.
   */
  readonly channels: ReadonlyMap<string, ChannelPoints>
  /** Of a device that has been silent for longer than `channels` reach back: its points before that, which tell its rhythm. */
  readonly formerly?: ReadonlyMap<string, ChannelPoints>
  /** The least time from event to arrival, ms, hour by hour, where arrival is known. */
  readonly arrivalLags?: readonly number[]
  /** What is known of the numbers of its messages, where it numbers them. */
  readonly lost?: NumberedMessages
  readonly window: Window
  readonly now: number
}

/**
 * Whether a device's sensors can be trusted, channel by channel: every declared channel and every one that reports.
 *
 * - `gaps`: silences longer than `gapFactor` times `expectedEveryMs`, in the window, from the device's creation or its first point on.
 * - `stuck`: stretches that reach into the window in which the value stays for at least `stuckAfterMs`, at whatever level.
 * - `outOfRangeShare`: readings of the window outside the declared range, or infinite (Wilson's interval).
 * - `outlierShare`: single readings far from those around them (Hampel); see `findOutliers`.
 * - `shifts`: sudden lasting changes of level in all points given; `insufficient` below 0.9 of a day; see `findShifts`.
 * - `anomalies`: stretches in which readings were unusual by those before them, one pass, no look-ahead (see `updateStreamAnomaly`);
 *   worth a look and `ok` unless a limit is set on them. None up to 100 readings.
 * - `health`: the lowest of the channels' scores, 0 to 100, with what each part takes (see `scoreHealth`).
 * - `jointAnomalies`: the same for all channels together (see `updateStreamJoint`).
 * - `saturated`, `replayed`: stretches that the sensor gate does not let pass (see `findSensorFaults`), as are `physics` and `clock`, of
 *   the whole device.
 * - `silentForMs`: since the newest reading of any channel; a breach by the device's own rhythm, and `flaps`: how often it went and came
 *   back (see `findLiveness`).
 * - `clockSkewMs`: how far its clock is ahead of ours, where arrival is known (see `deviceClockFindings`).
 * - `lostShare`: numbered messages that never came (see `lostMessageFindings`).
 * - `replayedShare`: readings of the window that repeat an earlier stretch digit for digit, of all of the channel.
 * - `coarser`: only where a channel takes far fewer different values than before the window; `jitter`: see `jitterOf`.
 * - `daysToLimit`: when the trend reaches the channel's limit, in days from now, with its interval; 3650 also where it does not
 *   approach; `insufficient` below three days; see `findTrend`.
 *
 * A check that a channel does not declare (no rhythm, no range, no limit) gives no finding. NaN readings do not count; infinite ones
 * are out of range and take part in nothing else; those out of range or stuck take no part in shifts and trends. Without
 * limits: stuck, shifted, stopped by the gate, or more than 1 % out of range is a `breach`, as is a limit within half of `horizonDays`.
 * O(points log points).
 */
export function analyzeDevice(
  { device, channels, formerly, arrivalLags = [], lost, window, now }: DeviceInput,
  parameters: ParametersOf<'device'>,
): Answer<'device'> {
  const declared = new Map(device.channels.map((channel) => [channel.name, channel]))
  const names = [...declared.keys(), ...[...channels.keys()].filter((name) => !declared.has(name))]
  const none: ChannelPoints = { at: new Float64Array(0), value: new Float64Array(0) }
  const question = { window, now, knownFrom: device.createdAt }
  const faults = findSensorFaults({ device, channels, window, now }, parameters)
  const described = names.map((name) => {
    const spec = declared.get(name) ?? undeclared(name)
    return describeChannel(
      examineChannel(spec, channels.get(name) ?? none, question, parameters),
      faults.filter((fault) => fault.channels.includes(name)),
      window,
      now,
      parameters,
    )
  })
  const joint = examineTogether(channels, window)
  const lastSeen = described.flatMap(({ health }) => (health.last === null ? [] : [health.last.at]))
  const detail: DetailOf<'device'> = {
    kind: 'device',
    channels: described.map(({ health }) => health),
    lastSeenAt: lastSeen.length === 0 ? null : Math.max(...lastSeen),
    ...(joint === null ? {} : { joint: joint.detail }),
    faults: faults.slice(-parameters.maxListed),
  }
  const n = described.reduce((sum, { health }) => sum + health.n, 0)
  const liveness = findLiveness(device.channels, formerly ?? channels, { window, now }, parameters)
  const findings = [
    ...described.flatMap((one) => one.findings),
    ...healthFinding(detail, n),
    ...(names.length === 0 ? [] : deviceGateFindings(faults, n)),
    ...(names.length === 0 ? [] : livenessFindings(device, liveness, n)),
    ...deviceClockFindings(device, arrivalLags),
    ...(lost === undefined ? [] : lostMessageFindings(device, lost, mostReadings(detail), parameters.confidence)),
    ...(joint === null ? [] : [joint.finding]),
  ]
  return { headline: headlineOf(device, detail, findings, Math.min(window.to, now)), findings, detail }
}

/** Readings of the channel that has most: about as many messages came. */
const mostReadings = ({ channels }: DetailOf<'device'>) => channels.reduce((most, { n }) => Math.max(most, n), 0)

/** The lowest of the channels' scores: a device is as good as its worst sensor. */
function healthFinding({ channels }: DetailOf<'device'>, n: number): AnswerFinding[] {
  const scored = channels.flatMap(({ channel, score }) => (score === undefined ? [] : [{ channel, ...score }]))
  if (scored.length === 0) return []
  const worst = scored.reduce((low, one) => (one.value < low.value ? one : low))
  const why = worst.parts.map(({ lost, sentence }) => `${sentence} (−${lost})`)
  const message =
    worst.parts.length === 0
      ? 'Health 100 of 100: no channel has lost a point'
      : `Health ${worst.value} of 100, that of ${worst.channel}: ${sayList(why)}`
  return [findingOf({ metric: 'health' }, plainEstimate(worst.value, n), { status: 'ok', message })]
}

function examineTogether(channels: ReadonlyMap<string, ChannelPoints>, window: Window) {
  const until = new Map([...channels].map(([name, points]) => [name, pointsBetween(points, 0, window.to)]))
  const scored = scoreJointly(until)
  if (scored === null) return null
  const together = anomaliesIn(scored.at, scored, window, scored.stepMs)
  return {
    finding: anomalyFinding(null, together),
    detail: { channels: [...scored.channels], anomalies: [...together.spans], course: together.course },
  }
}

const undeclared = (name: string): Channel => ({
  name,
  unit: '',
  range: null,
  limit: null,
  expectedEveryMs: null,
  stuckAfterMs: null,
})

function headlineOf(
  { name }: Device,
  { channels, lastSeenAt, faults }: DetailOf<'device'>,
  findings: readonly AnswerFinding[],
  end: number,
): Headline {
  if (channels.length === 0) return { status: 'unknown', text: `${name} declares no channel and has sent nothing` }
  const isClockWrong = faults?.some(({ kind }) => kind === 'clock') ?? false
  const status = worstStatus([
    ...channels.map((channel) => channel.status),
    ...(isClockWrong ? ['breach' as const] : []),
  ])
  if (lastSeenAt === null) return { status, text: `${name} has sent nothing in this window` }
  if (channels.every(({ gaps, n }) => n === 0 || gaps.at(-1)?.to === end))
    return {
      status,
      text: `${name} has been silent for ${sayDuration(end - lastSeenAt)}, since ${sayInstant(lastSeenAt)}`,
    }
  const bad = findings.filter((finding) => finding.status === status)
  if (status === 'ok' || status === 'insufficient' || bad.length === 0) {
    const well = channels.filter((channel) => channel.status === 'ok').length
    return { status, text: `${name} is well: ${sayMany(well, 'channel')} as they should be` }
  }
  if (bad.length === 1) return { status, text: `${name}: ${bad[0].message}` }
  const where = sayList([...new Set(bad.map(({ subject }) => subject.channel ?? 'the device'))])
  return { status, text: `${name} has ${sayMany(bad.length, 'fault')} on ${where}; ${bad[0].message}` }
}
