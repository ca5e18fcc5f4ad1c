import { describe, expect, it } from 'vitest'
import type { SchemaSpec, Version } from '../../src/contract/model.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { openOnnx } from '../../src/service/tasks/questions/onnx-predict.ts'
import { drawPets, noLineage, petSchema, tableOf } from './service-monitoring-world.ts'

/** Dogs are larger than 0.5; light does not count. */
const onnx = writeLinearClassifier({
  weights: [
    [0, 0],
    [2, 0],
  ],
  bias: [0, -1],
  inputNames: ['size', 'light'],
  classes: ['cat', 'dog'],
})

const versionOf = (schema: SchemaSpec, name = 'model.onnx'): Version => ({
  ...{ id: 'ver_1', modelId: 'mdl_1', name: '1', lineage: noLineage, schema, referenceDatasetId: null, createdAt: 0 },
  artifacts: [{ name, digest: '0'.repeat(64), bytes: 1, mediaType: 'application/octet-stream' }],
})
const holding = (bytes: Uint8Array | null) => ({ get: async () => bytes })

describe('the ONNX file of a version', () => {
  const table = tableOf(drawPets({ n: 25_000, seed: 1 }))

  it('is asked about every row, in its own order of inputs', async () => {
    const model = await openOnnx(holding(onnx), versionOf(petSchema), table)
    const column = await model?.predict(table)
    await model?.close()
    if (column?.type !== 'categorical') throw new Error('classes were expected')
    const size = table.columns.get('size')
    if (size?.type !== 'numeric') throw new Error('numbers were expected')
    const wrong = Array.from(column.codes).filter(
      (code, row) => (column.categories[code] === 'dog') !== size.values[row] > 0.5,
    )
    expect(column.codes).toHaveLength(25_000)
    expect(wrong).toEqual([])
  })

  it('is passed over where it cannot be asked', async () => {
    const withPicture: SchemaSpec = {
      ...petSchema,
      columns: [
        ...petSchema.columns,
        { name: 'frame', type: 'image', role: 'input', isGroup: false, isRequired: true },
      ],
    }
    const threeInputs: SchemaSpec = {
      ...petSchema,
      columns: [
        ...petSchema.columns,
        { name: 'age', type: 'numeric', role: 'input', isGroup: false, isRequired: true },
      ],
    }
    expect(await openOnnx(holding(onnx), versionOf(withPicture), table)).toBeNull()
    expect(await openOnnx(holding(onnx), versionOf(threeInputs), table)).toBeNull()
    expect(await openOnnx(holding(onnx), versionOf(petSchema, 'weights.bin'), table)).toBeNull()
    expect(await openOnnx(holding(Buffer.from('no model')), versionOf(petSchema), table)).toBeNull()
    expect(await openOnnx(holding(null), versionOf(petSchema), table)).toBeNull()
  })
})
