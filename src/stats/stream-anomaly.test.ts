import { describe, expect, it } from 'vitest'
import { lookScore } from './alarm-gate.ts'
import { createRandom, randomNormal } from './random.ts'
import { createStreamAnomaly, updateStreamAnomaly } from './stream-anomaly.ts'

const MINUTE = 60_000
const START = Date.UTC(2025, 0, 6)

function scoresOf(values: readonly number[], everyMs = 5 * MINUTE, at = (i: number) => START + i * everyMs) {
  const state = createStreamAnomaly()
  return values.map((value, i) => updateStreamAnomaly(state, at(i), value))
}

const noise = (n: number, seed = 1) => {
  const random = createRandom(seed)
  return Array.from({ length: n }, () => 20 + randomNormal(random))
}
/** Indices of scores from which a person should look. */
const alarmsOf = (scores: readonly (number | null)[]) =>
  scores.flatMap((score, i) => (score !== null && score >= lookScore ? [i] : []))

describe('updateStreamAnomaly', () => {
  it('scores in [0, 1], and 0 while it has only learned', () => {
    const scores = scoresOf(noise(500).map((x, i) => (i === 50 ? 1000 : x)))
    expect(scores.every((score) => score !== null && score >= 0 && score <= 1)).toBe(true)
    expect(scores.slice(0, 100)).toEqual(Array(100).fill(0))
  })

  it('never looks ahead: the scores of a beginning do not depend on what follows', () => {
    const values = noise(1500).map((x, i) => (i > 900 ? x + 8 : x))
    expect(scoresOf(values.slice(0, 1000))).toEqual(scoresOf(values).slice(0, 1000))
  })

  it('tells a spike at once', () => {
    const alarms = alarmsOf(scoresOf(noise(2000).map((x, i) => (i === 1500 ? 40 : x))))
    expect(alarms).toEqual([1500])
  })

  it('tells a lasting change of level once, at its onset, and takes it for the new normal', () => {
    const alarms = alarmsOf(scoresOf(noise(4000).map((x, i) => (i >= 1500 ? x + 8 : x))))
    expect(alarms[0]).toBe(1500)
    expect(alarms.length).toBeLessThanOrEqual(3)
    expect(alarms.filter((i) => i > 1560)).toEqual([])
  })

  it('knows what is usual at the new level too: a second, smaller change is told', () => {
    const course = noise(4000).map((x, i) => x + (i >= 1500 ? 30 : 0) + (i >= 3000 && i < 3040 ? 4 : 0))
    const alarms = alarmsOf(scoresOf(course))
    expect(alarms[0]).toBe(1500)
    expect(alarms.filter((i) => i > 1520 && i < 3000).length).toBeLessThanOrEqual(1)
    expect(alarms.some((i) => i >= 3000 && i < 3040)).toBe(true)
  })

  it('tells a cycle that changes its pace within its range', () => {
    const random = createRandom(12)
    let phase = 0
    const course = Array.from({ length: 3000 }, (_, i) => {
      phase += (2 * Math.PI) / (i >= 2000 && i < 2200 ? 27 : 48)
      return 10 * Math.sin(phase) + 0.5 * randomNormal(random)
    })
    const alarms = alarmsOf(scoresOf(course))
    expect(alarms.filter((i) => i < 2000).length).toBeLessThanOrEqual(1)
    expect(alarms.find((i) => i >= 2000)).toBeLessThan(2040)
  })

  it('orders what lies below an alarm too, and keeps each rung from telling the same twice', () => {
    const scores = scoresOf(noise(4000).map((x, i) => x + (i >= 2000 && i < 2100 ? 3.5 : 0))).map(Number)
    for (const threshold of [0.38, 0.42, 0.46, 0.5]) {
      const told = scores.flatMap((score, i) => (score >= threshold && i >= 2000 && i < 2100 ? [i] : []))
      expect(told.length).toBeGreaterThan(0)
      expect(told.length).toBeLessThan(12)
    }
  })

  it('tells a sensor that stands still, and one that varies more', () => {
    const stuck = alarmsOf(scoresOf(noise(2000).map((x, i) => (i >= 1500 ? 20.5 : x))))
    expect(stuck[0]).toBeGreaterThan(1500)
    expect(stuck[0]).toBeLessThan(1520)
    const wild = alarmsOf(scoresOf(noise(2000).map((x, i) => (i >= 1500 ? 20 + 4 * (x - 20) : x))))
    expect(wild[0]).toBeGreaterThanOrEqual(1500)
    expect(wild[0]).toBeLessThan(1530)
  })

  it('learns a day, and tells a value that is usual at noon but not at night', () => {
    const random = createRandom(4)
    const day = 288
    const values = Array.from(
      { length: 20 * day },
      (_, i) => 50 - 20 * Math.cos((2 * Math.PI * i) / day) + randomNormal(random),
    )
    const at = 15 * day
    const odd = values.map((x, i) => (i >= at && i < at + 12 ? x + 40 : x))
    expect(Math.max(...odd)).toBeLessThan(75)
    expect(alarmsOf(scoresOf(values)).length).toBeLessThanOrEqual(2)
    expect(alarmsOf(scoresOf(odd)).filter((i) => i >= at && i < at + 12).length).toBeGreaterThan(0)
  })

  it('knows no alarm in a constant, and tells the first value that is another', () => {
    const scores = scoresOf(Array.from({ length: 1000 }, (_, i) => (i === 800 ? 43 : 42)))
    expect(Math.max(...scores.slice(0, 800).map(Number))).toBe(0)
    expect(scores[800]).toBeGreaterThanOrEqual(lookScore)
  })

  it('gives null for a missing value and goes on as if it had not been there', () => {
    const values = noise(1200)
    const withHoles = values.flatMap((x, i) => (i % 10 === 3 ? [Number.NaN, x] : [x]))
    const withoutTime = () => Number.NaN
    expect(scoresOf(withHoles, 0, withoutTime).filter((score) => score !== null)).toEqual(
      scoresOf(values, 0, withoutTime),
    )
  })

  it('holds infinite and enormous values without losing what it has learned', () => {
    const values = noise(1500).map((x, i) => (i === 800 ? Number.POSITIVE_INFINITY : i === 1200 ? -1e308 : x))
    const scores = scoresOf(values)
    expect(scores[800]).toBeGreaterThan(0.75)
    expect(scores[1200]).toBeGreaterThanOrEqual(lookScore)
    expect(scores.every((score) => Number.isFinite(score))).toBe(true)
    expect(alarmsOf(scores.slice(0, 1200))).toEqual([800])
  })

  it('does not care about the unit, nor about irregular, repeated or missing times', () => {
    const values = noise(2000).map((x, i) => (i === 1500 ? 40 : x))
    const scaled = alarmsOf(scoresOf(values.map((x) => 1e6 * x - 3e6)))
    expect(scaled).toEqual([1500])
    const random = createRandom(9)
    const jitter = values.map(() => Math.floor(Math.abs(randomNormal(random)) * 3) * MINUTE)
    let now = START
    const times = jitter.map((step) => {
      now += step
      return now
    })
    expect(alarmsOf(scoresOf(values, 0, (i) => times[i]))).toEqual([1500])
    expect(alarmsOf(scoresOf(values, 0, () => Number.NaN))).toEqual([1500])
  })
})
