import { describe, expect, it } from 'vitest'
import type { OutputOf } from '../../../../contract/api.ts'
import { policyHeadline } from './policy-headline.ts'

const at = Date.UTC(2026, 10, 21)
const week = { from: at, alerts: 2, current: 3 }
const set = (limits: { severity: string }[], weeks: (typeof week)[]) =>
  ({
    revision: 1,
    record: { limits, version: 3, authorId: 'usr_1', reason: 'agreed', createdAt: at, backTest: { weeks } },
  }) as unknown as OutputOf<'thresholds.list'>[number]
const nameOf = () => 'Quim'

describe('policyHeadline', () => {
  it('warns where nothing would raise an alert', () => {
    expect(policyHeadline('camera-1', null, 0, nameOf).status).toBe('warning')
  })
  it('says that defaults are only defaults', () => {
    expect(policyHeadline('camera-1', null, 6, nameOf).text).toContain('held to 6 default limits')
  })
  it('says who accepted the limits, when, why and on what', () => {
    const limits = [{ severity: 'critical' }, { severity: 'warning' }]
    expect(policyHeadline('camera-1', set(limits, [week, week]), 2, nameOf)).toEqual({
      status: 'ok',
      text: 'camera-1 is held to 2 limits, 1 critical: version 3 by Quim, 2026-11-21, because “agreed”. On the 2 weeks before they were accepted they would have raised 4 alerts.',
    })
  })
})
