import { describe, expect, it } from 'vitest'
import { createArrivalLags } from './arrival-lags.ts'

const hourMs = 3_600_000
const start = 1_000 * hourMs

describe('lags of arrival', () => {
  it('are the least of each hour, by device', () => {
    const clock = { at: start }
    const lags = createArrivalLags(() => clock.at)
    lags.note([
      { deviceId: 'a', at: start - 5000 },
      { deviceId: 'a', at: start - 900 },
      { deviceId: null, at: start },
    ])
    clock.at = start + hourMs
    lags.note([
      { deviceId: 'a', at: clock.at + 7000 },
      { deviceId: 'b', at: clock.at - 40 },
    ])
    expect(lags.read('a', { from: start, to: start + 2 * hourMs })).toEqual([900, -7000])
    expect(lags.read('a', { from: start + hourMs, to: start + 2 * hourMs })).toEqual([-7000])
    expect(lags.read('b', { from: 0, to: start + 2 * hourMs })).toEqual([40])
    expect(lags.read('c', { from: 0, to: start })).toEqual([])
  })

  it('leave out what was kept back or imported, and forget after two days', () => {
    const clock = { at: start }
    const lags = createArrivalLags(() => clock.at)
    lags.note([{ deviceId: 'a', at: start - 30 * 24 * hourMs }])
    expect(lags.read('a', { from: 0, to: start + hourMs })).toEqual([])
    for (let hour = 0; hour < 60; hour++) {
      clock.at = start + hour * hourMs
      lags.note([{ deviceId: 'a', at: clock.at - hour }])
    }
    const kept = lags.read('a', { from: 0, to: start + 100 * hourMs })
    expect([kept.length, kept[0]]).toEqual([48, 12])
  })
})
