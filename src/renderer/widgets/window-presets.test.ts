import { describe, expect, it } from 'vitest'
import { parseUtcMinute, presetWindow, toUtcMinute } from './window-presets.ts'

const at = Date.UTC(2026, 10, 21, 14, 20)

describe('windows', () => {
  it('end now and are half open', () => expect(presetWindow('24h', at)).toEqual({ from: at - 86_400_000, to: at }))
  it('never begin before 1970', () => expect(presetWindow('30d', 1000)).toEqual({ from: 0, to: 1000 }))
  it('pass through a field unchanged', () => expect(parseUtcMinute(toUtcMinute(at))).toBe(at))
  it.each(['', '2026-11', '2026-13-41T99:99', '1960-01-01T00:00'])('refuse %s', (text) => {
    expect(parseUtcMinute(text)).toBeNull()
  })
})
