import { describe, expect, it } from 'vitest'
import { type SchemaSpec, schemaSpec } from '../../contract/model.ts'
import { findOnnxFault } from './compare-onnx.ts'
import type { OnnxValue } from './inspect-onnx.ts'

const schemaOf = (...columns: [name: string, type: 'numeric' | 'categorical' | 'image'][]): SchemaSpec =>
  schemaSpec.parse({
    ...{ task: 'binary', classes: ['a', 'b'], positiveClass: null },
    columns: columns.map(([name, type]) => ({ name, type, role: 'input' })),
  })
const input = (name: string, type: string | null, shape: (number | string)[]): OnnxValue => ({ name, type, shape })
const two = schemaOf(['x', 'numeric'], ['y', 'numeric'])

describe('an ONNX file beside the declared inputs', () => {
  it('fits when packed rows are as wide as the schema, or inputs bear its names', () => {
    expect(findOnnxFault([input('features', 'float32', ['batch', 2])], two)).toBeNull()
    expect(findOnnxFault([input('features', 'float32', ['batch', 'width'])], two)).toBeNull()
    const mixed = schemaOf(['x', 'numeric'], ['colour', 'categorical'])
    const named = [input('x', 'float32', [-1, 1]), input('colour', 'string', [-1, 1])]
    expect(findOnnxFault(named, mixed)).toBeNull()
    expect(findOnnxFault([input('x', 'float32', [-1, 1])], schemaOf(['x', 'numeric']))).toBeNull()
  })

  it('is not judged where it takes what somebody else prepares', () => {
    expect(findOnnxFault([input('frame', 'float32', [1, 300])], schemaOf(['frame', 'image']))).toBeNull()
    expect(findOnnxFault([input('ids', 'int64', [1]), input('mask', 'int64', [1])], two)).toBeNull()
    const encoded = schemaOf(['x', 'numeric'], ['colour', 'categorical'])
    expect(findOnnxFault([input('features', 'float32', [-1, 40])], encoded)).toBeNull()
  })

  it('is told what contradicts', () => {
    const faults: [OnnxValue[], SchemaSpec, RegExp][] = [
      [[], two, /takes no input/],
      [[input('features', 'float32', [-1, 3])], two, /takes 3 values a row in “features”.*declares 2 inputs/],
      [[input('features', 'string', [-1, 2])], two, /takes text/],
      [[input('x', 'float32', [-1, 1]), input('z', 'float32', [-1, 1])], two, /does not declare: z/],
      [[input('x', 'float32', [-1])], two, /does not take: y/],
      [[input('x', 'float32', [-1]), input('y', 'string', [-1])], two, /text in “y”/],
    ]
    for (const [inputs, schema, reason] of faults) expect(findOnnxFault(inputs, schema)).toMatch(reason)
  })
})
