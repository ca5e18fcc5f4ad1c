import type { Channel, Device } from '../../contract/device.ts'
import type { Window } from '../../contract/primitives.ts'
import type { SensorFault } from '../../contract/sensor-fault.ts'
import type { ParametersOf } from '../parameters.ts'
import { sayDuration, sayInstant, sayMany, sayNumber } from '../wording.ts'
import { findStuckSpans } from './channel.ts'
import { findImpossible } from './physics.ts'
import { type ChannelPoints, finitePoints, pointsBetween } from './points.ts'
import { findReplayed } from './replay.ts'
import { findSaturated } from './saturation.ts'

/** A clock this far ahead of ours is wrong. */
export const clockToleranceMs = 120_000

export interface GateInput {
  readonly device: Device
  /** Points by channel in order of time; earlier ones than the window's are context. */
  readonly channels: ReadonlyMap<string, ChannelPoints>
  readonly window: Window
  readonly now: number
}

/**
 * The sensor gate: stretches that reach into the window in which channels of a device cannot be trusted, oldest first, so that
 * no question about data takes a broken sensor for a changed world. Stuck (`findStuck`), saturated (`findSaturated`), outside the
 * declared range, replayed (`findReplayed`), against physics (`findImpossible`), or told by a clock more than two minutes ahead of
 * ours. O(points log points).
 */
export function findSensorFaults(
  { device, channels, window, now }: GateInput,
  parameters: ParametersOf<'device'>,
): SensorFault[] {
  const specs = new Map(device.channels.map((spec) => [spec.name, spec]))
  const until = [...channels].map(([name, points]) => ({
    name,
    unit: specs.get(name)?.unit ?? '',
    points: pointsBetween(points, Number.NEGATIVE_INFINITY, window.to),
  }))
  const faults = until.flatMap(({ name, points }) => {
    const spec = specs.get(name)
    return spec === undefined ? replays(name, points) : faultsOfChannel(spec, points, parameters)
  })
  return [...faults, ...findImpossible(until), ...clockFaults(until, now)]
    .filter(({ from, to }) => to >= window.from && from < window.to)
    .sort((a, b) => a.from - b.from)
}

function faultsOfChannel(spec: Channel, points: ChannelPoints, parameters: ParametersOf<'device'>): SensorFault[] {
  const { name } = spec
  const say = (value: number) => `${sayNumber(value)}${spec.unit === '' ? '' : ` ${spec.unit}`}`
  const finite = finitePoints(points)
  const stuck = (findStuckSpans(spec, finite, parameters) ?? []).map(
    ({ from, to, value }): SensorFault => ({
      kind: 'stuck',
      channels: [name],
      from,
      to,
      sentence: `${name} stuck at ${say(value)} since ${sayInstant(from)}`,
    }),
  )
  const saturated = (spec.range === null ? [] : findSaturated(finite, spec.range)).map(
    ({ from, to, value }): SensorFault => ({
      kind: 'saturated',
      channels: [name],
      from,
      to,
      sentence: `${name} saturated at ${say(value)}, the end of its range, for ${sayDuration(to - from)} from ${sayInstant(from)}`,
    }),
  )
  return [...stuck, ...saturated, ...beyondRange(spec, points), ...replays(name, finite)]
}

/** Readings in a row that no healthy sensor sends. */
function beyondRange({ name, range }: Channel, { at, value }: ChannelPoints): SensorFault[] {
  const isBeyond = (x: number) =>
    !Number.isNaN(x) && (!Number.isFinite(x) || (range !== null && (x < range[0] || x > range[1])))
  const found: SensorFault[] = []
  for (let first = 0; first < value.length; first++) {
    if (!isBeyond(value[first])) continue
    let last = first
    while (last + 1 < value.length && isBeyond(value[last + 1])) last++
    const from = at[first]
    found.push({
      kind: 'out-of-range',
      channels: [name],
      from,
      to: at[last],
      sentence: `${name} outside its range in ${sayMany(last - first + 1, 'reading')} from ${sayInstant(from)}`,
    })
    first = last
  }
  return found
}

const replays = (name: string, points: ChannelPoints): SensorFault[] =>
  findReplayed(points).map(({ from, to, original }) => ({
    kind: 'replayed',
    channels: [name],
    from,
    to,
    sentence: `${name} repeats its readings of ${sayInstant(original.from)} digit for digit for ${sayDuration(to - from)} from ${sayInstant(from)}`,
  }))

/** All that is later than now can be said: how far ahead the clock is, not since when. */
function clockFaults(channels: readonly { readonly points: ChannelPoints }[], now: number): SensorFault[] {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { points } of channels) {
    const ahead = pointsBetween(points, now + clockToleranceMs, Number.POSITIVE_INFINITY).at
    if (ahead.length === 0) continue
    from = Math.min(from, ahead[0])
    to = Math.max(to, ahead[ahead.length - 1])
  }
  if (!Number.isFinite(to)) return []
  return [
    { kind: 'clock', channels: [], from, to, sentence: `the device's clock is ${sayDuration(to - now)} ahead of ours` },
  ]
}
