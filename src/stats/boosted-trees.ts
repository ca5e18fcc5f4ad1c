import { assignBinnedLeaves, type DecisionTree, growTree } from './decision-tree.ts'
import type { BinnedColumn } from './feature-binning.ts'
import { insufficient, type Outcome } from './outcome.ts'

export type BoostedTrees = {
  readonly trees: readonly DecisionTree[]
  readonly rate: number
  /** Mean of the target, where the trees begin. */
  readonly base: number
  readonly n: number
}

/**
 * Fits small trees one after the other, each to what those before it left over of the target (L2 boosting).
 *
 * `target` is 0/1 or any number; NaN leaves a row out. Ends early when no split is left. `insufficient` as `growTree` says.
 * Deterministic. O(rounds · depth · n · columns). Source: Friedman, Annals of Statistics 29 (2001) 1189.
 */
export function fitBoostedTrees(
  columns: readonly BinnedColumn[],
  target: ArrayLike<number>,
  { rounds = 40, rate = 0.2, maxDepth = 3, minLeaf = 10 } = {},
): Outcome<BoostedTrees> {
  const bins = columns.map(({ rows }) => rows)
  const left = Float64Array.from(target)
  let [sum, n] = [0, 0]
  for (const y of left) {
    if (!Number.isFinite(y)) continue
    sum += y
    n++
  }
  if (n === 0) return insufficient('too-few', 0, 2 * minLeaf)
  const base = sum / n
  for (let row = 0; row < left.length; row++) left[row] -= base
  const trees: DecisionTree[] = []
  for (let round = 0; round < rounds; round++) {
    const tree = growTree(columns, left, { maxDepth, minLeaf, alpha: 1 })
    if (tree.status === 'insufficient') {
      if (trees.length > 0) break
      return tree
    }
    if (tree.nodes.length === 1) break
    trees.push(tree)
    const leaves = assignBinnedLeaves(tree, bins)
    for (let row = 0; row < left.length; row++) left[row] -= rate * tree.nodes[leaves[row]].mean
  }
  return { status: 'ok', trees, rate, base, n }
}

/** Scores rows from their bins under the cuts of the fit. O(trees · n · depth). */
export function scoreBoostedTrees({ trees, rate, base }: BoostedTrees, bins: readonly Uint8Array[]): Float64Array {
  const scores = new Float64Array(bins[0]?.length ?? 0).fill(base)
  for (const tree of trees) {
    const leaves = assignBinnedLeaves(tree, bins)
    for (let row = 0; row < scores.length; row++) scores[row] += rate * tree.nodes[leaves[row]].mean
  }
  return scores
}

/** Columns that some tree splits by. */
export function columnsOf({ trees }: BoostedTrees): ReadonlySet<number> {
  return new Set(trees.flatMap(({ nodes }) => nodes.flatMap(({ split }) => (split === null ? [] : [split.column]))))
}
