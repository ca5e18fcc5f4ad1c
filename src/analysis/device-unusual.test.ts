import { describe, expect, it } from 'vitest'
import { reportDetail } from '../contract/report.ts'
import { analyzeDevice } from './device.ts'
import { parametersOf } from './parameters.ts'
import { ask, channel, day, deviceOf, hour, minute, noise, readings, start } from './testing/devices.ts'

describe('health', () => {
  it('is that of the worst channel, and says what took it there', () => {
    const spec = channel({ expectedEveryMs: minute, stuckAfterMs: 2 * hour })
    const wobble = noise(31, 1)
    const points = readings(1, minute, (since) => (since >= 6 * hour && since < 12 * hour ? 5 : 20 + wobble()))
    const { findingOf, health } = ask(spec, points)
    expect(health.score?.parts[0]).toMatchObject({ part: 'stuck', lost: 24.9 })
    expect(findingOf('health')).toMatchObject({ value: health.score?.value, status: 'ok' })
    expect(findingOf('health')?.message).toContain('that of x: stuck for 6 hours (−24.9)')
  })
})

describe('unusual readings', () => {
  const wobble = noise(21, 1)
  const quiet = readings(2, minute, () => 20 + wobble())

  it('are listed with a score and a reason where the window sees them, and are no fault by themselves', () => {
    const value = quiet.value.map((x, i) => (i >= 2000 && i < 2010 ? x + 9 : x))
    const at = start + 2000 * minute
    const { health, findingOf, headline } = ask(channel(), { at: quiet.at, value }, { from: start + day })
    expect(health.anomalies).toMatchObject([
      { from: at, score: expect.any(Number), reason: expect.stringContaining('2') },
    ])
    expect(findingOf('anomalies')).toMatchObject({ value: 1, n: 1440, status: 'ok', unit: 'count' })
    expect(headline.status).toBe('ok')
    const { course } = health
    expect(course?.from).toBe(start + day)
    expect(course?.scores).toHaveLength(240)
    const step = Math.floor((at - start - day) / (course?.stepMs ?? 1))
    expect(course?.scores.map((score) => (score ?? 0) >= 0.5).indexOf(true)).toBe(step)
    expect(ask(channel(), { at: quiet.at, value }, { from: start + 1.5 * day }).health.anomalies).toEqual([])
  })

  it('are not told from a handful of readings', () => {
    const few = { at: quiet.at.slice(0, 90), value: quiet.value.slice(0, 90) }
    const { health, findingOf } = ask(channel(), few)
    expect(health.anomalies).toBeUndefined()
    expect(findingOf('anomalies')).toBeUndefined()
  })

  it('of channels together are those that no channel shows by itself', () => {
    const common = quiet.value
    const jitter = noise(22, 0.1)
    const other = common.map((x, i) => (i >= 2000 ? 40 - x : x) + jitter())
    const slow = readings(2, 6 * hour, () => 1)
    const answer = analyzeDevice(
      {
        device: deviceOf(channel({ name: 'inside' }), channel({ name: 'outside' }), channel({ name: 'daily' })),
        channels: new Map([
          ['inside', quiet],
          ['outside', { at: quiet.at.map((at) => at + 7000), value: other }],
          ['daily', slow],
        ]),
        window: { from: start + day, to: start + 2 * day },
        now: start + 2 * day,
      },
      parametersOf.device.parse({}),
    )
    const { joint } = answer.detail
    expect(joint?.channels).toEqual(['inside', 'outside'])
    expect(joint?.anomalies[0].from).toBeGreaterThanOrEqual(start + 2000 * minute)
    expect(joint?.anomalies[0].from).toBeLessThan(start + 2005 * minute)
    expect(joint?.anomalies[0].reason).toContain('do not fit together as they did before')
    expect(
      answer.detail.channels
        .flatMap(({ anomalies = [] }) => anomalies)
        .filter(({ from }) => from >= start + 2000 * minute),
    ).toEqual([])
    expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
    expect(answer.findings.find(({ subject }) => subject.metric === 'jointAnomalies')).toMatchObject({ status: 'ok' })
  })
})
