import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.ts'
import { scoreLinear } from './lda.ts'
import { type Layer, predictProbabilities, softmaxRows } from './network.ts'
import { describeOnnx } from './onnx-metadata.ts'
import { writeLinearClassifier, writeMlpClassifier } from './onnx-writer.ts'

const random = createRandom(21)
const layer = (inputs: number, outputs: number): Layer => ({
  inputs,
  outputs,
  weights: Float32Array.from({ length: inputs * outputs }, () => random.gaussian()),
  bias: Float32Array.from({ length: outputs }, () => random.gaussian()),
})
const rows = 17

describe('writeMlpClassifier', () => {
  const network = [layer(12, 7), layer(7, 5), layer(5, 3)]
  const bytes = writeMlpClassifier({ network, inputName: 'frame', classes: ['a', 'b', 'c'], metadata: { note: 'x' } })

  it('writes a file that the runtime evaluates as the plain forward pass does', async () => {
    const input = Float32Array.from({ length: rows * 12 }, () => random.gaussian())
    const session = await InferenceSession.create(bytes)
    const { probabilities } = await session.run({ frame: new Tensor('float32', input, [rows, 12]) })
    await session.release()
    expect(probabilities.dims).toEqual([rows, 3])
    const expected = predictProbabilities(network, input, rows)
    ;(probabilities.data as Float32Array).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index], 5)
    })
  })

  it('carries the names of classes and further facts', () => {
    const described = describeOnnx(bytes)
    expect(described).toMatchObject({ inputName: 'frame', inputs: 12, isDouble: false, classes: ['a', 'b', 'c'] })
    expect(described.inputNames).toBeUndefined()
    expect(described.metadata.note).toBe('x')
  })

  it('refuses layers that do not fit', () => {
    const build = () => writeMlpClassifier({ network: [layer(4, 3), layer(2, 2)], inputName: 'x', classes: ['a', 'b'] })
    expect(build).toThrow('layer 0 has 3 outputs, not 2')
  })
})

describe('writeLinearClassifier', () => {
  const model = {
    weights: [
      [0.5, -1200, 3],
      [-0.5, 1100, 0.25],
    ],
    bias: [0.1, -0.2],
    inputNames: ['warmth', 'ratio', 'light'],
    classes: ['no', 'yes'],
  }

  it('writes a file that keeps double precision', async () => {
    const table = Array.from({ length: rows }, () => [random.gaussian(), random.gaussian() / 1000, random.gaussian()])
    const session = await InferenceSession.create(writeLinearClassifier(model))
    const { probabilities } = await session.run({
      features: new Tensor('float64', Float64Array.from(table.flat()), [rows, 3]),
    })
    await session.release()
    const expected = Float64Array.from(table.flatMap((row) => scoreLinear(model, row)))
    softmaxRows(expected, rows, 2)
    ;(probabilities.data as Float64Array).forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index], 12)
    })
  })

  it('names its inputs and classes', () => {
    expect(describeOnnx(writeLinearClassifier(model))).toMatchObject({
      inputName: 'features',
      inputs: 3,
      isDouble: true,
      inputNames: model.inputNames,
      classes: model.classes,
    })
  })

  it('refuses sizes that disagree and numbers that are not finite', () => {
    expect(() => writeLinearClassifier({ ...model, bias: [1] })).toThrow('classes x inputs')
    expect(() => writeLinearClassifier({ ...model, bias: [1, Number.NaN] })).toThrow('not finite')
  })
})

describe('describeOnnx', () => {
  it('says clearly that a file is no ONNX classifier', () => {
    expect(() => describeOnnx(Buffer.from('%PDF-1.7 not a model'))).toThrow('not an ONNX file')
    expect(() => describeOnnx(new Uint8Array())).toThrow('not an ONNX file')
  })
})
