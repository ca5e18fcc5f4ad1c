import type { SensorFault } from '../../contract/sensor-fault.ts'
import { median } from '../../stats/quantiles.ts'
import { sayInstant, sayNumber } from '../wording.ts'
import { type ChannelPoints, finitePoints } from './points.ts'

const hourMs = 3_600_000
/** Readings of each channel that an hour needs. */
const fewest = 3

/** m/s²; and the shares of it that an accelerometer at rest may be off. */
const gravity = 9.80665
const gravityTolerance = 0.1
/** The Earth's field is 22 to 67 µT; iron near the sensor changes it, but not without end. */
const fieldRange = [15, 90] as const
/** °C that a dew point may lie off what temperature and humidity give, and the share for a humidity ratio. */
const dewTolerance = 2
const ratioTolerance = 0.1
const standardPressure = 1013.25

export interface NamedPoints {
  readonly name: string
  readonly unit: string
  readonly points: ChannelPoints
}

/**
 * Stretches of whole hours in which channels contradict physics, each by the medians of an hour:
 *
 * - |acceleration| of three axes (units m/s² or g) more than 10 % off 9.81 m/s²: a tilt keeps it, a broken axis does not;
 * - |magnetic field| of three axes (µT) outside 15 to 90 µT;
 * - a dew point (°C) more than 2 °C off, or a humidity ratio (kg/kg) more than 10 % off, what temperature (°C), relative humidity
 *   (%) and, where there is one, pressure (hPa) give by Magnus' formula.
 *
 * Channels are known by their names and units; where they are not all there nothing is said. O(n log n).
 * Source: Alduchov and Eskridge, J. Appl. Meteor. 35 (1996) 601 (Magnus' constants 17.625 and 243.04 °C).
 */
export function findImpossible(channels: readonly NamedPoints[]): SensorFault[] {
  return [...findAxes(channels, 'accel'), ...findAxes(channels, 'magnet')]
    .flatMap((axes) => impossibleAxes(axes))
    .concat(impossibleDew(channels), impossibleRatio(channels))
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '')

/** Triples of channels whose names differ in their last letter only. */
function findAxes(channels: readonly NamedPoints[], kind: string): NamedPoints[][] {
  const families = new Map<string, NamedPoints[]>()
  for (const channel of channels) {
    const [, family] = /^(.*)[xyz]$/.exec(plain(channel.name)) ?? []
    if (family?.includes(kind)) families.set(family, [...(families.get(family) ?? []), channel])
  }
  return [...families.values()].filter((axes) => axes.length === 3)
}

function impossibleAxes(axes: readonly NamedPoints[]): SensorFault[] {
  const isAcceleration = plain(axes[0].name).includes('accel')
  const unit = axes[0].unit
  const scale = isAcceleration ? (unit === 'g' ? 1 : unit === 'm/s²' || unit === 'm/s2' ? gravity : null) : 1
  if (scale === null || (!isAcceleration && !['µT', 'μT', 'uT'].includes(unit))) return []
  const isWrong = (norm: number) =>
    isAcceleration ? Math.abs(norm / scale - 1) > gravityTolerance : norm < fieldRange[0] || norm > fieldRange[1]
  const norms = byHour(axes).map(({ at, medians }) => ({ at, value: Math.hypot(...medians) }))
  const should = isAcceleration
    ? `${sayNumber(Number(scale.toFixed(2)))} ${unit} at rest`
    : `${fieldRange[0]} to ${fieldRange[1]} ${unit} on Earth`
  return stretches(norms, isWrong).map(({ from, to, value }) => ({
    kind: 'physics',
    channels: axes.map(({ name }) => name),
    from,
    to,
    sentence: `|${isAcceleration ? 'acceleration' : 'magnetic field'}| is ${sayNumber(round(value))} ${unit} where it is ${should}, since ${sayInstant(from)}`,
  }))
}

const find = (channels: readonly NamedPoints[], pattern: RegExp) =>
  channels.find(({ name }) => pattern.test(plain(name)))

function airOf(channels: readonly NamedPoints[]) {
  const temperature = find(channels, /^(air|ambient|room)?temperature$|^temp$/)
  const humidity = find(channels, /^(relative)?humidity$|^rh$/)
  return temperature?.unit === '°C' && humidity?.unit === '%' ? { temperature, humidity } : null
}

