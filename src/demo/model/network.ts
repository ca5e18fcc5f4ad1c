/** One fully connected layer: `output = input x weights + bias`, `weights[input * outputs + output]`. */
export interface Layer {
  inputs: number
  outputs: number
  weights: Float32Array
  bias: Float32Array
}

/** Layers with a rectifier between them and a softmax after the last. */
export type Network = readonly Layer[]

/** Turns scores into probabilities in place, safe against overflow; `scores` is rows x classes. */
export function softmaxRows(scores: Float32Array | Float64Array, rows: number, classes: number): void {
  for (let row = 0; row < rows; row++) {
    const from = row * classes
    let highest = -Infinity
    for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[from + k])
    let sum = 0
    for (let k = 0; k < classes; k++) {
      const value = Math.exp(scores[from + k] - highest)
      scores[from + k] = value
      sum += value
    }
    for (let k = 0; k < classes; k++) scores[from + k] /= sum
  }
}

/** Applies one layer without activation to `rows` inputs; returns rows x outputs. */
export function applyLayer(layer: Layer, input: Float32Array, rows: number): Float32Array {
  const { inputs, outputs, weights, bias } = layer
  const output = new Float32Array(rows * outputs)
  for (let row = 0; row < rows; row++) {
    const to = row * outputs
    output.set(bias, to)
    for (let i = 0; i < inputs; i++) {
      const value = input[row * inputs + i]
      if (value === 0) continue
      const from = i * outputs
      for (let o = 0; o < outputs; o++) output[to + o] += value * weights[from + o]
    }
  }
  return output
}

/** Probabilities (rows x classes) of a network for `rows` inputs laid out one after another. */
export function predictProbabilities(network: Network, input: Float32Array, rows: number): Float32Array {
  let values = input
  network.forEach((layer, index) => {
    values = applyLayer(layer, values, rows)
    if (index < network.length - 1) for (let i = 0; i < values.length; i++) if (values[i] < 0) values[i] = 0
  })
  softmaxRows(values, rows, network[network.length - 1].outputs)
  return values
}

/** Index of the largest of `classes` values from `offset`; the first on a tie. */
export function indexOfLargest(values: ArrayLike<number>, offset: number, classes: number): number {
  let best = 0
  for (let k = 1; k < classes; k++) if (values[offset + k] > values[offset + best]) best = k
  return best
}
