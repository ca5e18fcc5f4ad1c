import { describe, expect, it } from 'vitest'
import { lostMessageFindings } from './lost-messages.ts'

const device = { name: 'box' }
const at = Date.UTC(2026, 2, 3, 6)

describe('messages that a device numbered and that never came', () => {
  it('are told as a share with its interval, and where most of them are missing', () => {
    const gaps = [
      { at, after: 10, before: 12, missing: 1 },
      { at: at + 60_000, after: 40, before: 44, missing: 3 },
    ]
    const [finding, ...more] = lostMessageFindings(device, { numbered: 96, missing: 4, gaps }, 0, 0.95)
    expect(more).toEqual([])
    expect(finding).toMatchObject({ subject: { metric: 'lostShare' }, value: 0.04, n: 100, status: 'warning' })
    // Wilson's interval for 4 of 100.
    expect(finding.interval?.[0]).toBeCloseTo(0.0157, 4)
    expect(finding.interval?.[1]).toBeCloseTo(0.0984, 4)
    expect(finding.message).toBe(
      '4 messages of box never came, 4 % of those numbered; most of them before 3 Mar 2026 06:01 UTC: 3 after number 40',
    )
  })

  it('are a breach above 5 %, well when none is missing, and nothing where nothing is numbered', () => {
    const ask = (numbered: number, missing: number, readings = 0) =>
      lostMessageFindings(device, { numbered, missing, gaps: [] }, readings, 0.95).map(({ value, status }) => [
        value,
        status,
      ])
    expect(ask(90, 10)).toEqual([[0.1, 'breach']])
    expect(ask(90, 0)).toEqual([[0, 'ok']])
    expect(ask(0, 0, 50)).toEqual([])
    // A source that only tells its losses: its readings stand for what came.
    expect(ask(0, 2, 198)).toEqual([[0.01, 'warning']])
  })
})
