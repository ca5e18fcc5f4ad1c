import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal } from './random.ts'
import { createCourse, updateCourse } from './stream-course.ts'

const run = (values: readonly number[], reach = 400) => {
  const course = createCourse(reach)
  return values.map((value) => updateCourse(course, value))
}

describe('updateCourse', () => {
  it('is the least fading sum of distances to an earlier stretch, as written out', () => {
    const random = createRandom(6)
    const values = Array.from({ length: 130 }, () => randomNormal(random))
    const now = 125
    const by = (lag: number) => {
      let sum = 0
      for (let k = 0; now - k - lag >= 0; k++) sum += (7 / 8) ** k * Math.abs(values[now - k] - values[now - k - lag])
      return sum
    }
    const lags = Array.from({ length: 50 - 12 }, (_, i) => 12 + i)
    expect(run(values, 50)[now]).toBeCloseTo(Math.min(...lags.map(by)), 10)
  })

  it('says nothing for 100 values, and finds nothing new in a cycle that repeats itself', () => {
    const distances = run(
      Array.from({ length: 600 }, (_, i) => Math.round(10 * Math.sin((2 * Math.PI * (i % 30)) / 30))),
    )
    expect(distances.slice(0, 100)).toEqual(Array(100).fill(null))
    expect(Math.max(...distances.slice(400).map(Number))).toBeLessThan(1e-9)
  })

  it('grows when a cycle stands still within its range, and falls back when it goes on', () => {
    const cycle = (i: number) => Math.sin((2 * Math.PI * i) / 40)
    const distances = run(Array.from({ length: 1500 }, (_, i) => (i >= 900 && i < 930 ? cycle(900) : cycle(i)))).map(
      Number,
    )
    const usual = Math.max(...distances.slice(500, 900))
    expect(Math.max(...distances.slice(905, 935))).toBeGreaterThan(10 * usual + 1)
    expect(distances[1400]).toBeLessThan(0.01)
  })
})
