import { describe, expect, it } from 'vitest'
import { reportDetail } from '../contract/report.ts'
import { createRandom, randomUniform } from '../stats/random.ts'
import { analyzeDevice } from './device.ts'
import { parametersOf } from './parameters.ts'
import { ask, channel, cycle, day, deviceOf, hour, minute, noise, readings, start } from './testing/devices.ts'

describe('gaps', () => {
  const spec = channel({ expectedEveryMs: minute })

  it('are silences longer than the rhythm allows, one lost reading being none', () => {
    const all = readings(0.5, minute, () => 1)
    const keep = all.at.map((_, i) => (i === 100 || (i >= 200 && i < 230) || i >= 700 ? 0 : 1))
    const some = { at: all.at.filter((_, i) => keep[i] === 1), value: all.value.filter((_, i) => keep[i] === 1) }
    const { health, findingOf, headline } = ask(spec, some, { to: start + 12 * hour })
    expect(health.gaps).toEqual([
      { from: start + 199 * minute, to: start + 230 * minute },
      { from: start + 699 * minute, to: start + 12 * hour },
    ])
    expect(findingOf('gaps')).toMatchObject({ value: 2, unit: 'count', status: 'warning', subject: { channel: 'x' } })
    expect(findingOf('gaps')?.message).toBe(
      'x fell silent 2 times, for 31 minutes at most, last from 2 Mar 2026 11:39 UTC to 2 Mar 2026 12:00 UTC',
    )
    expect(headline.text).toBe('box has been silent for 21 minutes, since 2 Mar 2026 11:39 UTC')
  })

  it('count from when the device was known, and up to now', () => {
    const late = readings(0.1, minute, () => 1)
    const before = ask(spec, late, { from: start - day })
    expect(before.health.gaps).toEqual([])
    const ahead = ask(spec, late, { to: start + day, now: (late.at.at(-1) ?? 0) + minute })
    expect(ahead.health.gaps).toEqual([])
  })

  it('are the whole window for a channel that never reports', () => {
    const empty = { at: new Float64Array(0), value: new Float64Array(0) }
    const { health, headline, findingOf } = ask(spec, empty, { to: start + 5 * hour })
    expect(health).toMatchObject({ n: 0, status: 'warning', gaps: [{ from: start, to: start + 5 * hour }] })
    expect(findingOf('gaps')?.message).toBe('x has not reported for 5 hours')
    expect(headline.text).toBe('box has sent nothing in this window')
    expect(ask(channel(), empty, { to: start + hour }).health.status).toBe('insufficient')
  })
})

describe('a stuck channel', () => {
  const spec = channel({ expectedEveryMs: minute, stuckAfterMs: 2 * hour, unit: 'lx' })
  const light = noise(1, 20)
  const at = (from: number, to: number, level: number) =>
    readings(1, minute, (since) => (since >= from && since < to ? level : 300 + light()))

  it('is found at any level, also a plausible one', () => {
    for (const level of [0, 119.5, 301.25]) {
      const { health, findingOf, headline } = ask(spec, at(5 * hour, 9 * hour, level))
      expect(health.stuck).toEqual([{ from: start + 5 * hour, to: start + 9 * hour - minute, value: level }])
      expect(findingOf('stuck')).toMatchObject({ value: 1, status: 'breach' })
      expect(headline.status).toBe('breach')
    }
    expect(ask(spec, at(5 * hour, 9 * hour, 119.5)).headline.text).toBe(
      'box: x stood still at 119.5 lx for 4 hours from 2 Mar 2026 05:00 UTC',
    )
  })

  it('may tremble within its tolerance', () => {
    const tremor = noise(2, 0.01)
    const points = readings(1, minute, (since) =>
      since >= 12 * hour ? 50 + Math.min(0.04, Math.max(-0.04, tremor())) : 300 + light(),
    )
    expect(ask(spec, points).health.stuck).toEqual([])
    expect(ask(spec, points, { changes: { stuckTolerance: { x: 0.1 } } }).health.stuck).toHaveLength(1)
  })

  it('is not one that is silent between two equal readings, nor one that stood still for less', () => {
    const two = { at: Float64Array.of(start, start + minute, start + 9 * hour), value: Float64Array.of(7, 7, 7) }
    expect(ask(spec, two).health.stuck).toEqual([])
    expect(ask(spec, at(5 * hour, 6.9 * hour, 0)).health.stuck).toEqual([])
    expect(ask(channel({ stuckAfterMs: 2 * hour }), at(5 * hour, 9 * hour, 0)).health.stuck).toHaveLength(1)
  })

  it('counts when its stretch reaches into the window, with its whole length', () => {
    const points = at(5 * hour, 9 * hour, 0)
    const inside = ask(spec, points, { from: start + 8 * hour })
    expect(inside.health.stuck).toEqual([{ from: start + 5 * hour, to: start + 9 * hour - minute, value: 0 }])
    expect(ask(spec, points, { from: start + 10 * hour }).health.stuck).toEqual([])
  })
})

