import { describe, expect, it } from 'vitest'
import type { Limit } from '../../../../contract/finding.ts'
import { acceptableWord, limitKey, limitSentence, warningWord } from './limit-words.ts'

const limit = (changes: Partial<Limit>): Limit => ({
  kind: 'performance',
  subject: { metric: 'accuracy' },
  direction: 'below',
  warning: 0.92,
  breach: 0.9,
  upperBreach: null,
  persistence: { k: 2, of: 3 },
  severity: 'critical',
  ...changes,
})

describe('limits in words', () => {
  it('say the acceptable side', () => {
    expect(limitSentence(limit({}))).toBe('accuracy must be at least 0.9; past it 2 of 3 findings is critical.')
    expect(acceptableWord(limit({ direction: 'above' }))).toBe('at most 0.9')
    const ratio = limit({
      kind: 'bias',
      subject: { metric: 'shareRatio' },
      direction: 'outside',
      breach: 0.8,
      upperBreach: 1.25,
      warning: 0.05,
    })
    expect(acceptableWord(ratio)).toBe('0.8 to 1.25')
    expect(warningWord(ratio)).toBe('within 0.05 of an end')
  })
  it('write shares as per cent', () => {
    expect(
      acceptableWord(
        limit({ kind: 'integrity', subject: { metric: 'missingShare' }, direction: 'above', breach: 0.05 }),
      ),
    ).toBe('at most 5.0 %')
  })
  it('tell numbers apart by their selectors', () => {
    expect(limitKey(limit({}))).not.toBe(limitKey(limit({ subject: { metric: 'accuracy', group: 'night' } })))
  })
})
