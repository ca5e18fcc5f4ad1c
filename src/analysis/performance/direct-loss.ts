import type { Estimate } from '../../contract/primitives.ts'
import type { Column, SampleTable } from '../../contract/table.ts'
import { assignLeaves, growTree } from '../../stats/decision-tree.ts'
import { binColumn } from '../../stats/feature-binning.ts'
import { twoSidedZ } from '../../stats/normal-distribution.ts'
import { intervalEstimate, noEstimate } from '../estimates.ts'
import { describingColumns, toTreeColumn } from '../tree-columns.ts'

/** Fewest labelled rows of the reference from which sizes of errors are learnt. */
const fewestReference = 200

/**
 * Direct loss estimation for a regression on rows without labels: `mae` and `rmse`.
 *
 * On the even rows of the reference a tree (depth 6, leaves of 25 rows or more) over inputs and prediction tells where errors are
 * large; the odd rows, which the tree never saw, give each leaf its mean loss. The estimate is the mean over the rows in question
 * of their leaf's loss. Interval: normal, from the spread of losses in the leaves (what labels of these rows would show) and the
 * error of each leaf's mean. It holds while errors stay as large as they were in each leaf: it sees inputs that moved to where
 * errors are larger, never a change of what they mean. No values below 200 reference rows.
 * O(depth · n · columns).
 */
export function directLoss(reference: SampleTable, current: SampleTable, confidence: number): Record<string, Estimate> {
  const { prediction, label } = reference
  if (prediction?.type !== 'numeric' || label?.type !== 'numeric' || current.prediction?.type !== 'numeric')
    return { mae: noEstimate(0, 'predictions or labels are not numbers') }
  const sizes = Float64Array.from(prediction.values, (value, row) => Math.abs(value - label.values[row]))
  const labelled = sizes.reduce((sum, size) => sum + (Number.isFinite(size) ? 1 : 0), 0)
  if (labelled < fewestReference)
    return { mae: noEstimate(0, `fewer than ${fewestReference} labelled rows to learn the size of errors from`) }
  const inputs = describingColumns(reference, null).flatMap(({ name, column }) => {
    const now = current.columns.get(name)
    return now?.type === column.type ? [[column, alike(column, now)] as const] : []
  })
  const columns = [[prediction, current.prediction] as const, ...inputs]
  const before = columns.map(([column]) => toTreeColumn(column))
  const tree = growTree(
    before.map((column) => binColumn(column)),
    sizes.map((size, row) => (row % 2 === 0 ? size : Number.NaN)),
    { maxDepth: 6, minLeaf: 25 },
  )
  const leavesBefore = tree.status === 'ok' ? assignLeaves(tree, before) : new Uint32Array(sizes.length)
  const leavesNow =
    tree.status === 'ok'
      ? assignLeaves(
          tree,
          columns.map(([, column]) => toTreeColumn(column)),
        )
      : new Uint32Array(current.n)
  const isUsable = (row: number) =>
    Number.isFinite(current.prediction?.type === 'numeric' ? current.prediction.values[row] : Number.NaN)
  const weight = new Map<number, number>()
  let n = 0
  for (let row = 0; row < current.n; row++) {
    if (!isUsable(row)) continue
    weight.set(leavesNow[row], (weight.get(leavesNow[row]) ?? 0) + 1)
    n++
  }
  if (n === 0) return { mae: noEstimate(0, 'no row with a prediction') }
  const estimate = (lossOf: (size: number) => number, transform: (x: number) => number): Estimate => {
    const all = lossesIn(sizes, () => true, lossOf)
    let [value, spread, error] = [0, 0, 0]
    for (const [leaf, count] of weight) {
      const own = lossesIn(sizes, (row) => leavesBefore[row] === leaf && row % 2 === 1, lossOf)
      const { n: rows, mean, variance } = own.n >= 2 ? own : all
      const share = count / n
      value += share * mean
      spread += share * variance
      error += (share * share * variance) / rows
    }
    const margin = twoSidedZ(confidence) * Math.sqrt(spread / n + error)
    const [low, high] = [Math.max(0, value - margin), value + margin]
    return intervalEstimate(transform(value), n, { low: transform(low), high: transform(high) })
  }
  return {
    mae: estimate(
      (size) => size,
      (x) => x,
    ),
    rmse: estimate((size) => size * size, Math.sqrt),
  }
}

/** Mean and variance of the losses of some rows. */
function lossesIn(sizes: Float64Array, isIn: (row: number) => boolean, lossOf: (size: number) => number) {
  let [n, mean, m2] = [0, 0, 0]
  for (let row = 0; row < sizes.length; row++) {
    if (!Number.isFinite(sizes[row]) || !isIn(row)) continue
    const loss = lossOf(sizes[row])
    n++
    const delta = loss - mean
    mean += delta / n
    m2 += delta * (loss - mean)
  }
  return { n, mean, variance: n < 2 ? 0 : m2 / (n - 1) }
}

/** A column with its codes in the dictionary of another one: what that one never saw is missing. */
function alike(reference: Column, current: Column): Column {
  if (reference.type === 'numeric' || current.type === 'numeric') return current
  const place = new Map(reference.categories.map((name, code) => [name, code]))
  const codes = Int32Array.from(current.categories, (name) => place.get(name) ?? -1)
  return {
    type: 'categorical',
    categories: reference.categories,
    codes: current.codes.map((code) => (code < 0 ? -1 : codes[code])),
  }
}
