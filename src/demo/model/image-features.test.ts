import { describe, expect, it } from 'vitest'
import { drawFrame, FRAME_VALUES } from '../park/frame.ts'
import { createRandom } from '../random.ts'
import {
  extractFeatures,
  foldIntoPixels,
  IMAGE_FEATURES,
  measureStandardisation,
  PIXEL_SCALE,
} from './image-features.ts'
import { applyLayer } from './network.ts'

describe('foldIntoPixels', () => {
  it('gives on raw pixels what the layer gives on standardised features', () => {
    const count = 30
    const random = createRandom(4)
    const features = new Float32Array(count * IMAGE_FEATURES)
    const pixels = new Float32Array(count * FRAME_VALUES)
    for (let row = 0; row < count; row++) {
      const breed = { species: 'cat', breed: 'bengal', light: row / count, tiltDegrees: row, noise: 0.5 } as const
      const frame = drawFrame({ ...breed, seed: row })
      extractFeatures(frame.pixels, features, row * IMAGE_FEATURES)
      pixels.set(
        Float32Array.from(frame.pixels, (value) => value * PIXEL_SCALE),
        row * FRAME_VALUES,
      )
    }
    const standardisation = measureStandardisation(features, count, IMAGE_FEATURES)
    const standard = features.map((value, index) => {
      const feature = index % IMAGE_FEATURES
      return (value - standardisation.means[feature]) / standardisation.deviations[feature]
    })
    const layer = {
      inputs: IMAGE_FEATURES,
      outputs: 5,
      weights: Float32Array.from({ length: IMAGE_FEATURES * 5 }, () => random.gaussian()),
      bias: Float32Array.from([1, -2, 3, 0, 0.5]),
    }
    const expected = applyLayer(layer, standard, count)
    const folded = applyLayer(foldIntoPixels(layer, standardisation), pixels, count)
    folded.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index], 2)
    })
  })

  it('averages the luma of each block', () => {
    const into = new Float32Array(IMAGE_FEATURES + 1)
    extractFeatures(new Uint8Array(FRAME_VALUES).fill(255), into, 1)
    expect(into[0]).toBe(0)
    for (const value of into.subarray(1)) expect(value).toBeCloseTo(1, 5)
  })

  it('leaves constant features unscaled', () => {
    const { means, deviations } = measureStandardisation(Float32Array.from([2, 1, 2, 3]), 2, 2)
    expect([...means]).toEqual([2, 2])
    expect([...deviations]).toEqual([1, 1])
  })
})
