import { FRAME_SIZE, FRAME_VALUES } from '../park/frame.ts'
import type { Layer } from './network.ts'

const BLOCK = 2
const CELLS = FRAME_SIZE / BLOCK

/** Numbers the network learns from: the mean luma of each 2 x 2 block. */
export const IMAGE_FEATURES = CELLS * CELLS

/** Pixels enter the exported network as value / 255. */
export const PIXEL_SCALE = 1 / 255

const CHANNEL_WEIGHTS = [0.299, 0.587, 0.114].map((weight) => weight / (BLOCK * BLOCK))

function featureOfPixel(pixel: number): number {
  const row = Math.floor(pixel / FRAME_SIZE / BLOCK)
  return row * CELLS + Math.floor((pixel % FRAME_SIZE) / BLOCK)
}

/** Writes the features of one frame (0..255 pixels) into `into` from `offset`. */
export function extractFeatures(pixels: Uint8Array, into: Float32Array, offset: number): void {
  into.fill(0, offset, offset + IMAGE_FEATURES)
  for (let value = 0; value < FRAME_VALUES; value++) {
    const feature = featureOfPixel(Math.floor(value / 3))
    into[offset + feature] += pixels[value] * PIXEL_SCALE * CHANNEL_WEIGHTS[value % 3]
  }
}

/** Mean and standard deviation of each feature over the training rows. */
export interface Standardisation {
  means: Float64Array
  deviations: Float64Array
}

/** Measures each column of a rows x features table; a constant column gets deviation 1. */
export function measureStandardisation(table: Float32Array, rows: number, features: number): Standardisation {
  const means = new Float64Array(features)
  const deviations = new Float64Array(features)
  for (let i = 0; i < rows * features; i++) means[i % features] += table[i] / rows
  for (let i = 0; i < rows * features; i++) deviations[i % features] += (table[i] - means[i % features]) ** 2 / rows
  for (let f = 0; f < features; f++) deviations[f] = Math.sqrt(deviations[f]) || 1
  return { means, deviations }
}

/**
 * Rewrites a layer on standardised features as one on raw pixels (0..1): block averages, luma and standardisation
 * are linear, so they disappear into the weights and the exported network takes the frame itself.
 */
export function foldIntoPixels(layer: Layer, standardisation: Standardisation): Layer {
  const { outputs } = layer
  const weights = new Float32Array(FRAME_VALUES * outputs)
  const bias = Float32Array.from(layer.bias)
  for (let o = 0; o < outputs; o++) {
    let shift = 0
    for (let f = 0; f < layer.inputs; f++) {
      shift += (layer.weights[f * outputs + o] * standardisation.means[f]) / standardisation.deviations[f]
    }
    bias[o] -= shift
  }
  for (let value = 0; value < FRAME_VALUES; value++) {
    const feature = featureOfPixel(Math.floor(value / 3))
    const scale = CHANNEL_WEIGHTS[value % 3] / standardisation.deviations[feature]
    for (let o = 0; o < outputs; o++) weights[value * outputs + o] = layer.weights[feature * outputs + o] * scale
  }
  return { inputs: FRAME_VALUES, outputs, weights, bias }
}
