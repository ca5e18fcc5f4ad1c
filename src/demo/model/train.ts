import { setImmediate as nextTurn } from 'node:timers/promises'
import { createRandom, mixSeed, type Random } from '../random.ts'
import { createAdam } from './adam.ts'
import { extractFeatures, foldIntoPixels, IMAGE_FEATURES, measureStandardisation } from './image-features.ts'
import { applyLayer, indexOfLargest, type Layer, type Network, softmaxRows } from './network.ts'

/** One labelled frame: pixels 0..255 as drawn, label an index into the classes. */
export interface LabelledFrame {
  pixels: Uint8Array
  label: number
}

/** What a training run can be told; recorded with the version as lineage. */
export interface TrainingParameters {
  classes: number
  hiddenUnits: number
  epochs: number
  batchSize: number
  learningRate: number
  weightDecay: number
  /** Share of the frames held out for validation, in (0, 1). */
  validationShare: number
  seed: number
}

export const DEFAULT_TRAINING: TrainingParameters = {
  classes: 2,
  hiddenUnits: 48,
  epochs: 20,
  batchSize: 32,
  learningRate: 0.002,
  weightDecay: 0.02,
  validationShare: 0.2,
  seed: 1,
}

/** How a network does on a set of frames: accuracy in [0, 1], mean cross-entropy in nats, number of frames. */
export interface TrainingMetrics {
  accuracy: number
  loss: number
  n: number
}

export interface TrainingProgress {
  epoch: number
  epochs: number
  validation: TrainingMetrics
}

/** `trained` with a network that takes raw pixels (0..1), or `aborted` with the epochs that were finished. */
export type TrainingOutcome =
  | {
      status: 'trained'
      network: Network
      training: TrainingMetrics
      validation: TrainingMetrics
      parameters: TrainingParameters
    }
  | { status: 'aborted'; finishedEpochs: number }

/**
 * Trains a classifier of frames: one hidden layer of rectifiers, softmax, cross-entropy, mini-batch Adam with a cosine
 * rate. The same frames and parameters give the same weights. Gives way to other work after every epoch and stops
 * there when `signal` is aborted. Throws on fewer than 20 frames or a label outside the classes.
 */
export async function trainClassifier(
  frames: readonly LabelledFrame[],
  parameters: TrainingParameters = DEFAULT_TRAINING,
  control: { onProgress?: (progress: TrainingProgress) => void; signal?: AbortSignal } = {},
): Promise<TrainingOutcome> {
  const { classes, epochs, batchSize, seed } = parameters
  if (frames.length < 20) throw new Error(`${frames.length} frames are too few to train on, at least 20 are needed`)
  const stray = frames.findIndex(({ label }) => !Number.isInteger(label) || label < 0 || label >= classes)
  if (stray >= 0) throw new Error(`frame ${stray} has label ${frames[stray].label}, expected 0 to ${classes - 1}`)

  const random = createRandom(mixSeed(seed, 11))
  const order = shuffle(frames.length, random)
  const held = Math.min(frames.length - 1, Math.max(1, Math.round(frames.length * parameters.validationShare)))
  const validation = prepareTable(order.slice(0, held).map((index) => frames[index]))
  const training = prepareTable(order.slice(held).map((index) => frames[index]))
  const standardisation = measureStandardisation(training.features, training.rows, IMAGE_FEATURES)
  for (const table of [training, validation]) {
    for (let i = 0; i < table.features.length; i++) {
      const f = i % IMAGE_FEATURES
      table.features[i] = (table.features[i] - standardisation.means[f]) / standardisation.deviations[f]
    }
  }

  const hidden = createLayer(IMAGE_FEATURES, parameters.hiddenUnits, random)
  const output = createLayer(parameters.hiddenUnits, classes, random)
  const step = createStep(hidden, output, parameters)
  const totalSteps = epochs * Math.ceil(training.rows / batchSize)
  let finished = 0
  for (let epoch = 1; epoch <= epochs; epoch++) {
    await nextTurn()
    if (control.signal?.aborted) return { status: 'aborted', finishedEpochs: epoch - 1 }
    const visit = shuffle(training.rows, random)
    for (let from = 0; from < training.rows; from += batchSize) {
      const rate = 0.5 * (1 + Math.cos((Math.PI * finished) / totalSteps))
      step(training, visit.slice(from, from + batchSize), rate)
      finished += 1
    }
    control.onProgress?.({ epoch, epochs, validation: measure([hidden, output], validation) })
  }
  return {
    status: 'trained',
    network: [foldIntoPixels(hidden, standardisation), output],
    training: measure([hidden, output], training),
    validation: measure([hidden, output], validation),
    parameters,
  }
}

