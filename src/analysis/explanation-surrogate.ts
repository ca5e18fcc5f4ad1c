import type { Column, SampleTable } from '../contract/table.ts'
import { assignLeaves, type DecisionTree, growTree } from '../stats/decision-tree.ts'
import { binColumn } from '../stats/feature-binning.ts'
import { AnalysisCancelled, type AnalysisContext, throwIfCancelled } from './answer.ts'
import type { Predict } from './explanation/predict.ts'
import { textAt } from './explanation-rows.ts'
import { type NamedColumn, toTreeColumn } from './tree-columns.ts'

/** Classes that are told apart; the rarer ones are never predicted. */
const mostClasses = 20
const treeOptions = { maxDepth: 8, minLeaf: 10, alpha: 0.01 }
const mostBins = 128

/**
 * Fits a small model of a model: a tree on the inputs for the number it predicts, or one tree a class for the share of each
 * class, of which the largest is predicted. Never fails: without structure it predicts the mean or the commonest class.
 */
export function fitSurrogate(
  rows: SampleTable,
  predictions: Column,
  columns: readonly NamedColumn[],
  context: AnalysisContext,
): Predict {
  const binned = columns.map(({ column }) => binColumn(toTreeColumn(column), mostBins))
  const grow = (target: Float64Array): Leaves => {
    throwIfCancelled(context)
    const tree = growTree(binned, target, { ...treeOptions, stop: context.cancellation })
    if (tree.status === 'ok') return { tree, mean: 0 }
    if (tree.reason === 'aborted') throw new AnalysisCancelled()
    return { tree: null, mean: meanOf(target) }
  }
  const valuesOf = (leaves: Leaves, table: SampleTable): Float64Array => {
    const { tree, mean } = leaves
    if (tree === null) return new Float64Array(table.n).fill(mean)
    const treeColumns = columns.map(({ name, column }) => toTreeColumn(table.columns.get(name) ?? column))
    return Float64Array.from(assignLeaves(tree, treeColumns), (leaf) => tree.nodes[leaf].mean)
  }
  if (predictions.type === 'numeric') {
    const leaves = grow(predictions.values)
    return async (table) => ({ type: 'numeric', values: valuesOf(leaves, table) })
  }
  const classes = commonestClasses(predictions, rows.n)
  const byClass = classes.map((name) =>
    grow(Float64Array.from({ length: rows.n }, (_, row) => (textAt(predictions, row) === name ? 1 : 0))),
  )
  return async (table) => {
    const shares = byClass.map((leaves) => valuesOf(leaves, table))
    const codes = new Int32Array(table.n)
    for (let row = 0; row < table.n; row++)
      for (let c = 1; c < classes.length; c++) if (shares[c][row] > shares[codes[row]][row]) codes[row] = c
    return { type: 'categorical', codes, categories: classes }
  }
}

interface Leaves {
  readonly tree: DecisionTree | null
  /** Used without a tree. */
  readonly mean: number
}

function meanOf(values: Float64Array): number {
  let sum = 0
  let n = 0
  for (const value of values)
    if (Number.isFinite(value)) {
      sum += value
      n++
    }
  return n === 0 ? 0 : sum / n
}

/** The commonest first; of equals the one that comes first by name. */
function commonestClasses(predictions: Column, n: number): string[] {
  const counts = new Map<string, number>()
  for (let row = 0; row < n; row++) {
    const name = textAt(predictions, row)
    if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts]
    .sort(([a, m], [b, k]) => k - m || (a < b ? -1 : 1))
    .slice(0, mostClasses)
    .map(([name]) => name)
}
