import { uninterrupted } from '../../src/analysis/answer.ts'
import { analyzeErrors } from '../../src/analysis/errors.ts'
import { parametersOf } from '../../src/analysis/parameters.ts'
import { toTreeColumn } from '../../src/analysis/tree-columns.ts'
import type { SampleTable } from '../../src/contract/table.ts'
import { growTree } from '../../src/stats/decision-tree.ts'
import { binColumn } from '../../src/stats/feature-binning.ts'
import { createRandom, randomUniform } from '../../src/stats/random.ts'
import { drawColumns, repeated, secondsOf } from './drawn-table.ts'

export interface ErrorTreeBenchOptions {
  readonly rows: number
  readonly features: number
}

export interface ErrorTreeBenchResult extends ErrorTreeBenchOptions {
  /** Cutting the columns into bins, and growing a tree of depth 4 on all rows. */
  readonly binSeconds: number
  readonly growSeconds: number
  readonly treeSeconds: number
  /** The whole question: comparing classes, the tree, counting its nodes, confirming its slices on rows kept apart, in words. */
  readonly answerSeconds: number
  readonly nodes: number
}

/** Predictions of two classes, wrong more often in two slices that a tree can find. */
function drawSamples({ rows, features }: ErrorTreeBenchOptions): SampleTable {
  const columns = drawColumns(3, rows, features)
  const [first, , third] = [...columns.values()]
  if (first?.type !== 'numeric' || third?.type !== 'categorical')
    throw new Error('the first column holds numbers, the third categories')
  const random = createRandom(4)
  const label = new Int32Array(rows)
  const prediction = new Int32Array(rows)
  for (let row = 0; row < rows; row++) {
    const risk = 0.05 + (first.values[row] > 1 ? 0.15 : 0) + (third.codes[row] === 5 ? 0.2 : 0)
    label[row] = randomUniform(random) < 0.5 ? 1 : 0
    prediction[row] = randomUniform(random) < risk ? 1 - label[row] : label[row]
  }
  const categories = ['cat', 'dog']
  return {
    ...{ n: rows, columns, ids: null, at: null, scores: new Map(), latencyMs: null },
    prediction: { type: 'categorical', codes: prediction, categories },
    label: { type: 'categorical', codes: label, categories },
  }
}

/** Times the tree over errors, and the whole answer around it; median seconds of three runs in one thread. */
export function benchErrorTree(options: ErrorTreeBenchOptions): ErrorTreeBenchResult {
  const table = drawSamples(options)
  const { prediction, label } = table
  if (prediction?.type !== 'categorical' || label?.type !== 'categorical') throw new Error('classes were drawn')
  const isError = Float64Array.from(label.codes, (code, row) => (code === prediction.codes[row] ? 0 : 1))
  const columns = [...table.columns.values()].map(toTreeColumn)
  const parameters = parametersOf.errors.parse({})
  let nodes = 0
  const tree = repeated(3, () => {
    const [binSeconds, binned] = secondsOf(() => columns.map((column) => binColumn(column)))
    const [growSeconds, grown] = secondsOf(() => growTree(binned, isError, { maxDepth: 4 }))
    if (grown.status !== 'ok') throw new Error('a tree was expected')
    nodes = grown.nodes.length
    return { binSeconds, growSeconds, treeSeconds: binSeconds + growSeconds }
  })
  const answer = repeated(3, () => {
    const [answerSeconds, { headline }] = secondsOf(() =>
      analyzeErrors({ current: table, task: 'binary' }, parameters, uninterrupted),
    )
    if (headline.status !== 'warning') throw new Error('a slice was expected')
    return { answerSeconds }
  })
  return { ...options, ...tree, ...answer, nodes }
}
