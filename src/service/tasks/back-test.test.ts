import { describe, expect, it } from 'vitest'
import { judge } from '../../rules/limits.ts'
import { exampleLimit, exampleSeries } from '../../rules/testing/examples.ts'
import { levelOfLook } from '../monitoring/evidence-budget.ts'
import { atTheirLooks } from './back-test.ts'

const options = { alpha: 0.05, minimumN: 30, confidence: 0.95 }

describe('a replay', () => {
  it('judges each finding at the level of its look, as its monitor did', () => {
    const evidence = { test: 'KS', statistic: 1, pValue: 0.001, adjustedPValue: 0.002, isExact: true }
    const drift = exampleSeries('bbbbbbbbbbbb', { kind: 'drift', subject: { metric: 'psi' }, value: 0.3, evidence })
    const limit = exampleLimit({ kind: 'drift', subject: {}, direction: 'above', breach: 0.1 })
    const replayed = atTheirLooks(drift.toReversed(), options).map((finding) => judge(finding, limit, options))
    expect(replayed).toEqual(drift.map((_, index) => (0.002 <= levelOfLook(0.05, index + 1) ? 'breach' : 'warning')))
    expect(new Set(replayed).size).toBe(2)
  })

  it('widens intervals, counts looks by monitor, and leaves facts alone', () => {
    const [accuracy, later] = exampleSeries('bb', { value: 0.8, interval: [0.78, 0.82] })
    const other = { ...later, monitorId: 'mon_2' }
    const gap = { ...later, kind: 'device' as const }
    const [first, second, alone, fact] = atTheirLooks([accuracy, later, other, gap], options)
    const width = ({ interval }: typeof first) => (interval === null ? 0 : interval[1] - interval[0])
    expect(width(second)).toBeGreaterThan(width(first))
    expect(width(alone)).toBe(width(first))
    expect(fact).toEqual(gap)
  })
})