describe('range and outliers', () => {
  it('count readings outside the declared range, and infinite ones', () => {
    const points = readings(0.5, minute, (since) => (since % (4 * hour) === 0 ? 999 : 20 + cycle(since)))
    points.value[7] = Number.POSITIVE_INFINITY
    points.value[8] = Number.NaN
    const { health, findingOf } = ask(channel({ range: [-40, 85], unit: '°C' }), points)
    expect(health).toMatchObject({ n: 719, outOfRange: 4, status: 'warning' })
    expect(findingOf('outOfRangeShare')).toMatchObject({ value: 4 / 719, status: 'warning' })
    expect(findingOf('outOfRangeShare')?.message).toBe('x: 0.6 % of 719 readings outside -40 to 85 °C')
    expect(health.median).toBeLessThan(22)
  })

  it('find readings that stand alone, in a course of the day and in a flat line', () => {
    const small = noise(3, 0.1)
    const spikes = new Set([200, 800, 1300])
    const daily = readings(1, minute, (since) => 20 + 5 * cycle(since) + small() + (spikes.has(since / minute) ? 6 : 0))
    const { health, findingOf } = ask(channel(), daily)
    expect(health.outliers.map(({ at }) => (at - start) / minute)).toEqual([200, 800, 1300])
    expect(health.outliers[0].score).toBeGreaterThan(6)
    expect(findingOf('outlierShare')).toMatchObject({ value: 3 / 1440, unit: 'share', status: 'ok' })
    const flat = readings(1, minute, (since) => (since === 600 * minute ? 5 : since > 900 * minute ? 3 : 2))
    expect(ask(channel(), flat).health.outliers.map(({ value }) => value)).toEqual([5])
  })

  it('do not take events for outliers, nor a constant channel for a strange one', () => {
    const small = noise(4, 1)
    const lamp = readings(1, minute, (since) => small() + (since % (3 * hour) < 10 * minute ? 100 : 0))
    expect(ask(channel(), lamp).health.outliers).toEqual([])
    expect(
      ask(
        channel(),
        readings(1, minute, () => 5),
      ).health.outliers,
    ).toEqual([])
  })
})

