import { describe, expect, it } from 'vitest'
import { createRandom, randomNormal } from './random.ts'
import { createSeasonProfile, expectBySeason, learnSeason } from './season-profile.ts'
import { type Baseline, createBaseline, expectInSeason, learnBaseline, withinReach } from './stream-baseline.ts'

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

describe('a baseline', () => {
  const expectBaseline = (baseline: Baseline, at: number) => expectInSeason(baseline, at) ?? baseline.level
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

  it('creeps towards a few values that are far out, and goes at once, seasons and all, where they have lasted', () => {
    const random = createRandom(2)
    const baseline = createBaseline(1500)
    const moves: number[] = []
    const learn = (i: number, step: number) => {
      learnBaseline(baseline, START + i * HOUR, 5 * Math.sin((2 * Math.PI * i) / 24) + randomNormal(random) + step)
      if (baseline.moved !== 0) moves.push(i)
    }
    for (let i = 0; i < 1440; i++) learn(i, i >= 1000 && i < 1060 ? 40 : 0)
    expect(moves).toEqual([])
    expect(baseline.level).toBeLessThan(3)
    for (let i = 1440; i < 1680; i++) learn(i, 40)
    expect(moves).toHaveLength(1)
    expect(moves[0]).toBeGreaterThan(1440 + 150)
    expect(moves[0]).toBeLessThan(1440 + 200)
    expect(Math.abs(baseline.level - 40)).toBeLessThan(4)
    expect(expectInSeason(baseline, START + 1680 * HOUR + 6 * HOUR)).toBeCloseTo(45, -1)
    expect(baseline.levelError).toBeLessThan(8)
  })

  it('holds a value that is absurdly far away for one that is merely very far', () => {
    const baseline = run(() => 12, 20)
    expect(withinReach(baseline, 12.5)).toBe(12.5)
    expect(withinReach(baseline, 1e9)).toBeLessThan(100)
    expect(withinReach(createBaseline(100), 1e9)).toBe(1e9)
    const before = baseline.levelError
    learnBaseline(baseline, Number.NaN, 1e9)
    expect(baseline.levelError).toBeLessThan(1.2 * before)
  })
})
