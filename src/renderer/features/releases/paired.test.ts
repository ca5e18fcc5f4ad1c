import { describe, expect, it } from 'vitest'
import { pairedOf } from './paired.ts'

describe('the candidate against production', () => {
  it('is said with interval, test and the rows on which they differ', () => {
    const comparison = {
      n: 600,
      difference: 0.0213,
      interval: [0.004, 0.0386],
      pValue: 0.0131,
      method: 'mcnemar',
      onlyProduction: 9,
      onlyCandidate: 22,
    }
    expect(pairedOf({ comparison })).toEqual({
      text: 'candidate +0.021 (+0.004 to +0.039), p 0.013',
      explanation:
        'McNemar’s exact test on 600 rows that both answered; only the candidate is right on 22, only production on 9',
    })
  })
  it('is as old runs have it, and nothing where nothing was compared', () => {
    const old = { difference: -0.1, interval: null, pValue: null, method: null, n: null }
    expect(pairedOf({ comparison: old })).toEqual({ text: 'candidate −0.1', explanation: 'Difference' })
    expect(pairedOf(null)).toBeNull()
    expect(pairedOf({ slices: [] })).toBeNull()
  })
})
