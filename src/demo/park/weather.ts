import { uniformOf } from '../random.ts'
import { sunElevationDegrees } from './sun.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** The air in the park. */
export interface Weather {
  temperatureC: number
  humidityPercent: number
  pressureHpa: number
}

/** A smooth random curve in [-1, 1] that bends about once every `periodMs`; the same for the same seed and instant. */
export function smoothNoise(seed: number, at: number, periodMs: number): number {
  const position = at / periodMs
  const knot = Math.floor(position)
  const share = position - knot
  const ease = share * share * (3 - 2 * share)
  const [before, after] = [uniformOf(seed, knot), uniformOf(seed, knot + 1)]
  return 2 * (before + (after - before) * ease) - 1
}

/**
 * Weather at an instant: season, time of day (warmest about two hours after the sun is highest) and passing fronts.
 * Humidity falls as the air warms; pressure wanders over days.
 */
export function weatherAt(at: number, seed: number): Weather {
  const yearShare = (at - Date.UTC(2000, 0, 21)) / (365.2425 * DAY_MS)
  const season = 17 - 7.5 * Math.cos(2 * Math.PI * yearShare)
  const sunEarlier = (sunElevationDegrees(at - 2 * HOUR_MS) + sunElevationDegrees(at - 3 * HOUR_MS)) / 2
  const daily = 0.11 * Math.max(-30, sunEarlier)
  const front = 2.6 * smoothNoise(seed + 101, at, 2.5 * DAY_MS) + 0.7 * smoothNoise(seed + 102, at, 3 * HOUR_MS)
  const temperatureC = season + daily + front
  const moisture = 9 * smoothNoise(seed + 103, at, 1.7 * DAY_MS) + 2.5 * smoothNoise(seed + 104, at, 2 * HOUR_MS)
  const humidityPercent = Math.min(99, Math.max(15, 66 - 2.1 * (daily + front) + moisture))
  const pressureHpa =
    1016 + 8 * smoothNoise(seed + 105, at, 3.2 * DAY_MS) + 0.8 * smoothNoise(seed + 106, at, 6 * HOUR_MS)
  return { temperatureC, humidityPercent, pressureHpa }
}
