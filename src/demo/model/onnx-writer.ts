import type { Network } from './network.ts'
import { ATTRIBUTE_INT, DOUBLE, FLOAT, ModelProto } from './onnx-schema.ts'

const IR_VERSION = 8
const OPSET_VERSION = 17

/** Name of the one output: probabilities, rows x classes. */
export const OUTPUT_NAME = 'probabilities'

/** A linear softmax classifier: `probabilities = softmax(x weights^T + bias)`. */
export interface LinearClassifier {
  /** One row of coefficients for each class: `weights[class][input]`. */
  weights: readonly (readonly number[])[]
  /** One for each class. */
  bias: readonly number[]
  inputNames: readonly string[]
  classes: readonly string[]
}

/** A rectifier network with softmax. */
export interface MlpClassifier {
  network: Network
  /** Name of the one input tensor, [rows, inputs]. */
  inputName: string
  classes: readonly string[]
  /** What each column of the input is called; left out for frames, whose columns are pixels. */
  inputNames?: readonly string[]
  /** Further facts for whoever reads the file. */
  metadata?: Readonly<Record<string, string>>
}

/**
 * Writes a linear classifier as an ONNX file in double precision: input `features` [N, inputs], output `probabilities`
 * [N, classes]; names of inputs and classes are JSON arrays in the file's metadata (`inputNames`, `classes`).
 * Throws where the sizes do not agree or a coefficient is not finite.
 */
export function writeLinearClassifier({ weights, bias, inputNames, classes }: LinearClassifier): Uint8Array {
  const inputs = inputNames.length
  const agree =
    weights.length === classes.length && bias.length === classes.length && weights.every((row) => row.length === inputs)
  if (!agree) throw new Error('weights must be classes x inputs, and bias one number for each class')
  const byInput = new Float64Array(inputs * classes.length)
  weights.forEach((row, k) => {
    row.forEach((value, input) => {
      byInput[input * classes.length + k] = value
    })
  })
  return writeGraph({
    inputName: 'features',
    layers: [{ inputs, outputs: classes.length, weights: byInput, bias: Float64Array.from(bias) }],
    classes,
    elementType: DOUBLE,
    metadata: { inputNames: JSON.stringify(inputNames), kind: 'linear' },
  })
}

/**
 * Writes a network as an ONNX file in single precision: input `inputName` [N, inputs], then Gemm and Relu for each
 * hidden layer, Gemm and Softmax for the last; output `probabilities` [N, classes].
 */
export function writeMlpClassifier({ network, inputName, classes, inputNames, metadata }: MlpClassifier): Uint8Array {
  network.forEach((layer, index) => {
    const expected = index === network.length - 1 ? classes.length : network[index + 1].inputs
    if (layer.outputs !== expected) throw new Error(`layer ${index} has ${layer.outputs} outputs, not ${expected}`)
  })
  if (inputNames && inputNames.length !== network[0].inputs) throw new Error('inputNames must name every input')
  const names: Record<string, string> = inputNames ? { inputNames: JSON.stringify(inputNames) } : {}
  return writeGraph({
    inputName,
    layers: network,
    classes,
    elementType: FLOAT,
    metadata: { ...metadata, ...names, kind: 'mlp' },
  })
}

interface GraphLayer {
  inputs: number
  outputs: number
  weights: Float32Array | Float64Array
  bias: Float32Array | Float64Array
}

function writeGraph(model: {
  inputName: string
  layers: readonly GraphLayer[]
  classes: readonly string[]
  elementType: number
  metadata: Record<string, string>
}): Uint8Array {
  const { inputName, layers, classes, elementType, metadata } = model
  const node: object[] = []
  const initializer: object[] = []
  let current = inputName
  layers.forEach((layer, index) => {
    const isLast = index === layers.length - 1
    const [weights, bias, sum] = [`weights${index}`, `bias${index}`, `sum${index}`]
    initializer.push(tensor(weights, [layer.inputs, layer.outputs], layer.weights, elementType))
    initializer.push(tensor(bias, [layer.outputs], layer.bias, elementType))
    node.push({ op_type: 'Gemm', name: `gemm${index}`, input: [current, weights, bias], output: [sum] })
    current = isLast ? OUTPUT_NAME : `active${index}`
    const attribute = isLast ? [{ name: 'axis', type: ATTRIBUTE_INT, i: 1 }] : []
    node.push({ op_type: isLast ? 'Softmax' : 'Relu', name: `out${index}`, input: [sum], output: [current], attribute })
  })
  const metadataEntries = { ...metadata, classes: JSON.stringify(classes) }
  const message = {
    ir_version: IR_VERSION,
    producer_name: 'assay-pet-park',
    producer_version: '1',
    opset_import: [{ domain: '', version: OPSET_VERSION }],
    metadata_props: Object.entries(metadataEntries).map(([key, value]) => ({ key, value })),
    graph: {
      name: 'classifier',
      node,
      initializer,
      input: [valueInfo(inputName, layers[0].inputs, elementType)],
      output: [valueInfo(OUTPUT_NAME, classes.length, elementType)],
    },
  }
  return ModelProto.encode(ModelProto.fromObject(message)).finish()
}

function valueInfo(name: string, columns: number, elementType: number): object {
  const dim = [{ dim_param: 'N' }, { dim_value: columns }]
  return { name, type: { tensor_type: { elem_type: elementType, shape: { dim } } } }
}

/** Raw data is little-endian whatever the machine. */
function tensor(name: string, dims: number[], values: Float32Array | Float64Array, elementType: number): object {
  const width = elementType === DOUBLE ? 8 : 4
  const raw = new Uint8Array(values.length * width)
  const view = new DataView(raw.buffer)
  values.forEach((value, index) => {
    if (!Number.isFinite(value)) throw new Error(`${name} holds a number that is not finite at ${index}`)
    if (elementType === DOUBLE) view.setFloat64(index * width, value, true)
    else view.setFloat32(index * width, value, true)
  })
  return { name, dims, data_type: elementType, raw_data: raw }
}
