import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal, randomUniform } from './random.ts'
import { createTail, learnTail, surpriseOf, valueOfSurprise } from './tail-surprise.ts'

const learned = (draw: () => number, n = 20_000, memory = 1e9) => {
  const tail = createTail(memory)
  for (let i = 0; i < n; i++) learnTail(tail, draw())
  return tail
}

describe('surpriseOf', () => {
  it('is near −log₁₀ of the tail probability, rather a little less', () => {
    const random = createRandom(1)
    const exponential = learned(() => -Math.log(randomUniform(random)))
    for (const digits of [2, 3, 4, 5]) {
      const surprise = surpriseOf(exponential, digits * Math.LN10)
      expect(surprise).toBeGreaterThan(0.75 * digits)
      expect(surprise).toBeLessThan(1.05 * digits)
    }
    const half = learned(() => Math.abs(randomNormal(random)))
    expect(surpriseOf(half, 3.29)).toBeGreaterThan(2.5)
    expect(surpriseOf(half, 3.29)).toBeLessThan(3.4)
  })

  it('rises with the value and is undone by valueOfSurprise', () => {
    const random = createRandom(2)
    const tail = learned(() => Math.abs(randomNormal(random)), 3000)
    let before = 0
    for (let s = 0; s < 8; s += 0.05) {
      expect(surpriseOf(tail, s)).toBeGreaterThanOrEqual(before - 0.02)
      before = surpriseOf(tail, s)
    }
    for (const surprise of [3, 5, 8]) expect(surpriseOf(tail, valueOfSurprise(tail, surprise))).toBeCloseTo(surprise, 6)
  })

  it('is not surprised before it knows anything, nor by nothing', () => {
    const tail = createTail(100)
    expect(surpriseOf(tail, 1e9)).toBe(0)
    for (let i = 0; i < 100; i++) learnTail(tail, 0)
    expect(surpriseOf(tail, 0)).toBe(0)
    expect(surpriseOf(tail, 1)).toBeGreaterThan(2)
  })

  it('forgets: what was far out becomes usual', () => {
    const random = createRandom(3)
    const tail = createTail(500)
    for (let i = 0; i < 2000; i++) learnTail(tail, randomUniform(random))
    expect(surpriseOf(tail, 5)).toBeGreaterThan(3)
    for (let i = 0; i < 500; i++) learnTail(tail, 5 + randomUniform(random))
    expect(surpriseOf(tail, 5)).toBeLessThan(1)
  })

  it('stays finite over many more values than its memory', () => {
    const random = createRandom(4)
    const tail = learned(() => Math.abs(randomNormal(random)), 50_000, 300)
    expect(Number.isFinite(tail.total)).toBe(true)
    expect(tail.total / tail.nextWeight).toBeLessThan(301)
    expect(surpriseOf(tail, 6)).toBeGreaterThan(3)
  })
})
