import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../contract/alert.ts'
import { alertHeadline } from './alert-headline.ts'

const at = Date.UTC(2026, 10, 21, 14, 20)
const alert = (changes: Partial<Alert>) =>
  ({
    state: 'open',
    severity: 'critical',
    message: 'accuracy 0.86 (0.84 to 0.88), limit 0.90',
    beganAt: at,
    mutedUntil: null,
    resolution: null,
    ...changes,
  }) as Alert

describe('alertHeadline', () => {
  it('tells the number, since when, and that nobody has it', () => {
    expect(alertHeadline(alert({}), null)).toEqual({
      status: 'breach',
      text: 'accuracy 0.86 (0.84 to 0.88), limit 0.90. It breaches since 2026-11-21 14:20 UTC. Nobody has taken it up yet.',
    })
  })
  it('says who has it', () => {
    expect(alertHeadline(alert({ state: 'acknowledged' }), 'Paula').text).toMatch(/Paula looks after it\.$/)
  })
  it('does not call a muted alert well', () => {
    const muted = alertHeadline(alert({ state: 'muted', severity: 'warning', mutedUntil: at + 3_600_000 }), null)
    expect(muted.status).toBe('warning')
    expect(muted.text).toContain('Muted until 2026-11-21 15:20 UTC')
  })
  it('tells how it ended', () => {
    const resolution = { at: at + 3_600_000, userId: null, how: 'recovered' as const, reason: 'back within its limit' }
    expect(alertHeadline(alert({ state: 'resolved', resolution }), null).text).toBe(
      'Resolved at 2026-11-21 15:20 UTC: the number recovered. It had breached since 2026-11-21 14:20 UTC.',
    )
  })
})
