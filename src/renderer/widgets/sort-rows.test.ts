import { describe, expect, it } from 'vitest'
import { sortedOrder } from './sort-rows.ts'

describe('sortedOrder', () => {
  it('puts missing keys last in either direction', () => {
    expect(sortedOrder([3, null, 1, Number.NaN, 2], 'ascending')).toEqual([2, 4, 0, 1, 3])
    expect(sortedOrder([3, null, 1, Number.NaN, 2], 'descending')).toEqual([0, 4, 2, 1, 3])
  })
  it('keeps the order of equals', () => {
    expect(sortedOrder([1, 1, 0, 1], 'ascending')).toEqual([2, 0, 1, 3])
    expect(sortedOrder([1, 1, 0, 1], 'descending')).toEqual([0, 1, 3, 2])
  })
  it('reads numbers inside texts', () => {
    expect(sortedOrder(['camera-10', 'camera-2', 'Camera-1'], 'ascending')).toEqual([2, 1, 0])
  })
  it('puts numbers before texts, and infinities at the ends', () => {
    expect(sortedOrder(['a', Number.POSITIVE_INFINITY, -1], 'ascending')).toEqual([2, 1, 0])
  })
})
