import { describe, expect, it } from 'vitest'
import { alarmParts, anomaliesWithin, stripParts } from './anomaly-strip.ts'

const window = { from: 1000, to: 2000 }

describe('stripParts', () => {
  it('places the steps that are unusual on the axis of the window, cut at its ends', () => {
    const course = { from: 900, stepMs: 200, scores: [0.4, 0.1, null, 0.6, 0.3, 0.9, 0.9] }
    expect(stripParts(course, window)).toEqual([
      { left: 0, width: 0.1, score: 0.4 },
      { left: 0.5, width: 0.2, score: 0.6 },
      { left: 0.7, width: 0.2, score: 0.3 },
      { left: 0.9, width: 0.1, score: 0.9 },
    ])
  })
})

describe('alarmParts', () => {
  const alarm = (from: number, to: number) => ({ from, to, score: 0.5, reason: '' })

  it('keeps those that the window shows, a single reading too', () => {
    const all = [alarm(100, 200), alarm(900, 1100), alarm(1500, 1500), alarm(2000, 2100)]
    expect(alarmParts(all, window).map(({ left }) => left)).toEqual([0, 0.5])
    expect(anomaliesWithin(all, window)).toEqual([all[1], all[2]])
  })
})
