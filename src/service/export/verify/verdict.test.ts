import { describe, expect, it } from 'vitest'
import { findDifference } from './verdict.ts'

describe('findDifference', () => {
  const value = { n: 3, measured: { value: 0.1 + 0.2, interval: [0, 1] }, outcome: 'passed', message: 'three' }

  it('passes over rounding and wording', () => {
    expect(findDifference(value, { ...value, message: 'drei' })).toBeNull()
    expect(findDifference(value, { ...value, measured: { value: 0.3, interval: [0, 1] } })).toBeNull()
    expect(findDifference({ ...value, note: 'x' }, value)).toBeNull()
    expect(findDifference(1e12, 1e12 + 1)).toBeNull()
  })

  it.each<[unknown, string]>([
    [{ ...value, n: 4 }, 'n'],
    [{ ...value, outcome: 'failed' }, 'outcome'],
    [{ ...value, measured: { value: 0.3, interval: [0, 0.9] } }, 'measured.interval.1'],
    [{ ...value, measured: { value: 0.3, interval: [0] } }, 'measured.interval'],
    [{ ...value, measured: null }, 'measured'],
    [{ ...value, more: 1 }, 'the value'],
    [[value], 'the value'],
  ])('finds where it differs', (other, path) => {
    expect(findDifference(value, other)).toBe(path)
  })

  it('compares lists of words, whatever they are called', () => {
    expect(findDifference({ classes: ['a', 'b'] }, { classes: ['a', 'c'] })).toBe('classes.1')
  })
})
