import { describe, expect, it } from 'vitest'
import { parametersOf } from '../parameters.ts'
import type { ChannelFacts } from './channel.ts'
import { scoreHealth } from './health-score.ts'

const day = 86_400_000
const window = { from: 10 * day, to: 11 * day }
const sound: ChannelFacts = {
  spec: { name: 'x', unit: '', range: null, limit: null, expectedEveryMs: 60_000, stuckAfterMs: null },
  n: 1000,
  last: null,
  centre: null,
  gaps: [],
  stuck: null,
  outOfRange: 0,
  outliers: [],
  shifts: [],
  trend: null,
  anomalies: null,
  replayed: 0,
  coarser: null,
  jitter: 0,
}
const score = (facts: Partial<ChannelFacts>, faults: Parameters<typeof scoreHealth>[1] = []) =>
  scoreHealth({ ...sound, ...facts }, faults, window, window.to, parametersOf.device.parse({}))
const hours = (from: number, to: number) => ({
  from: window.from + (from * day) / 24,
  to: window.from + (to * day) / 24,
})

describe('scoreHealth', () => {
  it('is 100 with nothing wrong, and nothing where nothing can be said', () => {
    expect(score({})).toEqual({ value: 100, parts: [] })
    expect(score({ n: 0, gaps: null })).toBeNull()
  })

  it('is 100 less its parts, the heaviest first', () => {
    const health = score({
      gaps: [hours(-5, 6)],
      outOfRange: 20,
      shifts: [{ at: window.from + 5, before: 1, after: 2 }],
    })
    expect(health).toEqual({
      value: 48,
      parts: [
        { part: 'silent', lost: 25, sentence: 'silent for 6 hours' },
        { part: 'shifted', lost: 25, sentence: '1 change of level' },
        { part: 'range', lost: 2, sentence: '20 readings out of range' },
      ],
    })
  })

  it('counts time once, and never falls below 0', () => {
    const fault = (from: number, to: number) => ({
      kind: 'physics' as const,
      channels: ['x'],
      ...hours(from, to),
      sentence: '',
    })
    expect(score({}, [fault(0, 12), fault(6, 12), fault(12, 18)])?.value).toBe(25)
    expect(score({ n: 0, gaps: [hours(0, 24)], coarser: { before: 9, now: 1 } })?.value).toBe(0)
  })

  it('fears a limit the more the nearer it is', () => {
    const trend = (days: number) => ({
      slope: 1,
      slopeInterval: [0.9, 1.1] as [number, number],
      isEstablished: true,
      n: 100,
      crossing: { kind: 'approaching' as const, at: window.to + days * day, earliestAt: 0, latestAt: null },
    })
    expect(score({ trend: trend(14) })?.parts).toEqual([
      { part: 'limit', lost: 25, sentence: 'reaches its limit in 14 days' },
    ])
    expect(score({ trend: trend(40) })?.value).toBe(100)
  })
})
