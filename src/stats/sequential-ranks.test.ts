import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal, randomUniform } from './random.ts'
import { findRankAlarm, sequentialRanks } from './sequential-ranks.ts'

describe('sequentialRanks', () => {
  it('place each value among those before it', () => {
    const ranks = sequentialRanks([5, 7, Number.NaN, 1, 6], createRandom(1))
    expect(ranks[1]).toBeGreaterThan(0.5)
    expect(ranks[2]).toBeNaN()
    expect(ranks[3]).toBeLessThan(1 / 3)
    expect(ranks[4]).toBeGreaterThan(0.5)
    expect(ranks[4]).toBeLessThan(0.75)
  })

  it('are uniform for draws of any law, ties included', () => {
    const random = createRandom(2)
    const ranks = sequentialRanks(
      Float64Array.from({ length: 4000 }, () => (randomUniform(random) < 0.8 ? 0 : 1)),
      random,
    )
    const counts = new Float64Array(10)
    for (const rank of ranks) counts[Math.min(9, Math.floor(10 * rank))]++
    for (const count of counts) expect(Math.abs(count - 400)).toBeLessThan(80)
  })

  it('see no further than the present', () => {
    const random = createRandom(3)
    const values = Float64Array.from({ length: 200 }, () => randomNormal(random))
    const whole = sequentialRanks(values, createRandom(4))
    expect(sequentialRanks(values.subarray(0, 120), createRandom(4))).toEqual(whole.subarray(0, 120))
  })
})

describe('findRankAlarm', () => {
  const stream = (seed: number, after: (x: number) => number) => {
    const random = createRandom(seed)
    return Float64Array.from({ length: 2000 }, (_, i) =>
      i < 1000 ? randomNormal(random) : after(randomNormal(random)),
    )
  }

  it.each([
    ['larger', (x: number) => x + 1],
    ['smaller', (x: number) => x - 1],
    ['wider', (x: number) => 3 * x],
    ['narrower', (x: number) => x / 4],
  ] as const)('says that values grew %s', (claims, after) => {
    const alarm = findRankAlarm(stream(5, after), createRandom(6))
    expect(alarm?.claims).toBe(claims)
    expect(alarm?.index).toBeGreaterThanOrEqual(1000)
    expect(alarm?.index).toBeLessThan(1200)
  })

  it('is silent where nothing changes, and on what has no order', () => {
    expect(
      findRankAlarm(
        stream(7, (x) => x),
        createRandom(8),
      ),
    ).toBeNull()
    expect(findRankAlarm(new Float64Array(500).fill(3), createRandom(9))).toBeNull()
    expect(findRankAlarm([], createRandom(9))).toBeNull()
  })
})
