import { describe, expect, it } from 'vitest'
import { BREEDS, breedsOf, findBreed } from './breeds.ts'
import { describeFrame } from './descriptors.ts'
import { drawFrame, FRAME_SIZE, FRAME_VALUES, type FrameParameters } from './frame.ts'
import { decodePng, encodePng } from './png.ts'

const day: FrameParameters = { species: 'cat', breed: 'european', light: 1, tiltDegrees: 0, noise: 0.2, seed: 1 }

const average = (count: number, change: Partial<FrameParameters>) => {
  const frames = Array.from({ length: count }, (_, seed) => describeFrame(drawFrame({ ...day, ...change, seed })))
  const mean = (key: keyof (typeof frames)[0]) => frames.reduce((sum, frame) => sum + frame[key], 0) / count
  return {
    brightness: mean('brightness'),
    contrast: mean('contrast'),
    sharpness: mean('sharpness'),
    warmth: mean('warmth'),
    noise: mean('noise'),
  }
}

describe('drawFrame', () => {
  it('gives the same bytes for the same parameters and others for another seed', () => {
    expect(drawFrame(day).pixels).toEqual(drawFrame(day).pixels)
    expect(drawFrame(day).pixels).not.toEqual(drawFrame({ ...day, seed: 2 }).pixels)
    expect(drawFrame(day).pixels).toHaveLength(FRAME_VALUES)
  })

  it('draws every breed differently on the same seed', () => {
    const pictures = BREEDS.map(({ species, name }) => drawFrame({ ...day, species, breed: name }).pixels.join())
    expect(new Set(pictures).size).toBe(BREEDS.length)
  })

  it('refuses unknown breeds and numbers that are not finite', () => {
    expect(() => drawFrame({ ...day, breed: 'labrador' })).toThrow('no breed labrador of species cat')
    expect(() => drawFrame({ ...day, light: Number.NaN })).toThrow('light is not a finite number')
  })

  it('turns the picture by the tilt', () => {
    // A noiseless picture turned by a half turn is the picture read backwards.
    const upright = drawFrame({ ...day, noise: 0 }).pixels
    const turned = drawFrame({ ...day, noise: 0, tiltDegrees: 180 }).pixels
    let largest = 0
    for (let pixel = 0; pixel < FRAME_SIZE * FRAME_SIZE; pixel++) {
      for (let channel = 0; channel < 3; channel++) {
        const opposite = (FRAME_SIZE * FRAME_SIZE - 1 - pixel) * 3 + channel
        largest = Math.max(largest, Math.abs(upright[pixel * 3 + channel] - turned[opposite]))
      }
    }
    expect(largest).toBeLessThanOrEqual(1)
  })

  it('knows new breeds of both species, absent from the known ones', () => {
    for (const species of ['cat', 'dog'] as const) {
      expect(breedsOf(species, true)).toHaveLength(1)
      expect(breedsOf(species, false).length).toBeGreaterThanOrEqual(4)
    }
    const shiba = findBreed('dog', 'shiba')
    const labrador = findBreed('dog', 'labrador')
    const european = findBreed('cat', 'european')
    const distance = (a: typeof shiba, b: typeof shiba) => Math.abs(a.earUprightness - b.earUprightness)
    expect(distance(shiba, european)).toBeLessThan(distance(shiba, labrador))
  })
})

describe('describeFrame', () => {
  it('sees night as darker, flatter and colder', () => {
    const [bright, dark] = [average(40, {}), average(40, { light: 0 })]
    expect(dark.brightness).toBeLessThan(bright.brightness * 0.7)
    expect(dark.contrast).toBeLessThan(bright.contrast)
    expect(dark.warmth).toBeLessThan(bright.warmth)
  })

  it('measures more noise and more sharpness the more noise there is', () => {
    const [little, some, much] = [0, 0.5, 1].map((noise) => average(40, { noise }))
    expect(some.noise).toBeGreaterThan(little.noise + 2)
    expect(much.noise).toBeGreaterThan(some.noise + 2)
    expect(much.sharpness).toBeGreaterThan(little.sharpness)
  })

  it('gives exact values on plain pictures', () => {
    const plain = (red: number, green: number, blue: number) => ({
      width: 8,
      height: 8,
      pixels: Uint8Array.from({ length: 192 }, (_, index) => [red, green, blue][index % 3]),
    })
    const described = describeFrame(plain(200, 100, 50))
    expect(described.brightness).toBeCloseTo(0.299 * 200 + 0.587 * 100 + 0.114 * 50, 9)
    expect(described.contrast).toBeCloseTo(0, 9)
    expect(described.sharpness).toBeCloseTo(0, 9)
    expect(described.noise).toBeCloseTo(0, 9)
    expect(described.warmth).toBeCloseTo(150 / 250, 12)
    expect(describeFrame(plain(0, 0, 0)).warmth).toBe(0)
  })

  it('estimates known noise on a plain picture', () => {
    let state = 1
    const pixels = new Uint8Array(64 * 64 * 3)
    for (let index = 0; index < 64 * 64; index++) {
      // Sum of twelve uniforms: close to normal, standard deviation 10.
      let sum = -6
      for (let k = 0; k < 12; k++) {
        state = (state * 48271) % 2147483647
        sum += state / 2147483647
      }
      pixels.fill(Math.round(128 + 10 * sum), index * 3, index * 3 + 3)
    }
    expect(Math.abs(describeFrame({ width: 64, height: 64, pixels }).noise - 10)).toBeLessThan(0.7)
  })
})

describe('PNG', () => {
  it('brings every pixel back', () => {
    const frame = drawFrame(day)
    const decoded = decodePng(encodePng(frame))
    expect(decoded).toEqual({ ok: true, frame })
  })

  it('refuses what is no frame and says why', () => {
    const good = encodePng(drawFrame(day))
    const reason = (bytes: Uint8Array) => {
      const decoded = decodePng(bytes)
      return decoded.ok ? undefined : decoded.reason
    }
    expect(reason(new Uint8Array(100))).toBe('it is not a PNG')
    expect(reason(good.subarray(0, 20))).toBe('it is not a PNG')
    expect(reason(new Uint8Array(20_000))).toContain('larger than')
    expect(reason(encodePng({ width: 8, height: 8, pixels: new Uint8Array(192) }))).toContain('8 x 8')
    expect(reason(good.subarray(0, good.length - 40))).toContain('damaged')
    const flipped = Uint8Array.from(good)
    flipped[Math.floor(good.length / 2)] ^= 0xff
    expect(reason(flipped)).toContain('damaged')
  })
})
