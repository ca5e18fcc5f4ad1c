import { applyBins, type BinnedColumn, type ColumnBins, type TreeColumn } from './feature-binning.ts'
import { insufficient, type Outcome, type StopFlag } from './outcome.ts'
import { bestSplit, fillHistogram, goesFirst, HISTOGRAM_WIDTH, type Histograms, type TreeSplit } from './tree-split.ts'

export type TreeNode = {
  /** Place in `nodes`; parents come before children, the root is 0. */
  readonly id: number
  readonly parent: number | null
  readonly depth: number
  readonly n: number
  /** Mean of the target over the node's rows: with 0/1 errors, the error rate. */
  readonly mean: number
  /** Null for a leaf; otherwise the rows for which the split holds go to the first child. */
  readonly split: TreeSplit | null
  readonly children: readonly [number, number] | null
}

export type DecisionTree = {
  readonly nodes: readonly TreeNode[]
  readonly cuts: readonly ColumnBins[]
  readonly n: number
  /** Rows without a target (NaN). */
  readonly missing: number
}

export type TreeOptions = {
  /** 4 when not given. */
  readonly maxDepth?: number
  /** Fewest rows of a node; 20 when not given. */
  readonly minLeaf?: number
  /** A split is made only when its p-value (see {@link TreeSplit}) is at most this; 0.01 when not given. */
  readonly alpha?: number
  readonly stop?: StopFlag
}

/**
 * Grows a regression tree that splits rows into groups with different mean target, for finding where errors gather.
 *
 * `columns` are binned features of equal length; `target` is 0/1 or any number, NaN missing. Greedy best variance
 * reduction (for 0/1 the Gini gain); categories are ordered by their mean, which finds the best subset; missing values
 * go to the side where they fit best. Ties go to the earlier column, then the lower threshold: the same data give the same
 * tree. `insufficient`: `too-few` below 2·minLeaf rows, `constant` when the target does not vary, `aborted`.
 * O(depth · n · columns) on bytes. Source: Breiman et al., Classification and Regression Trees (1984), 4.2.2.
 */
export function growTree(
  columns: readonly BinnedColumn[],
  target: ArrayLike<number>,
  { maxDepth = 4, minLeaf = 20, alpha = 0.01, stop }: TreeOptions = {},
): Outcome<DecisionTree> {
  for (const { rows } of columns) {
    if (rows.length !== target.length) {
      throw new RangeError(`columns and target differ in length: ${rows.length} and ${target.length}`)
    }
  }
  const { rows, targets, offset, isConstant } = usableRows(target)
  if (rows.length < 2 * minLeaf) return insufficient('too-few', rows.length, 2 * minLeaf)
  if (isConstant) return insufficient('constant', rows.length)

  const nodes: TreeNode[] = []
  const spare = new Uint32Array(rows.length)
  type Work = { from: number; to: number; sum: number; parent: number | null; depth: number; histograms: Histograms }
  const root = emptyHistograms(columns.length)
  fillHistogram(root, columns, targets, rows)
  let sum = 0
  for (const row of rows) sum += targets[row]
  const queue: Work[] = [{ from: 0, to: rows.length, sum, parent: null, depth: 0, histograms: root }]
  const links: [number, number][] = []
  for (let work = queue.shift(); work; work = queue.shift()) {
    if (stop?.aborted) return insufficient('aborted', rows.length)
    const id = nodes.length
    const n = work.to - work.from
    const canSplit = work.depth < maxDepth && n >= 2 * minLeaf
    const variance = canSplit ? varianceOf(targets, rows.subarray(work.from, work.to), work.sum / n) : 0
    const totals = { n, sum: work.sum, variance }
    const split = variance > 0 ? bestSplit(work.histograms, columns, totals, minLeaf, alpha) : null
    nodes.push({ id, parent: work.parent, depth: work.depth, n, mean: offset + work.sum / n, split, children: null })
    if (work.parent !== null) links[work.parent] = links[work.parent] ? [links[work.parent][0], id] : [id, id]
    if (!split) continue
    const middle = partition(rows.subarray(work.from, work.to), spare, columns[split.column].rows, split)
    const cut = work.from + middle
    const children: Work[] = [
      { ...work, to: cut, sum: split.firstSum, parent: id, depth: work.depth + 1 },
      { ...work, from: cut, sum: work.sum - split.firstSum, parent: id, depth: work.depth + 1 },
    ]
    if (work.depth + 1 < maxDepth) shareHistograms(children[0], children[1], work.histograms, columns, targets, rows)
    queue.push(...children)
  }
  return {
    status: 'ok',
    nodes: nodes.map((node) => ({ ...node, children: links[node.id] ?? null })),
    cuts: columns.map(({ cut }) => cut),
    n: rows.length,
    missing: target.length - rows.length,
  }
}

