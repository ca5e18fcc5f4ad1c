import { describe, expect, it } from 'vitest'
import { KNOCK_ROLL_DEGREES } from './camera-box.ts'
import { DEFAULT_STORY } from './story.ts'
import { daylightAt, sunElevationDegrees } from './sun.ts'
import { visitsBetween } from './visits.ts'
import { worldAt } from './world.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const start = Date.UTC(2026, 9, 1)
const change = start + 3 * DAY
const story = { ...DEFAULT_STORY, nightPenaltyFrom: change, knockAt: change, newBreedFrom: change }
const length = ({ x, y, z }: { x: number; y: number; z: number }) => Math.hypot(x, y, z)
const hours = (from: number, count: number) =>
  Array.from({ length: count }, (_, hour) => worldAt(from + hour * HOUR, story))
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('the sun', () => {
  it('stands as high as the almanac says over Barcelona', () => {
    // Noon of the equinox and both solstices: 90 - latitude, plus or minus the obliquity.
    const highest = (at: number) =>
      Math.max(...Array.from({ length: 288 }, (_, k) => sunElevationDegrees(at + k * 3e5)))
    expect(highest(Date.UTC(2026, 2, 20))).toBeCloseTo(48.6, 0)
    expect(highest(Date.UTC(2026, 5, 21))).toBeCloseTo(72.05, 0)
    expect(highest(Date.UTC(2026, 11, 21))).toBeCloseTo(25.18, 0)
  })

  it('gives light by day and none at night', () => {
    expect(daylightAt(Date.UTC(2026, 5, 21, 12))).toBe(1)
    expect(daylightAt(Date.UTC(2026, 5, 21, 0))).toBe(0)
  })
})

describe('worldAt', () => {
  it('is a function of the instant alone', () => {
    expect(worldAt(start + 12_345, story)).toEqual(worldAt(start + 12_345, story))
    expect(worldAt(start, story)).not.toEqual(worldAt(start, { ...story, seed: story.seed + 1 }))
  })

  it('keeps weather within what Barcelona has, warmer by day and drier', () => {
    const month = hours(start, 24 * 30)
    for (const { weather } of month) {
      expect(weather.temperatureC).toBeGreaterThan(2)
      expect(weather.temperatureC).toBeLessThan(33)
      expect(weather.humidityPercent).toBeGreaterThanOrEqual(15)
      expect(weather.humidityPercent).toBeLessThanOrEqual(99)
      expect(Math.abs(weather.pressureHpa - 1016)).toBeLessThan(12)
    }
    const byHour = (hour: number) => month.filter(({ at }) => new Date(at).getUTCHours() === hour)
    const temperature = (hour: number) => mean(byHour(hour).map(({ weather }) => weather.temperatureC))
    const humidity = (hour: number) => mean(byHour(hour).map(({ weather }) => weather.humidityPercent))
    expect(temperature(14)).toBeGreaterThan(temperature(4) + 3)
    expect(humidity(14)).toBeLessThan(humidity(4))
  })

  it('tilts gravity and turns the magnetic field at the knock, without changing how long they are', () => {
    const before = hours(start, 48).map(({ box }) => box)
    const after = hours(change + HOUR, 48).map(({ box }) => box)
    for (const box of [...before, ...after]) {
      expect(Math.abs(length(box.accelerometer) - 9.81)).toBeLessThan(0.15)
      expect(Math.abs(length(box.magnetometer) - 45.8)).toBeLessThan(2)
    }
    const roll = (boxes: typeof before) =>
      mean(boxes.map(({ accelerometer: a }) => (Math.atan2(-a.x, -a.y) * 180) / Math.PI))
    expect(roll(after) - roll(before)).toBeCloseTo(KNOCK_ROLL_DEGREES, 0)
    const east = (boxes: typeof before) => mean(boxes.map(({ magnetometer }) => magnetometer.x))
    expect(Math.abs(east(after) - east(before))).toBeGreaterThan(3)
  })

  it('rings for seconds when it is knocked', () => {
    expect(length(worldAt(change + 500, story).box.gyroscope)).toBeGreaterThan(10)
    expect(length(worldAt(change - 500, story).box.gyroscope)).toBeLessThan(1)
    expect(length(worldAt(change + 60_000, story).box.gyroscope)).toBeLessThan(1)
  })

  it('leaves the scene dark at night only once the lamps are out', () => {
    const midnight = new Date(start).setUTCHours(1)
    expect(worldAt(midnight + DAY, story).sceneLight).toBeGreaterThan(0.7)
    expect(worldAt(midnight + 4 * DAY, story).sceneLight).toBeLessThan(0.1)
    expect(worldAt(midnight + 4 * DAY + 11 * HOUR, story).sceneLight).toBeGreaterThan(0.7)
  })
})

describe('visitsBetween', () => {
  it('shows the same visits however time is cut', () => {
    const whole = visitsBetween(start, start + 2 * DAY, story)
    const cuts = [0, 7_777_777, DAY - 1, DAY + 13, 2 * DAY]
    const parts = cuts.slice(1).flatMap((end, index) => visitsBetween(start + cuts[index], start + end, story))
    expect(parts).toEqual(whole)
    expect(whole.every(({ at }, index) => index === 0 || at > whole[index - 1].at)).toBe(true)
  })

  it('has cats and dogs alike, and new breeds of both only from their day on', () => {
    const before = visitsBetween(start, change, story)
    const after = visitsBetween(change, change + 3 * DAY, story)
    const isNew = ({ breed }: { breed: string }) => breed === 'shiba' || breed === 'maine-coon'
    expect(before.filter(isNew)).toHaveLength(0)
    expect(new Set(after.filter(isNew).map(({ breed }) => breed)).size).toBe(2)
    const dogs = before.filter(({ species }) => species === 'dog').length
    expect(Math.abs(dogs / before.length - 0.5)).toBeLessThan(0.05)
  })
})
