import { describe, expect, it } from 'vitest'
import { createRandom, mixSeed, uniformOf } from './random.ts'

describe('createRandom', () => {
  it('repeats itself from the same seed and not from another', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 20 }, () => random.next())
    }
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
  })

  it('draws uniform and normal numbers with the right moments', () => {
    const random = createRandom(5)
    const n = 20_000
    const uniform = Array.from({ length: n }, () => random.next())
    const normal = Array.from({ length: n }, () => random.gaussian())
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
    expect(Math.abs(mean(uniform) - 0.5)).toBeLessThan(0.01)
    expect(Math.abs(mean(normal))).toBeLessThan(0.03)
    expect(Math.abs(mean(normal.map((value) => value * value)) - 1)).toBeLessThan(0.05)
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(0)
    expect(Math.max(...uniform)).toBeLessThan(1)
  })
})

describe('mixSeed', () => {
  it('tells instants apart that differ by one millisecond or by 2^32', () => {
    const at = Date.UTC(2026, 9, 1)
    expect(new Set([mixSeed(1, at), mixSeed(1, at + 1), mixSeed(1, at + 2 ** 32), mixSeed(2, at)]).size).toBe(4)
  })

  it('spreads neighbouring parts over [0, 1)', () => {
    const values = Array.from({ length: 5000 }, (_, index) => uniformOf(9, index))
    const tenths = new Array(10).fill(0)
    for (const value of values) tenths[Math.floor(value * 10)] += 1
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(100)
  })
})
