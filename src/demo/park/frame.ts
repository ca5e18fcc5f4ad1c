import { createRandom, mixSeed, uniformOf } from '../random.ts'
import { buildAnimal } from './animal.ts'
import { type Colour, findBreed, type Species } from './breeds.ts'

/** Side of a frame in pixels. */
export const FRAME_SIZE = 32
/** Numbers in a frame: rows x columns x (red, green, blue). */
export const FRAME_VALUES = FRAME_SIZE * FRAME_SIZE * 3

/** What the camera sees at one instant. */
export interface FrameParameters {
  species: Species
  breed: string
  /** 0 a moonless night, 1 full day. */
  light: number
  /** Roll of the camera; positive turns the picture clockwise. */
  tiltDegrees: number
  /** Sensor noise, 0 none to 1 strong; darkness adds its own. */
  noise: number
  /** Decides the individual, its pose, the place and the noise. */
  seed: number
}

/** An RGB picture: `pixels[(y * width + x) * 3 + channel]`, 0 to 255. */
export interface Frame {
  width: number
  height: number
  pixels: Uint8Array
}

const MAX_NOISE = 26
const NIGHT_NOISE = 4
/** After dark the little light comes from behind the lawn: animals look darker than the grass they stand on. */
const BACKLIGHT = 0.2
const NIGHT_AMBIENT = 0.58

/**
 * Draws one frame of the park's camera: grass, hedge and one animal, under the given light, tilt and noise.
 * The same parameters give the same bytes. Throws on an unknown breed or a parameter that is not a finite number.
 */
export function drawFrame(parameters: FrameParameters): Frame {
  const { light, tiltDegrees, noise, seed } = parameters
  for (const [name, value] of Object.entries({ light, tiltDegrees, noise, seed })) {
    if (!Number.isFinite(value)) throw new Error(`frame parameter ${name} is not a finite number`)
  }
  const random = createRandom(mixSeed(seed, 1))
  const parts = buildAnimal(findBreed(parameters.species, parameters.breed), random)
  const size = random.between(0.94, 1.08)
  const shiftX = random.between(-1, 1)
  const shiftY = random.between(-0.8, 0.8)
  const background = createBackground(mixSeed(seed, 2))
  const angle = (-tiltDegrees * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  const sensor = createSensor(light, noise, mixSeed(seed, 3))
  const backlight = 1 - BACKLIGHT * (1 - Math.min(1, Math.max(0, light)))
  const pixels = new Uint8Array(FRAME_VALUES)
  const centre = FRAME_SIZE / 2
  for (let y = 0; y < FRAME_SIZE; y++) {
    for (let x = 0; x < FRAME_SIZE; x++) {
      const dx = x + 0.5 - centre
      const dy = y + 0.5 - centre
      const sceneX = centre + cos * dx - sin * dy
      const sceneY = centre + sin * dx + cos * dy
      let [red, green, blue] = background(sceneX, sceneY)
      const animalX = centre + (sceneX - centre - shiftX) / size
      const animalY = centre + (sceneY - centre - shiftY) / size
      for (const { shape, colour } of parts) {
        if (animalX < shape.left || animalX > shape.right || animalY < shape.top || animalY > shape.bottom) continue
        const cover = Math.min(1, Math.max(0, 0.5 - shape.distance(animalX, animalY) * size))
        red += (colour[0] * backlight - red) * cover
        green += (colour[1] * backlight - green) * cover
        blue += (colour[2] * backlight - blue) * cover
      }
      sensor(red, green, blue, pixels, (y * FRAME_SIZE + x) * 3)
    }
  }
  return { width: FRAME_SIZE, height: FRAME_SIZE, pixels }
}

/** Hedge above, grass below, both with patches, so that no two places look alike. */
function createBackground(seed: number): (x: number, y: number) => Colour {
  const random = createRandom(seed)
  const horizon = random.between(7, 12)
  const grass = random.between(0.8, 1.15)
  const hedge = random.between(0.75, 1.1)
  return (x, y) => {
    const patch = 0.88 + 0.24 * uniformOf(seed, Math.floor(x / 3) + 64, Math.floor(y / 3) + 64)
    const below = Math.min(1, Math.max(0, y - horizon + 0.5))
    const lit = patch * (below * grass + (1 - below) * hedge)
    return [(92 + 18 * below) * lit, (118 + 22 * below) * lit, (88 - 12 * below) * lit]
  }
}

/** The sensor loses colour and gains noise in the dark; a bluish cast is what is left. */
function createSensor(light: number, noise: number, seed: number) {
  const random = createRandom(seed)
  const darkness = 1 - Math.min(1, Math.max(0, light))
  const exposure = random.between(0.75, 1.15) * (NIGHT_AMBIENT + (1 - NIGHT_AMBIENT) * (1 - darkness))
  const sigma = noise * MAX_NOISE + darkness * NIGHT_NOISE
  const grey = 0.7 * darkness
  const cast = [1 - 0.15 * darkness, 1, 1 + 0.2 * darkness]
  return (red: number, green: number, blue: number, into: Uint8Array, offset: number) => {
    const luma = 0.299 * red + 0.587 * green + 0.114 * blue
    const channels = [red, green, blue]
    for (let channel = 0; channel < 3; channel++) {
      const colour = channels[channel] + (luma - channels[channel]) * grey
      const value = colour * exposure * cast[channel] + sigma * random.gaussian()
      into[offset + channel] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
}
