import { describe, expect, it } from 'vitest'
import { describeCron, nextRun, parseCron, scheduleWords } from './cron.ts'

const at = Date.UTC(2026, 10, 21, 14, 20) // a Saturday
const next = (pattern: string, from = at) => {
  const cron = parseCron(pattern)
  const found = cron && nextRun(cron, from)
  return found === null ? null : new Date(found).toISOString().slice(0, 16)
}
const words = (pattern: string) => {
  const cron = parseCron(pattern)
  return cron && describeCron(cron)
}

describe('schedules', () => {
  it.each([
    ['* * * * *', 'every minute', '2026-11-21T14:21'],
    ['*/15 * * * *', 'every 15 minutes', '2026-11-21T14:30'],
    ['0 * * * *', 'every hour', '2026-11-21T15:00'],
    ['20 * * * *', 'every hour at minute 20', '2026-11-21T15:20'],
    ['0 */6 * * *', 'every 6 hours', '2026-11-21T18:00'],
    ['0 2 * * *', 'every day at 02:00', '2026-11-22T02:00'],
    ['0 2,14 * * *', 'every day at 02:00 and 14:00', '2026-11-22T02:00'],
    ['30 6 * * 1', 'every Monday at 06:30', '2026-11-23T06:30'],
    ['30 6 * * MON-FRI', 'Monday to Friday at 06:30', '2026-11-23T06:30'],
    ['0 0 * * 7', 'every Sunday at 00:00', '2026-11-22T00:00'],
    ['0 3 1 * *', 'on day 1 of the month at 03:00', '2026-12-01T03:00'],
    ['0 3 1 JAN *', 'on day 1 of the month in JAN at 03:00', '2027-01-01T03:00'],
    ['0 0 29 2 *', 'on day 29 of the month in FEB at 00:00', '2028-02-29T00:00'],
    ['0 0 13 * 5', 'on day 13 of the month or every Friday at 00:00', '2026-11-27T00:00'],
  ])('%s reads %s', (pattern, plain, upcoming) => {
    expect(words(pattern)).toBe(plain)
    expect(next(pattern)).toBe(upcoming)
  })
  it.each(['', '* * * *', '60 * * * *', '* 24 * * *', '5-1 * * * *', '*/0 * * * *', 'a * * * *', '* * * * * *'])(
    'does not read "%s"',
    (pattern) => expect(parseCron(pattern)).toBeNull(),
  )
  it('knows a date that never comes', () => expect(next('0 0 31 2 *')).toBeNull())
  it('says on demand where there is none', () => {
    expect(scheduleWords(null)).toBe('on demand')
    expect(scheduleWords('@daily')).toBe('@daily')
  })
})
