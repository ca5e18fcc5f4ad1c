/** How a node compares a value with its threshold to say yes. */
export type TreeComparison = '<=' | '<' | '>=' | '>' | '==' | '!='

/** One tree as parallel arrays; node 0 is the root. */
export interface ShapTree {
  /** −1 marks a leaf. */
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly comparison: readonly TreeComparison[]
  readonly yes: Int32Array
  readonly no: Int32Array
  /** 1 where a missing value says yes. */
  readonly missingYes: Uint8Array
  /** What a leaf gives; unused elsewhere. */
  readonly value: Float64Array
}

/** What the tree gives for a row of feature values (NaN is missing). O(depth). */
export function treeValue(tree: ShapTree, row: ArrayLike<number>): number {
  let node = 0
  while (tree.feature[node] >= 0) node = saysYes(tree, node, row) ? tree.yes[node] : tree.no[node]
  return tree.value[node]
}

/**
 * Adds the exact Shapley values of a tree's value for `row` against one background row to `into`, times `factor`.
 *
 * A feature present takes the row's value, one absent the background's. Only paths that some mixture of both reaches are
 * walked: at a leaf that wants u features of the row and v of the background, each of the u gains value · (u−1)! v! / (u+v)!
 * and each of the v loses value · u! (v−1)! / (u+v)!. The mean over background rows is the value against the background. `into` sums to
 * tree(row) − tree(background). O(leaves reached · depth).
 * Source: Lundberg et al., Nature Machine Intelligence 2 (2020) 56, interventional tree SHAP.
 */
export function addTreeShap(
  tree: ShapTree,
  row: ArrayLike<number>,
  background: ArrayLike<number>,
  factor: number,
  into: Float64Array,
): void {
  const ofRow: number[] = []
  const ofBackground: number[] = []
  const walk = (node: number): void => {
    const feature = tree.feature[node]
    if (feature < 0) {
      const value = tree.value[node] * factor
      const u = ofRow.length
      const v = ofBackground.length
      if (value === 0 || u + v === 0) return
      if (u > 0) {
        const gain = value * gainWeight(u, v)
        for (const each of ofRow) into[each] += gain
      }
      if (v > 0) {
        const loss = value * gainWeight(v, u)
        for (const each of ofBackground) into[each] -= loss
      }
      return
    }
    const rowNext = saysYes(tree, node, row) ? tree.yes[node] : tree.no[node]
    const backgroundNext = saysYes(tree, node, background) ? tree.yes[node] : tree.no[node]
    if (rowNext === backgroundNext || ofRow.includes(feature)) walk(rowNext)
    else if (ofBackground.includes(feature)) walk(backgroundNext)
    else {
      ofRow.push(feature)
      walk(rowNext)
      ofRow.pop()
      ofBackground.push(feature)
      walk(backgroundNext)
      ofBackground.pop()
    }
  }
  walk(0)
}

/** (a−1)! b! / (a+b)!, as 1 / (a · C(a+b, a)). */
function gainWeight(a: number, b: number): number {
  let choices = 1
  for (let i = 1; i <= b; i++) choices = (choices * (a + i)) / i
  return 1 / (a * choices)
}

function saysYes(tree: ShapTree, node: number, row: ArrayLike<number>): boolean {
  const value = row[tree.feature[node]]
  if (Number.isNaN(value)) return tree.missingYes[node] === 1
  const threshold = tree.threshold[node]
  switch (tree.comparison[node]) {
    case '<=':
      return value <= threshold
    case '<':
      return value < threshold
    case '>=':
      return value >= threshold
    case '>':
      return value > threshold
    case '==':
      return value === threshold
    case '!=':
      return value !== threshold
  }
}
