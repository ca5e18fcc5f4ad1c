import type { OnnxNode, OnnxTensor } from './wire.ts'

/** `width` values a row, each a weighted sum of the model's columns: value[k] = bias[k] + Σ weights[j · width + k] · column[j]. */
export interface Affine {
  readonly columns: number
  readonly width: number
  readonly weights: Float64Array
  readonly bias: Float64Array
}

export function affineInput(columns: number, from: number, width: number): Affine {
  const weights = new Float64Array(columns * width)
  for (let k = 0; k < width; k++) weights[(from + k) * width + k] = 1
  return { columns, width, weights, bias: new Float64Array(width) }
}

/** Times a matrix of width x `outputs`. */
export function multiply(value: Affine, matrix: ArrayLike<number>, outputs: number): Affine {
  const { columns, width } = value
  const product = (row: ArrayLike<number>, offset: number, k: number) => {
    let sum = 0
    for (let i = 0; i < width; i++) sum += row[offset + i] * matrix[i * outputs + k]
    return sum
  }
  const weights = new Float64Array(columns * outputs)
  for (let j = 0; j < columns; j++)
    for (let k = 0; k < outputs; k++) weights[j * outputs + k] = product(value.weights, j * width, k)
  const bias = Float64Array.from({ length: outputs }, (_, k) => product(value.bias, 0, k))
  return { columns, width: outputs, weights, bias }
}

/** Each value times its factor, plus its addend. A single number stands for all. */
export function scaleAndShift(value: Affine, factors: ArrayLike<number>, addends: ArrayLike<number>): Affine {
  const { columns, width } = value
  const at = (numbers: ArrayLike<number>, k: number) => numbers[numbers.length === 1 ? 0 : k]
  return {
    columns,
    width,
    weights: value.weights.map((weight, i) => weight * at(factors, i % width)),
    bias: value.bias.map((bias, k) => bias * at(factors, k) + at(addends, k)),
  }
}

export function concatenate(parts: readonly Affine[]): Affine {
  const { columns } = parts[0]
  const width = parts.reduce((sum, part) => sum + part.width, 0)
  const weights = new Float64Array(columns * width)
  const bias = new Float64Array(width)
  let offset = 0
  for (const part of parts) {
    for (let j = 0; j < columns; j++)
      for (let k = 0; k < part.width; k++) weights[j * width + offset + k] = part.weights[j * part.width + k]
    bias.set(part.bias, offset)
    offset += part.width
  }
  return { columns, width, weights, bias }
}

/** A constant that has one number for all, or one for each of `width` values a row; null otherwise. */
function rowOf(tensor: OnnxTensor | undefined, width: number): Float64Array | null {
  if (tensor === undefined) return null
  const { values, dims } = tensor
  const isRow = values.length === 1 || (values.length === width && (dims.at(-1) ?? 1) === width)
  return isRow ? values : null
}

const inverse = (values: Float64Array) => values.map((value) => 1 / value)
const negative = (values: Float64Array) => values.map((value) => -value)

/** What a node makes of affine values, where that is affine again; null where it is not. */
export function followAffine(
  node: OnnxNode,
  affineOf: (name: string) => Affine | undefined,
  constantOf: (name: string) => OnnxTensor | undefined,
): Affine | null {
  const { op, inputs, attributes } = node
  const value = affineOf(inputs[0])
  if (op === 'Concat') {
    const parts = inputs.map(affineOf)
    const axis = attributes.get('axis')?.i
    return (axis === 1 || axis === -1) && parts.every((part) => part !== undefined) ? concatenate(parts) : null
  }
  if (op === 'Identity' || op === 'Cast' || op === 'Dropout') return value ?? null
  if (op === 'Scaler' && value !== undefined) {
    const scale = attributes.get('scale')?.floats
    const offset = attributes.get('offset')?.floats
    const fits = [scale, offset].every((row) => row?.length === 1 || row?.length === value.width)
    if (scale === undefined || offset === undefined || !fits) return null
    return scaleAndShift(scaleAndShift(value, [1], negative(offset)), scale, [0])
  }
  if (op === 'Add' || op === 'Sub' || op === 'Mul' || op === 'Div') {
    const other = affineOf(inputs[1])
    const known = value ?? other
    const constant = known && rowOf(constantOf(inputs[value === undefined ? 0 : 1]), known.width)
    if (known === undefined || !constant) return null
    if (op === 'Add') return scaleAndShift(known, [1], constant)
    if (op === 'Mul') return scaleAndShift(known, constant, [0])
    if (op === 'Sub')
      return value ? scaleAndShift(known, [1], negative(constant)) : scaleAndShift(known, [-1], constant)
    return value ? scaleAndShift(known, inverse(constant), [0]) : null
  }
  if ((op === 'MatMul' || op === 'Gemm') && value !== undefined) return followProduct(node, value, constantOf)
  if (op === 'LinearRegressor' && value !== undefined) {
    const outputs = attributes.get('targets')?.i || 1
    return followCoefficients(node, value, outputs)
  }
  return null
}

function followProduct(
  { op, inputs, attributes }: OnnxNode,
  value: Affine,
  constantOf: (name: string) => OnnxTensor | undefined,
): Affine | null {
  const matrix = constantOf(inputs[1])
  if (matrix === undefined || matrix.dims.length !== 2 || attributes.get('transA')?.i === 1) return null
  const isTurned = attributes.get('transB')?.i === 1
  const [rows, outputs] = isTurned ? [matrix.dims[1], matrix.dims[0]] : matrix.dims
  if (rows !== value.width || matrix.values.length !== rows * outputs) return null
  const turned = isTurned
    ? Float64Array.from(matrix.values, (_, i) => matrix.values[(i % outputs) * rows + Math.floor(i / outputs)])
    : matrix.values
  const alpha = op === 'Gemm' ? (attributes.get('alpha')?.f ?? 1) : 1
  const product = scaleAndShift(multiply(value, turned, outputs), [alpha], [0])
  if (op === 'MatMul' || inputs[2] === undefined || inputs[2] === '') return product
  const bias = rowOf(constantOf(inputs[2]), outputs)
  if (bias === null) return null
  const beta = attributes.get('beta')?.f ?? 1
  return scaleAndShift(
    product,
    [1],
    bias.map((each) => each * beta),
  )
}

/** Coefficients of `ai.onnx.ml` linear models: one row an output. */
export function followCoefficients({ attributes }: OnnxNode, value: Affine, outputs: number): Affine | null {
  const coefficients = attributes.get('coefficients')?.floats
  if (coefficients === undefined || coefficients.length !== outputs * value.width) return null
  const turned = Float64Array.from(
    coefficients,
    (_, i) => coefficients[(i % outputs) * value.width + Math.floor(i / outputs)],
  )
  const intercepts = attributes.get('intercepts')?.floats
  const addends = intercepts !== undefined && intercepts.length > 0 ? intercepts : Float64Array.of(0)
  if (addends.length !== 1 && addends.length !== outputs) return null
  return scaleAndShift(multiply(value, turned, outputs), [1], addends)
}