describe('a change of level', () => {
  const gravity = noise(5, 0.025)
  const knocked = (knockAt: number, after: number) =>
    readings(
      1,
      minute,
      (since) =>
        (since >= knockAt ? after : -0.09) +
        gravity() +
        (since >= knockAt && since < knockAt + 8 * minute ? 3 * gravity() : 0),
    )

  it('is found where a knock tilts a box, at its moment', () => {
    for (const knockAt of [3 * hour, 14 * hour, 23 * hour]) {
      const { health, findingOf } = ask(channel({ unit: 'm/s²' }), knocked(knockAt, 1.62))
      expect(health.shifts).toHaveLength(1)
      expect(Math.abs(health.shifts[0].at - start - knockAt)).toBeLessThanOrEqual(5 * minute)
      expect(health.shifts[0].before).toBeCloseTo(-0.09, 1)
      expect(health.shifts[0].after).toBeCloseTo(1.62, 1)
      expect(findingOf('shifts')).toMatchObject({ value: 1, status: 'breach' })
    }
  })

  it('is not claimed before it is confirmed, nor when it goes back', () => {
    expect(ask(channel(), knocked(day - 15 * minute, 1.62)).health.shifts).toEqual([])
    const back = readings(1, minute, (since) => (since > 5 * hour && since < 11 * hour ? 1.6 : -0.09) + gravity())
    expect(ask(channel(), back).health.shifts).toEqual([])
  })

  it('is found twice where two knocks follow each other', () => {
    const twice = readings(2, minute, (since) => (since < 20 * hour ? 0.02 : since < 30 * hour ? 1 : 2) + gravity())
    const { shifts } = ask(channel(), twice).health
    expect(shifts.map(({ before, after }) => [before.toFixed(1), after.toFixed(1)])).toEqual([
      ['0.0', '1.0'],
      ['1.0', '2.0'],
    ])
  })

  it('is not a day and a night, a lamp, a ramp or weather', () => {
    const small = noise(6, 0.2)
    const shapes: Record<string, (since: number) => number> = {
      'a smooth day': (since) => 20 + 8 * cycle(since) + small(),
      'lamps by day': (since) => ((since / hour) % 24 > 8 && (since / hour) % 24 < 18 ? 400 + 10 * small() : 0),
      'a noisy switch by day': (since) => ((since / hour) % 24 > 8 && (since / hour) % 24 < 18 ? 400 : 10) + small(),
      'a ramp': (since) => since / hour + small(),
      'a slow step': (since) => 20 / (1 + Math.exp(-(since - 15 * hour) / (10 * minute))) + small(),
      'a state': (since) => (since > 15 * hour ? 1 : 0),
    }
    for (const [name, shape] of Object.entries(shapes))
      for (const phase of [0, 5, 11, 17, 22])
        for (const days of [1, 2.5]) {
          const points = readings(days, minute, (since) => shape(since + phase * hour))
          expect(ask(channel(), points).health.shifts, `${name}, from ${phase} h, ${days} days`).toEqual([])
        }
  })

  it('is not claimed of white noise, and cannot be told from less than a day', () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = createRandom(seed)
      expect(
        ask(
          channel(),
          readings(1, minute, () => randomUniform(random)),
        ).health.shifts,
      ).toEqual([])
    }
    const short = ask(
      channel(),
      readings(0.5, minute, () => gravity()),
    )
    expect(short.findingOf('shifts')).toMatchObject({ value: null, status: 'insufficient' })
    expect(short.health.status).toBe('ok')
  })

  it('is found with the points before the window as context', () => {
    const points = knocked(20 * hour, 1.62)
    const { findingOf, health } = ask(channel(), points, { from: start + 22 * hour })
    expect(findingOf('shifts')?.value).toBe(1)
    expect(health.n).toBe(120)
  })
})

