import { describe, expect, it } from 'vitest'
import { uninterrupted } from '../../src/analysis/answer.ts'
import { attribute } from '../../src/analysis/explanation/attribution.ts'
import { tableOf } from '../../src/analysis/explanation/mix-rows.ts'
import { type SchemaSpec, schemaSpec } from '../../src/contract/model.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { readModelForm } from '../../src/service/models/onnx/form.ts'
import { openOnnxModel } from '../../src/service/models/onnx/session.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { type NestedTree, treeAttributes, writeOnnx } from '../support/onnx-ml.ts'

const columns = ['a', 'b', 'c']
const random = createRandom(5)
const draw = (n: number) =>
  tableOf(
    n,
    new Map(
      columns.map((name) => [
        name,
        { type: 'numeric', values: Float64Array.from({ length: n }, () => randomNormal(random)) },
      ]),
    ),
  )
const rows = draw(8)
const background = draw(60)
const schemaOf = (task: 'binary' | 'multiclass' | 'regression', classes: string[]): SchemaSpec =>
  schemaSpec.parse({
    ...{ task, classes, positiveClass: classes.length === 2 ? classes[1] : null },
    columns: columns.map((name) => ({ name, type: 'numeric', role: 'input' })),
  })
const two = schemaOf('binary', ['no', 'yes'])
const three = schemaOf('multiclass', ['red', 'green', 'blue'])
const number = schemaOf('regression', [])

const scores = (width: number) => ({ name: 'probabilities', width })
const label = { name: 'label', width: null, isLabel: true }
const trees: NestedTree[] = [
  [0, 0.1, [1, -0.3, 0.4, -0.2], [0, 1, 0.7, [2, 0, -0.5, 0.1]]],
  [2, 0.5, [1, 0.2, 0.3, [0, -0.4, -0.6, 0.2]], -0.1],
]
const coefficients = [0.5, -1, 0.2, -0.3, 0.4, 1.5, 0.1, 0.6, -0.7]

const files: Record<string, { bytes: Uint8Array; schema: SchemaSpec; type: string; unit: string }> = {
  'a linear softmax of matrix products': {
    bytes: writeLinearClassifier({
      ...{ weights: [coefficients.slice(0, 3), coefficients.slice(3, 6)], bias: [0.3, -0.1] },
      ...{ inputNames: columns, classes: two.classes },
    }),
    ...{ schema: two, type: 'linear', unit: 'log-odds' },
  },
  'a scaled logistic regression as converters write it': {
    bytes: writeOnnx({
      width: 3,
      nodes: [
        {
          ...{ op: 'Scaler', inputs: ['X'], outputs: ['scaled'], isMl: true },
          attributes: { offset: { floats: [0.1, -0.2, 0.3] }, scale: { floats: [2, 0.5, 1.5] } },
        },
        {
          ...{ op: 'LinearClassifier', inputs: ['scaled'], outputs: ['label', 'raw'], isMl: true },
          attributes: {
            coefficients: { floats: [-0.5, 1, -0.2, 0.5, -1, 0.2] },
            intercepts: { floats: [-0.4, 0.4] },
            classlabels_ints: [0, 1],
            post_transform: 'LOGISTIC',
          },
        },
        { op: 'Normalizer', inputs: ['raw'], outputs: ['probabilities'], isMl: true, attributes: { norm: 'L1' } },
      ],
      outputs: [label, scores(2)],
    }),
    ...{ schema: two, type: 'linear', unit: 'log-odds' },
  },
  'a linear model of three classes': {
    bytes: writeOnnx({
      width: 3,
      nodes: [
        {
          ...{ op: 'LinearClassifier', inputs: ['X'], outputs: ['label', 'probabilities'], isMl: true },
          attributes: {
            coefficients: { floats: coefficients },
            intercepts: { floats: [0.1, 0, -0.2] },
            classlabels_ints: [0, 1, 2],
            post_transform: 'SOFTMAX',
          },
        },
      ],
      outputs: [label, scores(3)],
    }),
    ...{ schema: three, type: 'linear', unit: 'raw score' },
  },
  'a linear regression after a subtraction and a turned Gemm': {
    bytes: writeOnnx({
      width: 3,
      nodes: [
        { op: 'Sub', inputs: ['X', 'means'], outputs: ['centred'] },
        { op: 'Gemm', inputs: ['centred', 'weights', 'bias'], outputs: ['variable'], attributes: { transB: 1 } },
      ],
      constants: {
        means: { dims: [3], values: [0.5, 0.25, -1] },
        weights: { dims: [1, 3], values: [2, -3, 0.5] },
        bias: { dims: [1], values: [7] },
      },
      outputs: [{ name: 'variable', width: 1 }],
    }),
    ...{ schema: number, type: 'linear', unit: 'value' },
  },
  'boosted trees': {
    bytes: writeOnnx({
      width: 3,
      nodes: [
        {
          ...{ op: 'TreeEnsembleClassifier', inputs: ['X'], outputs: ['label', 'probabilities'], isMl: true },
          attributes: {
            ...treeAttributes(trees, 'class'),
            ...{ classlabels_int64s: [0, 1], post_transform: 'LOGISTIC', base_values: { floats: [0.25] } },
          },
        },
      ],
      outputs: [label, scores(2)],
    }),
    ...{ schema: two, type: 'trees', unit: 'log-odds' },
  },
  'scaled regression trees': {
    bytes: writeOnnx({
      width: 3,
      nodes: [
        {
          ...{ op: 'Scaler', inputs: ['X'], outputs: ['scaled'], isMl: true },
          attributes: { offset: { floats: [0.1, -0.2, 0.3] }, scale: { floats: [2, 0.5, 1.5] } },
        },
        {
          ...{ op: 'TreeEnsembleRegressor', inputs: ['scaled'], outputs: ['variable'], isMl: true },
          attributes: { ...treeAttributes(trees, 'target'), n_targets: 1, base_values: { floats: [3] } },
        },
      ],
      outputs: [{ name: 'variable', width: 1 }],
    }),
    ...{ schema: number, type: 'trees', unit: 'value' },
  },
}

