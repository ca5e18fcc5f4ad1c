import type { Channel } from '../../contract/device.ts'
import type { BoxTelemetry, Vector } from './camera-box.ts'

const EXPECTED_EVERY_MS = 15 * 60_000
const STUCK_AFTER_MS = 3 * 3_600_000

function channel(name: string, unit: string, range: [number, number], limit: Channel['limit'] = null): Channel {
  return { name, unit, range, limit, expectedEveryMs: EXPECTED_EVERY_MS, stuckAfterMs: STUCK_AFTER_MS }
}

const axes = (name: string, unit: string, range: [number, number]) =>
  ['X', 'Y', 'Z'].map((axis) => channel(`${name}${axis}`, unit, range))

/** The six kinds of telemetry of the camera's box, axes apart. The electronics endure 80 °C. */
export const BOX_CHANNELS: readonly Channel[] = [
  channel('temperature', '°C', [-40, 85], { value: 80, direction: 'above' }),
  channel('humidity', '%', [0, 100]),
  channel('pressure', 'hPa', [300, 1100]),
  ...axes('accelerometer', 'm/s²', [-39.2, 39.2]),
  ...axes('gyroscope', '°/s', [-250, 250]),
  ...axes('magnetometer', 'µT', [-1300, 1300]),
]

const round = (value: number) => Math.round(value * 1e4) / 1e4

const spread = (name: string, { x, y, z }: Vector) => ({
  [`${name}X`]: round(x),
  [`${name}Y`]: round(y),
  [`${name}Z`]: round(z),
})

/** Readings of the box by channel. */
export function channelsOf(box: BoxTelemetry): Record<string, number> {
  return {
    temperature: round(box.temperatureC),
    humidity: round(box.humidityPercent),
    pressure: round(box.pressureHpa),
    ...spread('accelerometer', box.accelerometer),
    ...spread('gyroscope', box.gyroscope),
    ...spread('magnetometer', box.magnetometer),
  }
}
