import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal } from './random.ts'
import { createSeasonProfile, expectBySeason, learnSeason } from './season-profile.ts'
import { createBaseline, expectBaseline, learnBaseline } from './stream-baseline.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const START = Date.UTC(2025, 0, 6)

describe('expectBySeason', () => {
  it('expects nothing before two seasons, then the usual value of the hour', () => {
    const profile = createSeasonProfile(DAY, 24)
    const expected: (number | null)[] = []
    for (let i = 0; i < 24 * 4; i++) {
      expected.push(expectBySeason(profile, START + i * HOUR))
      learnSeason(profile, START + i * HOUR, i % 24)
    }
    expect(expected.slice(0, 48)).toEqual(Array(48).fill(null))
    expect(expected.slice(48)).toEqual(Array.from({ length: 48 }, (_, i) => i % 24))
  })

  it('does not use the season that runs', () => {
    const profile = createSeasonProfile(DAY, 24)
    for (let i = 0; i < 24 * 3; i++) learnSeason(profile, START + i * HOUR, 1)
    for (let minute = 0; minute < 50; minute++) learnSeason(profile, START + 3 * DAY + minute * 60_000, 100)
    expect(expectBySeason(profile, START + 3 * DAY + 50 * 60_000)).toBe(1)
  })
})

describe('expectBaseline', () => {
  const run = (course: (i: number) => number, days: number) => {
    const random = createRandom(7)
    const baseline = createBaseline(1500)
    for (let i = 0; i < 24 * days; i++)
      learnBaseline(baseline, START + i * HOUR, course(i) + 0.5 * randomNormal(random))
    return baseline
  }

  it('is the level where there is no season', () => {
    const baseline = run(() => 12, 60)
    expect(baseline.chosen).toBeNull()
    expect(expectBaseline(baseline, START)).toBeCloseTo(12, 0)
  })

  it('is the hour of the day, and the hour of the week where days differ', () => {
    const noon = (i: number) => (i % 24 === 12 ? 10 : 0)
    const daily = run((i) => 5 * Math.sin((2 * Math.PI * i) / 24), 60)
    expect(daily.seasons[daily.chosen ?? 9].profile.periodMs).toBe(DAY)
    expect(expectBaseline(daily, START + 61 * DAY + 6 * HOUR)).toBeCloseTo(5, 0)
    const weekly = run((i) => (Math.floor(i / 24) % 7 < 5 ? 10 : 0) + noon(i), 200)
    expect(weekly.seasons[weekly.chosen ?? 9].profile.periodMs).toBe(7 * DAY)
    expect(expectBaseline(weekly, START + 203 * DAY + 4 * HOUR)).toBeLessThan(12)
  })

  it('is the level for an instant that is not known', () => {
    const daily = run((i) => 5 * Math.sin((2 * Math.PI * i) / 24), 60)
    expect(expectBaseline(daily, Number.NaN)).toBe(daily.level)
    learnBaseline(daily, Number.NaN, 3)
    expect(Number.isFinite(daily.level)).toBe(true)
  })
})
