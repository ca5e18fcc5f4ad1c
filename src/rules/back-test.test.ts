import { describe, expect, it } from 'vitest'
import { backTest as backTestSchema } from '../contract/finding.ts'
import { backTestLimits } from './back-test.ts'
import { day, exampleLimit, exampleSeries, midnight } from './testing/examples.ts'

const options = { alpha: 0.05, minimumN: 30 }
const window = { from: midnight, to: midnight + 21 * day }
const valued = (values: number[]) =>
  exampleSeries('o'.repeat(values.length), {}, midnight + day).map((finding, index) => ({
    ...finding,
    value: values[index],
  }))

describe('backTestLimits', () => {
  const findings = valued([0.95, 0.8, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95, 0.7, 0.7, 0.95])
  const strict = [exampleLimit()]
  const lax = [exampleLimit({ breach: 0.75 })]

  it('counts alerts by week, for both sets', () => {
    const result = backTestLimits({ findings, proposed: lax, current: strict, window, options })
    expect(backTestSchema.parse(result)).toEqual(result)
    expect(result.weeks).toEqual([
      { from: midnight, alerts: 0, current: 1 },
      { from: midnight + 7 * day, alerts: 1, current: 1 },
      { from: midnight + 14 * day, alerts: 0, current: 0 },
    ])
    expect(result).toMatchObject({ findings: 11, silenced: 1, added: 0 })
  })
  it('counts the other way round as added', () =>
    expect(backTestLimits({ findings, proposed: strict, current: lax, window, options })).toMatchObject({
      silenced: 0,
      added: 1,
    }))
  it('uses persistence as the policy does', () => {
    const patient = [exampleLimit({ persistence: { k: 2, of: 3 } })]
    expect(backTestLimits({ findings, proposed: patient, current: strict, window, options })).toMatchObject({
      silenced: 1,
      added: 0,
    })
  })
  it('says when history is short, and when a number loses its limit', () => {
    const limited = findings.map((f) => ({
      ...f,
      limit: { thresholdSetId: null, warning: null, breach: 0.9, direction: 'below' as const },
    }))
    const long = { from: midnight - 69 * day, to: midnight + 21 * day }
    const { note } = backTestLimits({ findings: limited, proposed: [], current: strict, window: long, options })
    expect(note).toBe(
      'Replayed 11 findings of 1 number. History reaches back only 20 days; what lies before is unknown. ' +
        'No proposed limit applies to 1 number, 1 of which had one and would raise nothing.',
    )
    expect(backTestLimits({ findings: [], proposed: strict, current: strict, window, options }).note).toContain(
      'says nothing',
    )
  })
})
