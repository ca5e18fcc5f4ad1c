import { describe, expect, it } from 'vitest'
import type { ChannelPoints } from '../../src/analysis/device.ts'
import { analyzeDevice } from '../../src/analysis/device.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import type { Device } from '../../src/contract/device.ts'
import { readRoom, roomChannels } from './analysis-tables.ts'
import { isSharedPresent } from './shared.ts'

const present = isSharedPresent()
const hour = 3_600_000
const parameters = parametersOf.device.parse({})
type Period = Parameters<typeof readRoom>[0]
const periods: Period[] = ['datatraining', 'datatest', 'datatest2']

/** Readings of a period; nights and weekends are dark for up to fifteen hours on end. */
function roomOf(period: Period): { device: Device; channels: Map<string, ChannelPoints>; from: number; to: number } {
  const table = readRoom(period)
  const at = table.at ?? new Float64Array(0)
  const channels = new Map<string, ChannelPoints>()
  for (const [name, column] of table.columns)
    if (column.type === 'numeric') channels.set(name, { at, value: column.values })
  const device: Device = {
    id: 'dev_room',
    key: 'room',
    name: 'room',
    site: '',
    firmware: null,
    tags: [],
    createdAt: at[0],
    channels: roomChannels.map((name) => ({
      name,
      unit: '',
      range: null,
      limit: name === 'Temperature' ? { value: 30, direction: 'above' } : null,
      expectedEveryMs: 60_000,
      stuckAfterMs: (name === 'Light' ? 18 : 6) * hour,
    })),
  }
  return { device, channels, from: at[0], to: at[at.length - 1] + 1 }
}

describe.skipIf(!present)('a real room', () => {
  it.each(periods)('is well in %s: no gap, nothing stuck or shifted, no limit near', (period) => {
    const { device, channels, from, to } = roomOf(period)
    const { headline, findings } = analyzeDevice({ device, channels, window: { from, to }, now: to }, parameters)
    expect(headline).toEqual({ status: 'ok', text: 'room is well: 5 channels as they should be' })
    const outliers = findings.filter(({ subject }) => subject.metric === 'outlierShare').map(({ value }) => value ?? 1)
    expect(Math.max(...outliers)).toBeLessThan(0.002)
  })

  it.each(['datatest', 'datatest2'] as const)(
    'has a stuck light sensor where it hangs at its training mean (%s)',
    (period) => {
      const { device, channels, from, to } = roomOf(period)
      const training = roomOf('datatraining').channels.get('Light')?.value ?? new Float64Array(0)
      const mean = training.reduce((sum, value) => sum + value, 0) / training.length
      const { at } = channels.get('Light') ?? { at: new Float64Array(0) }
      const dark = new Map(channels).set('Light', { at, value: at.map(() => mean) })
      const { headline, findings } = analyzeDevice(
        { device, channels: dark, window: { from, to }, now: to },
        parameters,
      )
      expect(headline.status).toBe('breach')
      expect(headline.text).toMatch(/^room: Light stood still at 119\.5 for \d days/)
      const bad = findings.filter(({ status }) => status === 'breach')
      expect(bad.map(({ subject }) => subject)).toEqual([{ metric: 'stuck', channel: 'Light' }])
    },
  )

  it('seldom seems to change its level, whatever day is looked at alone', () => {
    let looks = 0
    let claims = 0
    for (const period of periods) {
      const { device, channels, from, to } = roomOf(period)
      for (let end = from + 24 * hour; end <= to; end += 6 * hour) {
        const cut = new Map(
          [...channels].map(([name, { at, value }]) => {
            const keep = (_: number, i: number) => at[i] >= end - 24 * hour && at[i] < end
            return [name, { at: at.filter(keep), value: value.filter(keep) }] as const
          }),
        )
        const window = { from: end - 24 * hour, to: end }
        const { findings } = analyzeDevice({ device, channels: cut, window, now: end }, parameters)
        const shifts = findings.filter(({ subject }) => subject.metric === 'shifts')
        looks += shifts.length
        claims += shifts.filter(({ value }) => (value ?? 0) > 0).length
      }
    }
    expect(looks).toBeGreaterThan(200)
    expect(claims / looks).toBeLessThan(0.02)
  })
})
