import { describe, expect, it } from 'vitest'
import { parseUtcMinute, presetAround, presetWindow, toUtcMinute } from './window-presets.ts'

const at = Date.UTC(2026, 10, 21, 14, 20)

describe('windows', () => {
  it('end now and are half open', () => expect(presetWindow('24h', at)).toEqual({ from: at - 86_400_000, to: at }))
  it('never begin before 1970', () => expect(presetWindow('30d', 1000)).toEqual({ from: 0, to: 1000 }))
  it('show as much from before an instant as has passed since', () => {
    const hours = (count: number) => presetAround(at - count * 3_600_000, at)
    expect([0.4, 0.6, 12, 13, 84, 85, 2000].map(hours)).toEqual(['1h', '24h', '24h', '7d', '7d', '30d', '30d'])
  })
  it('pass through a field unchanged', () => expect(parseUtcMinute(toUtcMinute(at))).toBe(at))
  it.each(['', '2026-11', '2026-13-41T99:99', '1960-01-01T00:00'])('refuse %s', (text) => {
    expect(parseUtcMinute(text)).toBeNull()
  })
})
