import { describe, expect, it } from 'vitest'
import { computeMoments } from './moments.ts'
import {
  copyRandom,
  createRandom,
  randomInteger,
  randomNormal,
  randomUint32,
  randomUniform,
  sampleWithoutReplacement,
  shuffle,
} from './random.ts'
import { randomBinomial, randomMultinomial } from './random-binomial.ts'

describe('createRandom', () => {
  it('gives the same sequence for the same seed and another for another', () => {
    const first = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 5 }, () => randomUint32(random))
    }
    expect(first(7)).toEqual(first(7))
    expect(first(7)).not.toEqual(first(8))
  })

  it('goes on from a copied state without touching the original', () => {
    const random = createRandom(3)
    const copy = copyRandom(random)
    expect(randomUint32(copy)).toBe(randomUint32(random))
  })

  it('matches the published generator from a known state', () => {
    const random = { state: new Uint32Array([1, 2, 3, 4]) }
    expect([randomUint32(random), randomUint32(random), randomUint32(random)]).toEqual([11520, 0, 5927040])
  })
})

describe('draws', () => {
  const many = (draw: () => number, n = 200_000) => computeMoments(Float64Array.from({ length: n }, draw))

  it('uniform: mean 1/2, variance 1/12, inside [0, 1)', () => {
    const random = createRandom(1)
    const m = many(() => randomUniform(random))
    expect(m.mean).toBeCloseTo(0.5, 2)
    expect(m.m2 / m.n).toBeCloseTo(1 / 12, 3)
    expect(m.min).toBeGreaterThanOrEqual(0)
    expect(m.max).toBeLessThan(1)
  })

  it('normal: mean 0, variance 1, no skew, kurtosis 3', () => {
    const random = createRandom(2)
    const m = many(() => randomNormal(random))
    expect(Math.abs(m.mean)).toBeLessThan(0.01)
    expect(m.m2 / m.n).toBeCloseTo(1, 1)
    expect(Math.abs(m.m3 / m.n)).toBeLessThan(0.03)
    expect(m.m4 / m.n).toBeCloseTo(3, 0)
  })

  it.each([
    [12, 0.2],
    [50, 0.9],
    [1000, 0.3],
    [1_000_000, 0.0001],
  ])('binomial(%d, %d) has its mean and variance', (n, p) => {
    const random = createRandom(4)
    const draws = 50_000
    const m = many(() => randomBinomial(random, n, p), draws)
    const variance = n * p * (1 - p)
    expect(Math.abs(m.mean - n * p)).toBeLessThan(5 * Math.sqrt(variance / draws))
    expect(Math.abs(m.m2 / m.n / variance - 1)).toBeLessThan(0.05)
  })

  it('multinomial counts add up and skip weightless categories', () => {
    const counts = randomMultinomial(createRandom(5), 1000, [0.5, 0, 0.5], new Float64Array(3))
    expect(counts[0] + counts[2]).toBe(1000)
    expect(counts[1]).toBe(0)
  })

  it('integers reach both ends only', () => {
    const random = createRandom(6)
    const seen = new Set(Array.from({ length: 500 }, () => randomInteger(random, 4)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3])
    expect(() => randomInteger(random, 0)).toThrow(RangeError)
  })

  it('shuffles without losing anything, and samples without repeats', () => {
    const random = createRandom(7)
    expect(
      [
        ...shuffle(
          random,
          Int32Array.from({ length: 50 }, (_, i) => i),
        ),
      ].sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 50 }, (_, i) => i))
    const picked = sampleWithoutReplacement(random, 100, 30)
    expect(new Set(picked).size).toBe(30)
    expect([...picked]).toEqual([...picked].sort((a, b) => a - b))
    expect(() => sampleWithoutReplacement(random, 3, 4)).toThrow(RangeError)
  })
})
