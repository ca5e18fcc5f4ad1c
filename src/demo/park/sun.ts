import { LATITUDE_DEGREES, LONGITUDE_DEGREES } from './story.ts'

const DAY_MS = 86_400_000
const RADIANS = Math.PI / 180
const J2000_AT = Date.UTC(2000, 0, 1, 12)

/**
 * Elevation of the sun above the park's horizon in degrees, good to about half a degree (low-precision solar
 * coordinates of the Astronomical Almanac, without refraction).
 */
export function sunElevationDegrees(at: number): number {
  const days = (at - J2000_AT) / DAY_MS
  const meanLongitude = (280.46 + 0.9856474 * days) % 360
  const anomaly = ((357.528 + 0.9856003 * days) % 360) * RADIANS
  const ecliptic = (meanLongitude + 1.915 * Math.sin(anomaly) + 0.02 * Math.sin(2 * anomaly)) * RADIANS
  const obliquity = 23.439 * RADIANS
  const declination = Math.asin(Math.sin(obliquity) * Math.sin(ecliptic))
  const ascension = Math.atan2(Math.cos(obliquity) * Math.sin(ecliptic), Math.cos(ecliptic))
  const siderealDegrees = (280.46062 + 360.98564737 * days + LONGITUDE_DEGREES) % 360
  const hourAngle = siderealDegrees * RADIANS - ascension
  const latitude = LATITUDE_DEGREES * RADIANS
  const sine =
    Math.sin(latitude) * Math.sin(declination) + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle)
  return Math.asin(Math.min(1, Math.max(-1, sine))) / RADIANS
}

/** Daylight from 0 (sun 8 degrees below the horizon) to 1 (14 degrees above it), smoothly. */
export function daylightAt(at: number): number {
  const share = Math.min(1, Math.max(0, (sunElevationDegrees(at) + 8) / 22))
  return share * share * (3 - 2 * share)
}
