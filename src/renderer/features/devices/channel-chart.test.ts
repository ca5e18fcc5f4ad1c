import { describe, expect, it } from 'vitest'
import { declaredLines, withGaps } from './channel-chart.ts'

const series = {
  channel: 'temperature',
  unit: '°C',
  at: [0, 10, 20],
  value: [20, 25, 30],
  points: 3,
  isDownsampled: false,
}
const channel = {
  name: 'temperature',
  unit: '°C',
  range: [-40, 35] as [number, number],
  limit: { value: 80, direction: 'above' as const },
  expectedEveryMs: null,
  stuckAfterMs: null,
}

describe('withGaps', () => {
  it('breaks the line inside a gap, and nowhere else', () => {
    expect([...withGaps(series, [{ from: 10, to: 20 }])]).toEqual([0, 20, 10, 25, 15, Number.NaN, 20, 30])
    expect([...withGaps(series, [])]).toEqual([0, 20, 10, 25, 20, 30])
  })
  it('needs no break before the first or after the last value', () => {
    expect(
      withGaps(series, [
        { from: -20, to: -10 },
        { from: 30, to: 40 },
      ]),
    ).toHaveLength(6)
  })
})

describe('declaredLines', () => {
  it('draws the limit always and the range where it is near', () => {
    expect(declaredLines(series, channel, false).map(({ label }) => label)).toEqual(['limit 80 °C', 'highest 35 °C'])
    expect(declaredLines(series, channel, true)).toHaveLength(3)
    expect(declaredLines(series, null, true)).toEqual([])
  })
})