async function attributions(bytes: Uint8Array, schema: SchemaSpec, method: 'auto' | 'kernel') {
  const model = await openOnnxModel(bytes, schema, background)
  if (typeof model === 'string') throw new Error(model)
  const { task, classes, positiveClass } = schema
  const index = task === 'regression' ? 0 : 1
  const name = task === 'regression' ? 'value' : classes[1]
  try {
    const found = await attribute(
      model,
      {
        ...{ task, classes, positiveClass, rows, background, backgroundOf: 'reference', columns },
        outputs: Array.from({ length: rows.n }, () => ({ index, name })),
      },
      { backgroundRows: 60, budgetRows: 1_000_000, method, seed: 1 },
      uninterrupted,
    )
    if (typeof found === 'string') throw new Error(found)
    return found
  } finally {
    await model.close()
  }
}

describe('the inside of an ONNX file', () => {
  it.each(Object.entries(files))('is read and believed: %s', async (_, { bytes, schema, type, unit }) => {
    const exact = await attributions(bytes, schema, 'auto')
    expect(exact).toMatchObject({ method: type, isExact: true, unit })
    for (let i = 0; i < rows.n; i++) {
      const sum = exact.values.slice(i * 3, i * 3 + 3).reduce((total, value) => total + value, 0)
      expect(sum).toBeCloseTo(exact.full[i] - exact.base[i], 10)
    }
    if (unit !== 'value') return
    // Where the unit is the model's own output, asking about every combination must give the same numbers.
    const asked = await attributions(bytes, schema, 'kernel')
    exact.values.forEach((value, i) => {
      expect(value).toBeCloseTo(asked.values[i], 4)
    })
  })

  it('is left alone where it is neither linear nor trees, or no ONNX file', () => {
    const curved = writeOnnx({
      width: 3,
      nodes: [
        { op: 'Mul', inputs: ['X', 'X'], outputs: ['squares'] },
        { op: 'ReduceSum', inputs: ['squares'], outputs: ['variable'] },
      ],
      outputs: [{ name: 'variable', width: 1 }],
    })
    expect(readModelForm(curved, columns)).toBeNull()
    expect(readModelForm(Buffer.from('no model at all'), columns)).toBeNull()
    const whole = files['boosted trees'].bytes
    for (let length = 0; length < whole.length; length += 7)
      expect(() => readModelForm(whole.subarray(0, length), columns)).not.toThrow()
  })
})
