import { describe, expect, it } from 'vitest'
import type { Alert } from '../../../contract/alert.ts'
import { inboxHeadline } from './inbox.ts'

const alert = (changes: Partial<Alert>) =>
  ({ state: 'open', severity: 'warning', title: 'brightness drifts', beganAt: 10, ...changes }) as Alert
const nameOf = () => 'cat-dog in production'

describe('inboxHeadline', () => {
  it('is calm when nothing waits', () => {
    expect(inboxHeadline([alert({ state: 'resolved' }), alert({ state: 'muted' })], nameOf).status).toBe('ok')
  })
  it('names the only one', () => {
    expect(inboxHeadline([alert({})], nameOf)).toEqual({
      status: 'warning',
      text: '1 alert waits for a decision. brightness drifts (cat-dog in production).',
    })
  })
  it('puts the gravest and then the oldest first', () => {
    const alerts = [
      alert({}),
      alert({ severity: 'critical', title: 'late', beganAt: 9 }),
      alert({ severity: 'critical', title: 'accuracy fell', beganAt: 5 }),
    ]
    expect(inboxHeadline(alerts, nameOf)).toEqual({
      status: 'breach',
      text: '3 alerts wait for a decision, 2 critical. First: accuracy fell (cat-dog in production).',
    })
  })
})
