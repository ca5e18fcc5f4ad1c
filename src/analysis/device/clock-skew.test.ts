import { describe, expect, it } from 'vitest'
import { deviceClockFindings, endpointClockFindings } from './clock-skew.ts'

const minute = 60_000
const box = { name: 'box' }

describe('the clock of a device', () => {
  it('is ahead by how long before their event readings arrive', () => {
    const [finding] = deviceClockFindings(box, [-5 * minute, -5 * minute, 3000])
    expect(finding).toMatchObject({ value: 5 * minute, unit: 'ms', n: 3, status: 'breach' })
    expect(finding.message).toBe('The clock of box is 5 minutes ahead of ours')
  })

  it('that is behind cannot be told from slow delivery, and one wrong hour says nothing', () => {
    const [behind] = deviceClockFindings(box, [10 * minute])
    expect(behind).toMatchObject({ value: -10 * minute, n: 1, status: 'ok' })
    expect(behind.message).toBe('The clock of box is behind ours by 10 minutes, or its data takes that long')
    expect(deviceClockFindings(box, [40, -60 * minute, 90])).toMatchObject([{ value: -40, status: 'ok' }])
    expect(Object.is(deviceClockFindings(box, [0])[0].value, 0)).toBe(true)
  })

  it('is not known where no arrival is', () => expect(deviceClockFindings(box, [])).toEqual([]))
})

describe('the clock of an endpoint', () => {
  it('is wrong both ways', () => {
    expect(endpointClockFindings([3 * minute])[0]).toMatchObject({ value: 3 * minute, n: 1, status: 'warning' })
    expect(endpointClockFindings([-3 * minute])[0].message).toBe("The endpoint's clock is 3 minutes behind ours")
    expect(endpointClockFindings([400, -300, 9 * minute])[0]).toMatchObject({ value: 400, status: 'ok' })
    expect(endpointClockFindings([])).toEqual([])
  })
})
