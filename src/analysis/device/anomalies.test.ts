import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal } from '../../stats/random.ts'
import { scoreStream } from './anomalies.ts'

const points = (n: number, change: (x: number, i: number) => number) => {
  const random = createRandom(5)
  return {
    at: Float64Array.from({ length: n }, (_, i) => Date.UTC(2025, 0, 1) + i * 60_000),
    value: Float64Array.from({ length: n }, (_, i) => change(50 + randomNormal(random), i)),
  }
}

describe('scoreStream', () => {
  it('gathers a change into one alarm that begins at its onset and says why', () => {
    const { scores, anomalies } = scoreStream(points(3000, (x, i) => (i >= 2000 ? x + 15 : x)))
    expect(anomalies).toHaveLength(1)
    const [{ first, last, peak, score, reason }] = anomalies
    expect(first).toBe(2000)
    expect(last).toBeGreaterThan(2003)
    expect(score).toBe(scores[peak])
    expect(reason).toMatch(/64|65|66/)
  })

  it('says that values are infinite, and skips those that are missing', () => {
    const { scores, anomalies } = scoreStream(
      points(1000, (x, i) => (i === 700 ? Number.POSITIVE_INFINITY : i === 500 ? Number.NaN : x)),
    )
    expect(scores[500]).toBeNaN()
    expect(anomalies).toMatchObject([{ first: 700, last: 700, reason: 'the value is infinite' }])
  })

  it('finds nothing in nothing', () => {
    expect(scoreStream({ at: new Float64Array(0), value: new Float64Array(0) })).toEqual({
      scores: new Float64Array(0),
      anomalies: [],
    })
  })
})
