import { uninterrupted } from '../../src/analysis/answer.ts'
import { permutationImportance } from '../../src/analysis/explanation-permutation.ts'
import type { SchemaSpec } from '../../src/contract/model.ts'
import type { Column, SampleTable } from '../../src/contract/table.ts'
import { writeLinearClassifier } from '../../src/demo/model/onnx-writer.ts'
import { openOnnxModel } from '../../src/service/models/onnx/session.ts'
import { createRandom, randomNormal } from '../../src/stats/random.ts'

const classes = ['no', 'yes']

/**
 * Permutation importance of a logistic model through the ONNX runtime: every column of `rows` rows shuffled `repeats` times.
 * `seconds` is the wall time of the whole question, `predictedRows` what the model was asked for it.
 */
export async function benchPermutation({ rows = 50_000, features = 30, repeats = 5 } = {}) {
  const random = createRandom(11)
  const names = Array.from({ length: features }, (_, i) => `x${i}`)
  const weights = names.map(() => randomNormal(random))
  const columns = new Map<string, Column>(
    names.map((name) => [
      name,
      { type: 'numeric', values: Float64Array.from({ length: rows }, () => randomNormal(random)) },
    ]),
  )
  const table: SampleTable = {
    ...{ n: rows, columns, ids: null, at: null, prediction: null, label: null, scores: new Map(), latencyMs: null },
  }
  const schema: SchemaSpec = {
    ...{ task: 'binary', classes, positiveClass: 'yes' },
    columns: names.map((name) => ({ name, type: 'numeric', role: 'input', isGroup: false, isRequired: true })),
  }
  const onnx = writeLinearClassifier({
    ...{ weights: [weights.map((weight) => -weight), weights], bias: [0, 0], inputNames: names, classes },
  })
  const model = await openOnnxModel(onnx, schema, table)
  if (typeof model === 'string') throw new Error(model)
  try {
    const target = await model.predict(table)
    const options = { isRegression: false, columns: names, repeats, confidence: 0.95, seed: 1 }
    const start = performance.now()
    await permutationImportance(
      table,
      target,
      model.predict,
      { ...options, openShuffler: model.openShuffler },
      uninterrupted,
    )
    const seconds = (performance.now() - start) / 1000
    return { rows, features, repeats, predictedRows: rows * (features * repeats + 1), seconds, budgetSeconds: 1.4 }
  } finally {
    await model.close()
  }
}