const magnus = (celsius: number) => (17.625 * celsius) / (243.04 + celsius)

/** °C at which air of this temperature and relative humidity (%) is saturated. */
export function dewPoint(celsius: number, humidity: number): number {
  const gamma = Math.log(humidity / 100) + magnus(celsius)
  return (243.04 * gamma) / (17.625 - gamma)
}

/** kg of vapour to a kg of dry air. */
export function humidityRatio(celsius: number, humidity: number, hPa: number): number {
  const vapour = (humidity / 100) * 6.1094 * Math.exp(magnus(celsius))
  return (0.622 * vapour) / (hPa - vapour)
}

function impossibleDew(channels: readonly NamedPoints[]): SensorFault[] {
  const air = airOf(channels)
  const dew = find(channels, /dewpoint/)
  if (air === null || dew?.unit !== '°C') return []
  return contradictions(
    [dew, air.temperature, air.humidity],
    'dew point',
    '°C',
    ([, t, h]) => dewPoint(t, h),
    (a, b) => Math.abs(a - b) > dewTolerance,
  )
}

function impossibleRatio(channels: readonly NamedPoints[]): SensorFault[] {
  const air = airOf(channels)
  const ratio = find(channels, /humidityratio/)
  if (air === null || ratio === undefined) return []
  const pressure = find(channels, /^(air|barometric)?pressure$/)
  const all = [ratio, air.temperature, air.humidity, ...(pressure?.unit === 'hPa' ? [pressure] : [])]
  return contradictions(
    all,
    'humidity ratio',
    'kg/kg',
    ([, t, h, p = standardPressure]) => humidityRatio(t, h, p),
    (a, b) => Math.abs(a / b - 1) > ratioTolerance,
  )
}

/** Where the first channel is not what the others give. */
function contradictions(
  channels: readonly NamedPoints[],
  what: string,
  unit: string,
  expect: (medians: readonly number[]) => number,
  differ: (measured: number, expected: number) => boolean,
): SensorFault[] {
  const hours = byHour(channels).flatMap(({ at, medians }) => {
    const expected = expect(medians)
    return Number.isFinite(expected) ? [{ at, value: medians[0], expected }] : []
  })
  return stretches(hours, (value, i) => differ(value, hours[i].expected)).map(({ from, to, value, first }) => ({
    kind: 'physics',
    channels: channels.map(({ name }) => name),
    from,
    to,
    sentence: `${what} is ${sayNumber(round(value))} ${unit} where temperature and humidity give ${sayNumber(round(hours[first].expected))} ${unit}, since ${sayInstant(from)}`,
  }))
}

const round = (value: number) => Number(value.toPrecision(3))

/** Medians of each hour in which every channel has enough readings. */
function byHour(channels: readonly NamedPoints[]): { at: number; medians: number[] }[] {
  const hours = channels.map(({ points }) => {
    const { at, value } = finitePoints(points)
    const found = new Map<number, number>()
    for (let first = 0; first < at.length; ) {
      const hour = Math.floor(at[first] / hourMs)
      let next = first
      while (next < at.length && at[next] < (hour + 1) * hourMs) next++
      if (next - first >= fewest) found.set(hour, median(value.subarray(first, next)) ?? 0)
      first = Math.max(next, first + 1)
    }
    return found
  })
  return [...hours[0].keys()].flatMap((hour) => {
    const medians = hours.map((found) => found.get(hour))
    return medians.every((x) => x !== undefined) ? [{ at: hour * hourMs, medians }] : []
  })
}

/** Hours in a row that are wrong; `value` is the first one's. */
function stretches(
  hours: readonly { at: number; value: number }[],
  isWrong: (value: number, i: number) => boolean,
): { from: number; to: number; value: number; first: number }[] {
  const found: { from: number; to: number; value: number; first: number }[] = []
  hours.forEach(({ at, value }, i) => {
    if (!isWrong(value, i)) return
    const open = found.at(-1)
    if (open?.to === at) open.to = at + hourMs
    else found.push({ from: at, to: at + hourMs, value, first: i })
  })
  return found
}
