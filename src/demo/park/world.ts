import type { Species } from './breeds.ts'
import { type BoxTelemetry, boxTelemetryAt, rollDegreesAt } from './camera-box.ts'
import type { Story } from './story.ts'
import { daylightAt, sunElevationDegrees } from './sun.ts'
import { newBreedShareAt, sceneLightAt, visitChanceAt } from './visits.ts'
import { type Weather, weatherAt } from './weather.ts'

/** The park at one instant. */
export interface World {
  at: number
  sunElevationDegrees: number
  /** Light of the sky, 0 to 1. */
  daylight: number
  /** Light on the scene, lamps included, 0 to 1. */
  sceneLight: number
  cameraTiltDegrees: number
  weather: Weather
  box: BoxTelemetry
  /** Chance that a visit begins in a slot now. */
  visitChance: number
  newBreedShare: Record<Species, number>
}

/**
 * The park at an instant of story time. A pure function: history and the live time-lapse ask the same one and get
 * the same answer. Visits come from `visitsBetween`.
 */
export function worldAt(at: number, story: Story): World {
  return {
    at,
    sunElevationDegrees: sunElevationDegrees(at),
    daylight: daylightAt(at),
    sceneLight: sceneLightAt(at, story),
    cameraTiltDegrees: rollDegreesAt(at, story),
    weather: weatherAt(at, story.seed),
    box: boxTelemetryAt(at, story),
    visitChance: visitChanceAt(at),
    newBreedShare: { cat: newBreedShareAt(at, 'cat', story), dog: newBreedShareAt(at, 'dog', story) },
  }
}