/** Counts only the smaller child; the larger is what remains of the parent. */
function shareHistograms(
  first: { from: number; to: number; histograms: Histograms },
  second: { from: number; to: number; histograms: Histograms },
  parent: Histograms,
  columns: readonly BinnedColumn[],
  targets: Float64Array,
  rows: Uint32Array,
): void {
  const [small, large] = first.to - first.from <= second.to - second.from ? [first, second] : [second, first]
  const counted = emptyHistograms(columns.length)
  fillHistogram(counted, columns, targets, rows.subarray(small.from, small.to))
  small.histograms = counted
  for (let i = 0; i < parent.counts.length; i++) {
    parent.counts[i] -= counted.counts[i]
    parent.sums[i] -= counted.sums[i]
  }
  large.histograms = parent
}

function emptyHistograms(columns: number): Histograms {
  return { counts: new Float64Array(columns * HISTOGRAM_WIDTH), sums: new Float64Array(columns * HISTOGRAM_WIDTH) }
}

/** Rows with a target, and the targets less an offset, so that sums of large targets keep their digits. */
function usableRows(target: ArrayLike<number>): {
  rows: Uint32Array
  targets: Float64Array
  offset: number
  isConstant: boolean
} {
  const rows = new Uint32Array(target.length)
  const targets = new Float64Array(target.length)
  let n = 0
  let sum = 0
  let isBinary = true
  let isConstant = true
  for (let i = 0; i < target.length; i++) {
    const y = target[i]
    if (!Number.isFinite(y)) continue
    if (y !== 0 && y !== 1) isBinary = false
    if (y !== target[rows[0]]) isConstant = isConstant && n === 0
    rows[n++] = i
    sum += y
  }
  // 0/1 targets stay whole: their sums are then exact, whatever the order of adding.
  const offset = isBinary || n === 0 ? 0 : sum / n
  for (let k = 0; k < n; k++) targets[rows[k]] = target[rows[k]] - offset
  return { rows: rows.subarray(0, n), targets, offset, isConstant }
}

function varianceOf(targets: Float64Array, rows: Uint32Array, mean: number): number {
  let squares = 0
  for (const row of rows) squares += (targets[row] - mean) ** 2
  return squares / rows.length
}

/** Moves the rows for which the split holds to the front, keeping order; returns how many there are. */
function partition(rows: Uint32Array, spare: Uint32Array, bins: Uint8Array, split: TreeSplit): number {
  const first = goesFirst(split)
  let kept = 0
  let moved = 0
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    if (first[bins[row]]) rows[kept++] = row
    else spare[moved++] = row
  }
  rows.set(spare.subarray(0, moved), kept)
  return kept
}

/** The leaf (a node's id) that each row of these columns falls into; the columns stand in the order of growing. O(n · depth). */
export function assignLeaves(tree: DecisionTree, columns: readonly TreeColumn[]): Uint32Array {
  return assignBinnedLeaves(
    tree,
    columns.map((column, i) => applyBins(column, tree.cuts[i])),
  )
}

/** The leaf of each row from its bins under the tree's own cuts, one array a column. O(n · depth). */
export function assignBinnedLeaves(tree: DecisionTree, bins: readonly Uint8Array[]): Uint32Array {
  const tables = tree.nodes.map(({ split }) => (split ? goesFirst(split) : null))
  const leaves = new Uint32Array(bins.length === 0 ? 0 : bins[0].length)
  for (let row = 0; row < leaves.length; row++) {
    let node = tree.nodes[0]
    while (node.split && node.children) {
      const holds = tables[node.id]?.[bins[node.split.column][row]]
      node = tree.nodes[node.children[holds ? 0 : 1]]
    }
    leaves[row] = node.id
  }
  return leaves
}

/** The conditions from the root down to a node, in order: which split, and whether it holds there. */
export function pathTo(tree: DecisionTree, id: number): { readonly split: TreeSplit; readonly holds: boolean }[] {
  const path: { split: TreeSplit; holds: boolean }[] = []
  for (let node = tree.nodes[id]; node.parent !== null; node = tree.nodes[node.parent]) {
    const parent = tree.nodes[node.parent]
    if (parent.split) path.unshift({ split: parent.split, holds: parent.children?.[0] === node.id })
  }
  return path
}
