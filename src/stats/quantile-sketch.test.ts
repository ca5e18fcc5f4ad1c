import { describe, expect, it } from 'vitest'
import {
  addToSketch,
  emptySketch,
  maxBuckets,
  mergeIntoSketch,
  orderStatisticBounds,
  type QuantileSketch,
  relativeErrorOf,
  sketchOf,
  stepOf,
} from './quantile-sketch.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform, shuffle } from './random.ts'

/** What breaks sketches: heavy tails, large offsets, both signs, zeros, few values, every magnitude there is. */
const hard: Record<string, { draw: (random: Random) => number; origin: number; scale: number }> = {
  normal: { draw: randomNormal, origin: 0, scale: 1 },
  'pressure about 101325': { draw: (r) => 101_325 + 300 * randomNormal(r), origin: 101_300, scale: 250 },
  'instants of an hour': { draw: (r) => 1.7e12 + Math.floor(3.6e6 * randomUniform(r)), origin: 1.7e12, scale: 1e6 },
  'a skew of nine magnitudes': { draw: (r) => Math.exp(3 * randomNormal(r)), origin: 1, scale: 1 },
  'Cauchy, of no mean': { draw: (r) => Math.tan(Math.PI * (randomUniform(r) - 0.5)), origin: 0, scale: 1 },
  'mostly zero': { draw: (r) => (randomUniform(r) < 0.9 ? 0 : randomUniform(r)), origin: 0, scale: 0.05 },
  'two points': { draw: (r) => randomInteger(r, 2), origin: 0, scale: 1 },
  'far from the origin': { draw: (r) => 1e9 + randomNormal(r), origin: 0, scale: 1 },
  'every magnitude': {
    draw: (r) => (randomUniform(r) < 0.5 ? -1 : 1) * 10 ** (600 * randomUniform(r) - 300),
    origin: 0,
    scale: 1,
  },
  'the largest numbers': {
    draw: (r) => Number.MAX_VALUE * (2 * randomUniform(r) - 1),
    origin: -Number.MAX_VALUE / 2,
    scale: 1e-300,
  },
}

const copy = (sketch: QuantileSketch): QuantileSketch => structuredClone(sketch)

describe.each(Object.entries(hard))('a sketch of values: %s', (_, { draw, origin, scale }) => {
  const random = createRandom(11)
  const values = Array.from({ length: 4000 }, () => draw(random))

  it('is the same for any order of values and any tree of merges', () => {
    const whole = sketchOf(values, origin, scale)
    for (let seed = 1; seed <= 8; seed++) {
      const order = createRandom(seed)
      const mixed = Float64Array.from(values)
      shuffle(order, mixed)
      const parts: QuantileSketch[] = [emptySketch(origin, scale)]
      for (let from = 0; from < mixed.length; ) {
        const to = from + 1 + randomInteger(order, 900)
        const part = emptySketch(origin, scale)
        for (const x of mixed.slice(from, to)) addToSketch(part, x)
        parts.push(part)
        from = to
      }
      while (parts.length > 1) {
        const [a] = parts.splice(randomInteger(order, parts.length), 1)
        const [b] = parts.splice(randomInteger(order, parts.length), 1)
        const [ab, ba] = [copy(a), copy(b)]
        mergeIntoSketch(ab, b)
        mergeIntoSketch(ba, a)
        expect(ab).toEqual(ba)
        parts.push(ab)
      }
      expect(parts[0]).toEqual(whole)
    }
    expect(whole.indexes.length).toBeLessThanOrEqual(maxBuckets)
    expect(whole.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length)
  })

  it('holds every value within its bounds, and these within the error that it states', () => {
    const sketch = sketchOf(values, origin, scale)
    const sorted = Float64Array.from(values).sort()
    const alpha = relativeErrorOf(sketch)
    for (let rank = 0; rank < sorted.length; rank += 7) {
      const [low, high] = orderStatisticBounds(sketch, rank) ?? [Number.NaN, Number.NaN]
      expect(low).toBeLessThanOrEqual(sorted[rank])
      expect(high).toBeGreaterThanOrEqual(sorted[rank])
      const middle = low / 2 + high / 2
      const distance = Math.hypot(middle - origin, scale * Math.cosh(stepOf(sketch.level) / 2))
      const slack = 1e-11 * (distance + Math.abs(origin))
      // The outermost buckets may reach beyond the largest number and are cut there.
      if (Number.isFinite(distance)) expect(high / 2 - low / 2).toBeLessThanOrEqual(alpha * distance + slack)
    }
    expect(orderStatisticBounds(sketch, sorted.length)).toBeNull()
  })
})

describe('the error of a sketch', () => {
  it('starts at a sixty-fourth and doubles only where values need more buckets', () => {
    const random = createRandom(3)
    const normal = Array.from({ length: 100_000 }, () => randomNormal(random))
    expect(relativeErrorOf(sketchOf(normal, 0, 1))).toBeCloseTo(1 / 64, 5)
    expect(sketchOf(normal, 0, 1).level).toBe(0)
    expect(sketchOf(normal, 0, 1e-9).level).toBeGreaterThan(0)
  })

  it('refuses to add what was counted in other buckets', () => {
    expect(() => mergeIntoSketch(emptySketch(0, 1), emptySketch(1, 1))).toThrow(RangeError)
  })
})