interface Table {
  features: Float32Array
  labels: Uint8Array
  rows: number
}

function prepareTable(frames: readonly LabelledFrame[]): Table {
  const features = new Float32Array(frames.length * IMAGE_FEATURES)
  frames.forEach((frame, row) => {
    extractFeatures(frame.pixels, features, row * IMAGE_FEATURES)
  })
  return { features, labels: Uint8Array.from(frames, (frame) => frame.label), rows: frames.length }
}

function shuffle(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let i = count - 1; i > 0; i--) {
    const j = random.integer(i + 1)
    const moved = order[i]
    order[i] = order[j]
    order[j] = moved
  }
  return order
}

/** He initialisation: standard deviation sqrt(2 / inputs). */
function createLayer(inputs: number, outputs: number, random: Random): Layer {
  const spread = Math.sqrt(2 / inputs)
  const weights = Float32Array.from({ length: inputs * outputs }, () => spread * random.gaussian())
  return { inputs, outputs, weights, bias: new Float32Array(outputs) }
}

function forward(hidden: Layer, output: Layer, input: Float32Array, rows: number) {
  const activation = applyLayer(hidden, input, rows)
  for (let i = 0; i < activation.length; i++) if (activation[i] < 0) activation[i] = 0
  const probabilities = applyLayer(output, activation, rows)
  softmaxRows(probabilities, rows, output.outputs)
  return { activation, probabilities }
}

function measure([hidden, output]: [Layer, Layer], table: Table): TrainingMetrics {
  const { probabilities } = forward(hidden, output, table.features, table.rows)
  let right = 0
  let loss = 0
  for (let row = 0; row < table.rows; row++) {
    const from = row * output.outputs
    if (indexOfLargest(probabilities, from, output.outputs) === table.labels[row]) right += 1
    loss -= Math.log(Math.max(1e-12, probabilities[from + table.labels[row]]))
  }
  return { accuracy: right / table.rows, loss: loss / table.rows, n: table.rows }
}

/** One mini-batch: forward, backward, four Adam updates. */
function createStep(hidden: Layer, output: Layer, { learningRate, weightDecay, batchSize }: TrainingParameters) {
  const adam = (size: number, decay: number) => createAdam(size, learningRate, decay)
  const updates = [hidden, output].map((layer) => ({
    layer,
    updateWeights: adam(layer.weights.length, weightDecay),
    updateBias: adam(layer.bias.length, 0),
    weightSlope: new Float32Array(layer.weights.length),
    biasSlope: new Float32Array(layer.bias.length),
  }))
  const batch = new Float32Array(batchSize * hidden.inputs)
  return (table: Table, rowsInBatch: number[], rate: number) => {
    const rows = rowsInBatch.length
    rowsInBatch.forEach((row, index) => {
      batch.set(table.features.subarray(row * hidden.inputs, (row + 1) * hidden.inputs), index * hidden.inputs)
    })
    const { activation, probabilities } = forward(hidden, output, batch, rows)
    const error = probabilities
    rowsInBatch.forEach((row, index) => {
      error[index * output.outputs + table.labels[row]] -= 1
    })
    const hiddenError = new Float32Array(rows * hidden.outputs)
    for (let row = 0; row < rows; row++) {
      for (let h = 0; h < hidden.outputs; h++) {
        if (activation[row * hidden.outputs + h] === 0) continue
        let sum = 0
        for (let o = 0; o < output.outputs; o++) {
          sum += error[row * output.outputs + o] * output.weights[h * output.outputs + o]
        }
        hiddenError[row * hidden.outputs + h] = sum
      }
    }
    accumulate(updates[0], batch, hiddenError, rows)
    accumulate(updates[1], activation, error, rows)
    for (const { layer, updateWeights, updateBias, weightSlope, biasSlope } of updates) {
      updateWeights(layer.weights, weightSlope, rate)
      updateBias(layer.bias, biasSlope, rate)
    }
  }
}

function accumulate(
  { layer, weightSlope, biasSlope }: { layer: Layer; weightSlope: Float32Array; biasSlope: Float32Array },
  input: Float32Array,
  error: Float32Array,
  rows: number,
): void {
  weightSlope.fill(0)
  biasSlope.fill(0)
  for (let row = 0; row < rows; row++) {
    const errorFrom = row * layer.outputs
    for (let o = 0; o < layer.outputs; o++) biasSlope[o] += error[errorFrom + o] / rows
    for (let i = 0; i < layer.inputs; i++) {
      const value = input[row * layer.inputs + i] / rows
      if (value === 0) continue
      const from = i * layer.outputs
      for (let o = 0; o < layer.outputs; o++) weightSlope[from + o] += value * error[errorFrom + o]
    }
  }
}
