import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'
import { assay, temporaryFolder } from '../support/command-line.ts'
import { treeAttributes, writeOnnx } from '../support/onnx-ml.ts'

const files = temporaryFolder()
afterAll(() => files.remove())

const names = ['light', 'co2', 'noise']
let data: string
let linear: string
let trees: string

beforeAll(() => {
  const random = createRandom(4)
  const rows = Array.from({ length: 400 }, () => names.map(() => randomNormal(random)))
  const labelOf = ([light, co2]: number[]) => (2 * light - co2 > 0 ? 'occupied' : 'empty')
  data = files.write(
    'room.csv',
    [[...names, 'y'].join(','), ...rows.map((row) => [...row, labelOf(row)].join(','))].join('\n'),
  )
  linear = files.write(
    'linear.onnx',
    writeLinearClassifier({
      weights: [
        [0, 0, 0],
        [2, -1, 0],
      ],
      bias: [0, 0],
      inputNames: names,
      classes: ['empty', 'occupied'],
    }),
  )
  const regressor = {
    ...{ op: 'TreeEnsembleRegressor', inputs: ['X'], outputs: ['variable'], isMl: true },
    attributes: { ...treeAttributes([[0, 0, 1, [1, 0.5, 3, 2]]], 'target'), n_targets: 1 },
  }
  trees = files.write(
    'trees.onnx',
    writeOnnx({ width: 3, nodes: [regressor], outputs: [{ name: 'variable', width: 1 }] }),
  )
})

async function ask(...words: string[]) {
  const { code, out, err } = await assay(['analyze', 'explanation', ...words])
  expect(code, err.join('\n')).toBe(0)
  return out
}

describe('assay analyze explanation', () => {
  it('tells importance, contributions and dependence of a classifier from two files', async () => {
    const found = JSON.parse(await ask('--data', data, '--model', linear, '--label', 'y', '--json'))
    expect(found).toMatchObject({ question: 'explanation', method: 'permutation-onnx', task: 'binary', inputs: names })
    expect(found.baseline.value).toBe(1)
    expect(found.importances.map(({ column }: { column: string }) => column)).toEqual(names)
    expect(found.attribution).toMatchObject({
      method: 'linear',
      isExact: true,
      unit: 'log-odds',
      output: 'occupied',
      rows: 200,
    })
    const [light, co2, noise] = found.attribution.columns
    expect([light.direction, co2.direction, noise.direction]).toEqual([
      expect.closeTo(1, 6),
      expect.closeTo(-1, 6),
      null,
    ])
    expect(found.dependence.columns).toHaveLength(3)
    expect(found.engine).toMatch(/^assay-analysis/)
  })

  it('tells a regression of trees from its file, and as tables', async () => {
    const out = await ask('--data', data, '--model', trees, '--ignore', 'y')
    expect(out).toMatch(/hang most on light/)
    expect(out).toMatch(/Exact, from the trees of the model in its file, against 100 rows of the window itself/)
  })

  it('compares with a reference: what decides, and what lies outside', async () => {
    const far = files.write(
      'far.csv',
      [
        [...names, 'y'].join(','),
        ...Array.from({ length: 100 }, (_, i) => `${i % 4 ? 0.1 : 30},0,${i / 100},empty`),
      ].join('\n'),
    )
    const found = JSON.parse(await ask('--data', far, '--reference', data, '--model', linear, '--json'))
    expect(found.status).toBe('breach')
    expect(found.envelope).toMatchObject({ status: 'breach', share: { value: 0.25, n: 100 } })
    expect(found.attributionDrift.columns).toHaveLength(3)
    expect(found.headline).toContain('lie further out')
  })

  it('says what does not fit', async () => {
    const { code, err } = await assay(['analyze', 'explanation', '--data', data, '--model', trees])
    expect(code).not.toBe(0)
    expect(err.join('\n')).toContain('takes 3 values a row, and')
    const text = files.write('text.onnx', 'not a model')
    expect((await assay(['analyze', 'explanation', '--data', data, '--model', text])).err.join()).toContain(
      'is not an ONNX model',
    )
  })
})
