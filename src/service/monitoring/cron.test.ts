import { describe, expect, it } from 'vitest'
import { instantsIn, latestInstant, nextInstant, scheduleFault } from './cron.ts'

const at = (text: string) => Date.parse(`${text}Z`)

describe('schedules', () => {
  it('are five fields in UTC, and what is wrong with others is said', () => {
    expect(scheduleFault('20 0 * * *')).toBeNull()
    expect(scheduleFault('*/15 6-18 * * 1-5')).toBeNull()
    expect(scheduleFault('* * * * * *')).toMatch(/five fields/)
    expect(scheduleFault('@daily')).toMatch(/five fields/)
    expect(scheduleFault('61 * * * *')).toMatch(/minute: 61/)
    expect(scheduleFault('0 0 30 2 *')).toMatch(/never comes/)
    expect(scheduleFault('a b c d e')).not.toBeNull()
  })

  it('know what comes next and what came last, both to the minute', () => {
    const daily = '20 0 * * *'
    expect(nextInstant(daily, at('2026-01-01T00:20:00'))).toBe(at('2026-01-02T00:20:00'))
    expect(nextInstant(daily, at('2026-01-01T00:19:59.999'))).toBe(at('2026-01-01T00:20:00'))
    expect(latestInstant(daily, at('2026-01-01T00:20:00'))).toBe(at('2026-01-01T00:20:00'))
    expect(latestInstant(daily, at('2026-01-01T00:20:00.500'))).toBe(at('2026-01-01T00:20:00'))
    expect(latestInstant(daily, at('2026-01-01T00:19:59.999'))).toBe(at('2025-12-31T00:20:00'))
  })

  it('list the instants of a window that ends before its end', () => {
    const window = { from: at('2026-01-01T00:00:00'), to: at('2026-01-01T01:00:00') }
    expect(instantsIn('*/20 * * * *', window)).toEqual(
      ['00:00', '00:20', '00:40'].map((time) => at(`2026-01-01T${time}:00`)),
    )
    expect(instantsIn('0 0 1 * *', { from: window.from + 1, to: window.to })).toEqual([])
  })
})
