import { createRandom, mixSeed } from '../random.ts'
import type { Story } from './story.ts'
import { daylightAt } from './sun.ts'
import { type Weather, weatherAt } from './weather.ts'

export interface Vector {
  x: number
  y: number
  z: number
}

/** What the sensors in the camera's box report: axes x to the right of the picture, y down, z into the scene. */
export interface BoxTelemetry extends Weather {
  /** Metres per second squared; the reaction to gravity at rest, 9.81 long. */
  accelerometer: Vector
  /** Degrees per second. */
  gyroscope: Vector
  /** Microtesla. */
  magnetometer: Vector
}

/** Roll and turn of the box that the knock leaves behind, in degrees. */
export const KNOCK_ROLL_DEGREES = -10
const KNOCK_YAW_DEGREES = 22
const KNOCK_RINGING_MS = 20_000
const MOUNT_PITCH_DEGREES = 12
const HEADING_DEGREES = 40
const GRAVITY = 9.80665
/** The Earth's field at Barcelona, microtesla. */
const FIELD_NORTH = 25.4
const FIELD_DOWN = 38.1
const RADIANS = Math.PI / 180

/** Roll of the camera at an instant, in degrees: a crooked mount of half a degree, more after the knock. */
export function rollDegreesAt(at: number, story: Story): number {
  return 0.5 + (at >= story.knockAt ? KNOCK_ROLL_DEGREES : 0)
}

/** The box's telemetry at an instant, sensor noise included; the same for the same instant and story. */
export function boxTelemetryAt(at: number, story: Story): BoxTelemetry {
  const random = createRandom(mixSeed(story.seed, 201, at))
  const jitter = (sigma: number) => sigma * random.gaussian()
  const heading = HEADING_DEGREES + (at >= story.knockAt ? KNOCK_YAW_DEGREES : 0)
  const roll = rollDegreesAt(at, story)
  const gravity = toBoxAxes({ north: 0, east: 0, down: -GRAVITY }, heading, roll)
  const field = toBoxAxes({ north: FIELD_NORTH, east: 0.4, down: FIELD_DOWN }, heading, roll)
  const sinceKnock = at - story.knockAt
  const ringing = sinceKnock >= 0 && sinceKnock < KNOCK_RINGING_MS ? 1 - sinceKnock / KNOCK_RINGING_MS : 0
  const air = weatherAt(at, story.seed)
  const electronics = 6 + 9 * daylightAt(at - 3_600_000)
  const withNoise = (vector: Vector, sigma: number): Vector => ({
    x: vector.x + jitter(sigma),
    y: vector.y + jitter(sigma),
    z: vector.z + jitter(sigma),
  })
  return {
    accelerometer: withNoise(gravity, 0.025 + 6 * ringing),
    gyroscope: withNoise({ x: 0.12, y: -0.08, z: 0.05 }, 0.06 + 80 * ringing),
    magnetometer: withNoise(field, 0.35),
    temperatureC: air.temperatureC + electronics + jitter(0.12),
    humidityPercent: Math.min(100, Math.max(0, air.humidityPercent - 1.6 * electronics + jitter(0.4))),
    pressureHpa: air.pressureHpa + jitter(0.08),
  }
}

/** Turns a vector of the world (north, east, down) into the axes of the box. */
function toBoxAxes(
  world: { north: number; east: number; down: number },
  headingDegrees: number,
  rollDegrees: number,
): Vector {
  const [heading, pitch, roll] = [headingDegrees, MOUNT_PITCH_DEGREES, rollDegrees].map((angle) => angle * RADIANS)
  const ahead = world.north * Math.cos(heading) + world.east * Math.sin(heading)
  const right = world.east * Math.cos(heading) - world.north * Math.sin(heading)
  const z = ahead * Math.cos(pitch) + world.down * Math.sin(pitch)
  const down = world.down * Math.cos(pitch) - ahead * Math.sin(pitch)
  return { x: right * Math.cos(roll) + down * Math.sin(roll), y: down * Math.cos(roll) - right * Math.sin(roll), z }
}
