import { describe, expect, it } from 'vitest'
import type { Limit } from '../../../../contract/finding.ts'
import { changesBetween } from './set-changes.ts'

const limit = (metric: string, breach: number, more: Partial<Limit> = {}): Limit => ({
  kind: 'performance',
  subject: { metric },
  direction: 'below',
  warning: null,
  breach,
  upperBreach: null,
  persistence: { k: 1, of: 1 },
  severity: 'warning',
  ...more,
})

describe('changesBetween', () => {
  it('tells added from changed from removed, and is silent about the rest', () => {
    expect(
      changesBetween(
        [limit('accuracy', 0.9), limit('f1', 0.8), limit('r2', 0.5)],
        [limit('accuracy', 0.85), limit('r2', 0.5), limit('mae', 2)],
      ),
    ).toEqual([
      'Changed: accuracy from at least 0.9 to at least 0.85.',
      'Added: mean absolute error must be at least 2; past it at once is a warning.',
      'Removed: F1 must be at least 0.8; past it at once is a warning.',
    ])
  })
  it('sees a change of severity or persistence', () => {
    expect(changesBetween([limit('accuracy', 0.9)], [limit('accuracy', 0.9, { severity: 'critical' })])).toEqual([
      'Changed: accuracy must be at least 0.9; past it at once is critical.',
    ])
  })
})
