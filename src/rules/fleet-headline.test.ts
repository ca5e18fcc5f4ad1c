import { describe, expect, it } from 'vitest'
import type { Headline } from '../contract/primitives.ts'
import { fleetHeadline } from './fleet-headline.ts'

const none = { ok: 0, warning: 0, breach: 0, insufficient: 0, unknown: 0 }
const said = (byStatus: Partial<typeof none>, status: Headline['status'], text = `it is ${status}`) =>
  fleetHeadline({
    devices: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    byStatus: { ...none, ...byStatus },
    worst: { status, text },
  })

describe('fleetHeadline', () => {
  it('says that nothing is known', () =>
    expect(fleetHeadline({ devices: 0, byStatus: none, worst: null }).status).toBe('unknown'))
  it('says that all is well', () => {
    expect(said({ ok: 1 }, 'ok').text).toBe('The device is as it should be.')
    expect(said({ ok: 2000 }, 'ok')).toEqual({ status: 'ok', text: 'All 2,000 devices are as they should be.' })
  })
  it('tells the worst, then how many others', () => {
    expect(said({ ok: 1, warning: 1, breach: 1, unknown: 1 }, 'breach', 'camera-1 has a fault')).toEqual({
      status: 'breach',
      text: 'camera-1 has a fault. 2 more devices need a look. 1 of 4 is well.',
    })
  })
  it('never calls a silent fleet well', () => expect(said({ unknown: 1, ok: 1 }, 'unknown').status).toBe('unknown'))
})
