import { describe, expect, it } from 'vitest'
import { nextOpen } from './use-labelling.ts'

describe('where the queue goes on', () => {
  const openExcept =
    (...closed: number[]) =>
    (place: number) =>
      !closed.includes(place)

  it('goes to the next open place', () => {
    expect(nextOpen(0, 5, openExcept(0))).toBe(1)
    expect(nextOpen(0, 5, openExcept(0, 1, 2))).toBe(3)
  })
  it('comes back round to what was left out', () => {
    expect(nextOpen(4, 5, openExcept(4, 3, 1, 0))).toBe(2)
  })
  it('stays within the queue when all is done', () => {
    expect(nextOpen(4, 5, () => false)).toBe(4)
    expect(nextOpen(0, 1, () => false)).toBe(0)
  })
})