describe('a trend', () => {
  const spec = channel({ unit: '°C', limit: { value: 80, direction: 'above' } })
  const small = noise(7, 0.3)
  const rising = (perDay: number) =>
    readings(7, 10 * minute, (since) => 50 + 10 * cycle(since) + (perDay * since) / day + small())

  it('says when the hottest hour reaches the limit, with the days that the readings allow', () => {
    // After seven days the peak stands at 50 + 10 + 7 · 2 = 74: three days at 2 degrees a day.
    const { health, findingOf } = ask(spec, rising(2))
    expect(health.trend?.perDay.value).toBeCloseTo(2, 1)
    const days = findingOf('daysToLimit')?.value ?? 0
    expect(days).toBeGreaterThan(2.5)
    expect(days).toBeLessThan(3.5)
    expect(findingOf('daysToLimit')?.interval?.[0]).toBeLessThan(days)
    expect(findingOf('daysToLimit')?.interval?.[1]).toBeGreaterThan(days)
    expect(findingOf('daysToLimit')).toMatchObject({ status: 'breach', unit: 'days' })
    expect(health.trend?.sentence).toMatch(
      /^x rises by (2|1\.99|2\.01) °C a day and reaches 80 °C in about 3 days \(\d+ (days|hours) at the earliest, \d+ days at the latest\)$/,
    )
    expect(health.trend?.reachesLimitInterval?.[0]).toBeGreaterThan(start + 7 * day)
  })

  it('counts as far away where there is none, or it leads elsewhere', () => {
    for (const perDay of [0, -2]) {
      const { findingOf, health } = ask(spec, rising(perDay))
      expect(findingOf('daysToLimit')).toMatchObject({ value: 3650, interval: null, status: 'ok' })
      expect(health.trend?.reachesLimitAt).toBeNull()
    }
    expect(ask(spec, rising(0)).health.trend?.sentence).toBe(
      'x neither rises nor falls, as far as these readings can tell, and does not approach its limit of 80 °C',
    )
  })

  it('is at its limit where it is, on either side', () => {
    const beyond = ask(
      spec,
      readings(7, hour, () => 85 + small()),
    )
    expect(beyond.findingOf('daysToLimit')).toMatchObject({ value: 0, status: 'breach' })
    const low = ask(
      channel({ limit: { value: 10, direction: 'below' } }),
      readings(7, hour, (since) => 40 - (3 * since) / day + small()),
    )
    // 40 − 21 = 19 after a week: three days more.
    expect(low.findingOf('daysToLimit')?.value).toBeCloseTo(3, 0)
  })

  it('is not read off the course of a day, a warm morning or a change of level', () => {
    for (const days of [0.3, 1, 4]) {
      const { findingOf, health } = ask(
        spec,
        readings(days, 10 * minute, (since) => 60 + 15 * cycle(since) + small()),
      )
      expect(health.trend).toBeNull()
      expect(findingOf('daysToLimit')).toMatchObject({ value: null, status: 'insufficient' })
    }
    const stepped = readings(8, 10 * minute, (since) => (since < 4 * day ? 40 : 60) + small())
    expect(ask(spec, stepped).health).toMatchObject({ trend: null, shifts: [{ before: expect.closeTo(40, 0) }] })
  })
})

describe('a device', () => {
  it('is judged channel by channel, undeclared ones included, in a detail that the contract accepts', () => {
    const small = noise(8, 1)
    const well = readings(1, minute, () => 20 + small())
    const answer = analyzeDevice(
      {
        device: deviceOf(channel({ name: 'a', range: [0, 40], expectedEveryMs: minute, stuckAfterMs: hour })),
        channels: new Map([
          ['a', well],
          ['b', readings(1, minute, () => 3 + small())],
        ]),
        window: { from: start, to: start + day },
        now: start + day,
      },
      parametersOf.device.parse({}),
    )
    expect(answer.headline).toEqual({ status: 'ok', text: 'box is well: 2 channels as they should be' })
    expect(answer.findings.map(({ subject }) => `${subject.metric} ${subject.channel}`)).toEqual([
      'gaps a',
      'stuck a',
      'outOfRangeShare a',
      'outlierShare a',
      'shifts a',
      'saturated a',
      'replayed a',
      'replayedShare a',
      'jitter a',
      'anomalies a',
      'outlierShare b',
      'shifts b',
      'replayed b',
      'replayedShare b',
      'anomalies b',
      'health undefined',
      'physics undefined',
      'clock undefined',
      'silentForMs undefined',
      'flaps undefined',
      'jointAnomalies undefined',
    ])
    expect(answer.detail.lastSeenAt).toBe(start + day - minute)
    expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
  })

  it('without channels is unknown', () => {
    const input = { device: deviceOf(), channels: new Map(), window: { from: start, to: start + 1 }, now: start }
    expect(analyzeDevice(input, parametersOf.device.parse({})).headline.status).toBe('unknown')
  })
})
