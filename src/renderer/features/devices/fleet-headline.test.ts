import { describe, expect, it } from 'vitest'
import type { Headline } from '../../../contract/primitives.ts'
import { type DeviceRow, fleetHeadline } from './fleet-headline.ts'

const row = (status: Headline['status'], text = `it is ${status}`) =>
  ({ health: { headline: { status, text } } }) as DeviceRow

describe('fleetHeadline', () => {
  it('says that nothing is known', () => expect(fleetHeadline([]).status).toBe('unknown'))
  it('says that all is well', () => {
    expect(fleetHeadline([row('ok')]).text).toBe('The device is as it should be.')
    expect(fleetHeadline([row('ok'), row('ok')])).toEqual({
      status: 'ok',
      text: 'All 2 devices are as they should be.',
    })
  })
  it('tells the worst, then how many others', () => {
    const rows = [row('ok'), row('warning'), row('breach', 'camera-1 has a fault'), row('unknown')]
    expect(fleetHeadline(rows)).toEqual({
      status: 'breach',
      text: 'camera-1 has a fault. 2 more devices need a look. 1 of 4 is well.',
    })
  })
  it('never calls a silent fleet well', () => expect(fleetHeadline([row('unknown'), row('ok')]).status).toBe('unknown'))
})
