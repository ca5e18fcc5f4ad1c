import { describe, expect, it } from 'vitest'
import type { EstimatedPerformance } from '../../../../contract/performance-detail.ts'
import { sayRecord } from './say-record.ts'

const estimated: EstimatedPerformance = {
  method: 'cbpe',
  note: '',
  leading: 'accuracy',
  metrics: { accuracy: { value: 0.93, n: 900, interval: [0.91, 0.95] } },
  ledger: { scored: 16, agreed: 14, bias: { value: 0.0123, n: 16, interval: null }, entries: [] },
  isSuspended: false,
  reason: null,
}

describe('the record of estimates without labels', () => {
  it('is said with what labels say', () => {
    expect(sayRecord(estimated, null)).toBe('trusted 14 of 16')
    expect(sayRecord(estimated, { value: 0.9, n: 200, interval: null }, true)).toBe(
      'Accuracy estimated 0.93 (0.91 to 0.95), by labels 0.9; trusted 14 of 16, off by +0.012 on average',
    )
  })
  it('says why it is suspended, and when nothing has been scored', () => {
    const suspended = { ...estimated, isSuspended: true, reason: '2 of 2 did not agree' }
    expect(sayRecord(suspended, null, true)).toContain('. Suspended: 2 of 2 did not agree')
    const fresh = {
      ...estimated,
      ledger: { scored: 0, agreed: 0, bias: { value: null, n: 0, interval: null }, entries: [] },
    }
    expect(sayRecord(fresh, null, true)).toBe('Accuracy estimated 0.93 (0.91 to 0.95); not scored against labels yet')
  })
})
