import type { OutputOf } from '../../../../contract/api.ts'
import type { Channel, Device } from '../../../../contract/device.ts'
import type { StoredReport } from '../../../../contract/report.ts'
import { dayMs, hourMs, knockAt, nowAt, devices as rows } from '../park.ts'
import { gaussian, generator } from '../random.ts'

const channel = (name: string, unit: string, range: [number, number], extra: Partial<Channel> = {}): Channel => ({
  name,
  unit,
  range,
  limit: null,
  expectedEveryMs: 60_000,
  stuckAfterMs: hourMs,
  ...extra,
})

const channels: Channel[] = [
  channel('temperature', '°C', [-20, 85], { limit: { value: 80, direction: 'above' } }),
  channel('humidity', '%', [0, 100]),
  channel('pressure', 'hPa', [300, 1100]),
  channel('accelerometer.x', 'm/s²', [-40, 40]),
  channel('gyroscope.z', '°/s', [-250, 250], { stuckAfterMs: null }),
  channel('magnetometer.norm', 'µT', [0, 1200]),
]

export const cameraGapAt = nowAt - 9 * hourMs
const stuckFrom = nowAt - 5 * hourMs

const bases: Record<string, { base: number; swing: number; noise: number }> = {
  temperature: { base: 52, swing: 9, noise: 0.5 },
  humidity: { base: 58, swing: 14, noise: 1.2 },
  pressure: { base: 1013, swing: 3, noise: 0.15 },
  'accelerometer.x': { base: 0.08, swing: 0, noise: 0.03 },
  'gyroscope.z': { base: 0, swing: 0, noise: 0.4 },
  'magnetometer.norm': { base: 46, swing: 0.6, noise: 0.3 },
}

function valueAt(name: string, at: number, random: () => number): number {
  const { base, swing, noise } = bases[name] ?? { base: 1, swing: 0, noise: 0.1 }
  if (name === 'humidity' && at >= stuckFrom) return 61.2
  const knocked = name === 'accelerometer.x' && at >= knockAt ? -1.79 : 0
  const trend = name === 'temperature' ? ((at - nowAt) / dayMs) * 4.2 : 0
  return base + trend + knocked + swing * Math.sin((at / dayMs) * 2 * Math.PI) + noise * gaussian(random)
}

export function telemetry(names: string[], window: { from: number; to: number }): OutputOf<'telemetry.series'> {
  return names.map((name, index) => {
    const random = generator(index + 3)
    const at: number[] = []
    const value: number[] = []
    for (let step = 0; step < 900; step += 1) {
      const instant = window.from + ((window.to - window.from) * step) / 900
      if (instant >= nowAt || (instant >= cameraGapAt && instant < cameraGapAt + 80 * 60_000)) continue
      at.push(instant)
      value.push(valueAt(name, instant, random))
    }
    return {
      channel: name,
      unit: channels.find((each) => each.name === name)?.unit ?? '',
      at,
      value,
      points: at.length * 8,
      isDownsampled: true,
    }
  })
}

export const devices: Device[] = rows.map((row, index) => ({
  id: row.target.id,
  key: row.key.replace(' ', '-'),
  name: row.name,
  site: index === 0 ? 'North gate' : 'East gate',
  firmware: '2.1.4',
  tags: ['park', 'outdoor'],
  channels: index === 0 ? channels : channels.slice(0, 4),
  createdAt: nowAt - 60 * dayMs,
}))

type Health = Extract<StoredReport['report']['detail'], { kind: 'device' }>['channels'][number]

/** Little scores, and a high one at an instant. */
function courseOf(peakAt: number | null, seed: number): NonNullable<Health['course']> {
  const random = generator(seed)
  const [from, stepMs] = [nowAt - dayMs, dayMs / 240]
  const scores = Array.from({ length: 240 }, (_, i) =>
    peakAt !== null && i === Math.floor((peakAt - from) / stepMs) ? 0.74 : random() ** 6 * 0.48,
  )
  return { from, stepMs, scores }
}

const healthOf = ({ name, unit }: Channel): Health => ({
  channel: name,
  unit,
  n: 8632,
  last: { at: nowAt - 40_000, value: valueAt(name, nowAt, generator(5)) },
  median: bases[name]?.base ?? 0,
  mad: bases[name]?.noise ?? 0,
  gaps: [{ from: cameraGapAt, to: cameraGapAt + 80 * 60_000 }],
  stuck: name === 'humidity' ? [{ from: stuckFrom, to: nowAt, value: 61.2 }] : [],
  outOfRange: 0,
  outliers: [],
  trend:
    name === 'temperature'
      ? {
          perDay: { value: 4.2, n: 8632, interval: [3.9, 4.6] },
          reachesLimitAt: nowAt + 6 * dayMs,
          reachesLimitInterval: [nowAt + 5 * dayMs, nowAt + 7 * dayMs],
          sentence: 'Rises by 4.2 °C a day (3.9 to 4.6); reaches 80 °C in about 6 days.',
        }
      : null,
  shifts: name === 'accelerometer.x' ? [{ at: knockAt, before: 0.08, after: -1.71 }] : [],
  anomalies:
    name === 'accelerometer.x'
      ? [
          {
            from: knockAt,
            to: knockAt + 9 * 60_000,
            score: 0.74,
            reason: 'falls from 0.08 to -1.71 at once, more than it usually moves',
          },
        ]
      : [],
  course: courseOf(name === 'accelerometer.x' ? knockAt : null, name.length),
  score:
    name === 'humidity'
      ? {
          value: 73.6,
          parts: [
            { part: 'stuck', lost: 20.8, sentence: 'stuck for 5 hours' },
            { part: 'silent', lost: 5.6, sentence: 'silent for 80 minutes' },
          ],
        }
      : { value: 94.4, parts: [{ part: 'silent', lost: 5.6, sentence: 'silent for 80 minutes' }] },
  status: name === 'accelerometer.x' || name === 'humidity' ? 'breach' : name === 'temperature' ? 'warning' : 'ok',
  problems:
    name === 'accelerometer.x'
      ? ['Changed from 0.08 to −1.71 m/s² and stayed there.']
      : name === 'humidity'
        ? ['Has stood at 61.2 % for 5 hours.']
        : [],
})

export const deviceReport: StoredReport = {
  id: 'rep_device',
  at: nowAt - 20 * 60_000,
  monitorId: 'mon_device',
  durationMs: 41,
  report: {
    kind: 'device',
    target: { type: 'device', id: 'dev_camera' },
    window: { from: nowAt - dayMs, to: nowAt },
    reference: null,
    parameters: {},
    engine: 'gallery 1.0',
    headline: rows[0].headline,
    findings: [],
    detail: {
      kind: 'device',
      channels: channels.map(healthOf),
      lastSeenAt: nowAt - 40_000,
      joint: {
        channels: channels.map(({ name }) => name),
        anomalies: [
          {
            from: knockAt,
            to: knockAt + 3 * 60_000,
            score: 0.71,
            reason: 'accelerometer.x and accelerometer.z do not fit together as they did before',
          },
        ],
        course: courseOf(knockAt, 31),
      },
    },
  },
}
