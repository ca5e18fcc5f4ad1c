import { chiSquareSf } from './chi-square-distribution.ts'
import type { BinnedColumn } from './feature-binning.ts'

/** Bins kept per column. */
export const HISTOGRAM_WIDTH = 256

/** Rows and target sums per column and bin: place column · 256 + bin. */
export type Histograms = { readonly counts: Float64Array; readonly sums: Float64Array }

/** A condition on one column; rows for which it holds go to the first child. */
export type TreeSplit = {
  /** Index of the column. */
  readonly column: number
  /** Bin numbers for which it holds. */
  readonly firstBins: readonly number[]
  /** Numeric: holds for values <= threshold. Null for a split of missing against present values. */
  readonly threshold: number | null
  /** Categorical: the codes for which it holds. Null for a numeric column. */
  readonly codes: readonly number[] | null
  /** Whether missing values go to the first child. */
  readonly isMissingFirst: boolean
  /** Between-group sum of squares. */
  readonly gain: number
  /** Upper bound of the probability of such a gain where nothing is to be found, over all cuts of all columns tried. */
  readonly pValue: number
  readonly firstN: number
  readonly firstSum: number
}

/** Adds rows to histograms of all columns. The hot loop: one byte, one number and two additions a row and column. */
export function fillHistogram(
  { counts, sums }: Histograms,
  columns: readonly BinnedColumn[],
  targets: Float64Array,
  rows: Uint32Array,
): void {
  for (let c = 0; c < columns.length; c++) {
    addColumn(
      counts.subarray(c * HISTOGRAM_WIDTH, (c + 1) * HISTOGRAM_WIDTH),
      sums.subarray(c * HISTOGRAM_WIDTH, (c + 1) * HISTOGRAM_WIDTH),
      columns[c].rows,
      targets,
      rows,
    )
  }
}

function addColumn(
  counts: Float64Array,
  sums: Float64Array,
  bins: Uint8Array,
  targets: Float64Array,
  rows: Uint32Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    const bin = bins[row]
    counts[bin]++
    sums[bin] += targets[row]
  }
}

type Candidate = { gain: number; bins: number[]; n: number; sum: number; pValue: number }

/** A node to split: rows, target sum, variance of the target inside it. */
export type NodeTotals = { readonly n: number; readonly sum: number; readonly variance: number }

/** The split of a node that gains most among those whose p-value is at most alpha, or null when there is none. */
export function bestSplit(
  { counts, sums }: Histograms,
  columns: readonly BinnedColumn[],
  node: NodeTotals,
  minLeaf: number,
  alpha: number,
): TreeSplit | null {
  let best: { column: number; candidate: Candidate } | null = null
  for (let column = 0; column < columns.length; column++) {
    const { cut } = columns[column]
    const start = column * HISTOGRAM_WIDTH
    const count = counts.subarray(start, start + cut.bins)
    const total = sums.subarray(start, start + cut.bins)
    const orders = cut.kind === 'numeric' ? numericOrders(count) : [orderByMean(count, total)]
    for (const order of orders) {
      const candidate = bestPrefix(order, count, total, node, minLeaf, best?.candidate.gain ?? 0)
      if (!candidate) continue
      candidate.pValue = pValueOf(
        candidate.gain / node.variance,
        cut.kind,
        order.length - 1,
        orders.length,
        columns.length,
      )
      if (candidate.pValue <= alpha) best = { column, candidate }
    }
  }
  return best ? describe(columns, best.column, best.candidate) : null
}

/**
 * Bound on the null probability of a gain in units of the variance: Bonferroni over the cuts of an ordered column; for a
 * categorical one the best grouping cannot exceed the whole between-category sum, a chi-square with cuts degrees.
 */
function pValueOf(
  gain: number,
  kind: 'numeric' | 'categorical',
  cuts: number,
  orders: number,
  columns: number,
): number {
  const single = kind === 'numeric' ? chiSquareSf(gain, 1) * cuts * orders : chiSquareSf(gain, cuts)
  return Math.min(1, single * columns)
}

/** Orders in which a prefix of bins may be split off: missing values before all others, or after them. */
function numericOrders(count: Float64Array): number[][] {
  const present: number[] = []
  for (let bin = 1; bin < count.length; bin++) if (count[bin] > 0) present.push(bin)
  return count[0] > 0
    ? [
        [0, ...present],
        [...present, 0],
      ]
    : [present]
}

function orderByMean(count: Float64Array, total: Float64Array): number[] {
  const present: number[] = []
  for (let bin = 0; bin < count.length; bin++) if (count[bin] > 0) present.push(bin)
  return present.sort((a, b) => total[a] / count[a] - total[b] / count[b] || a - b)
}

/** Best cut of an order of bins into a first and a second part; must beat `bar` by more than rounding. */
function bestPrefix(
  order: readonly number[],
  count: Float64Array,
  total: Float64Array,
  { n, sum }: NodeTotals,
  minLeaf: number,
  bar: number,
): Candidate | null {
  let found: Candidate | null = null
  let limit = bar
  let firstN = 0
  let firstSum = 0
  for (let i = 0; i < order.length - 1; i++) {
    firstN += count[order[i]]
    firstSum += total[order[i]]
    if (firstN < minLeaf) continue
    const secondN = n - firstN
    if (secondN < minLeaf) break
    const secondSum = sum - firstSum
    const gain = (firstSum * firstSum) / firstN + (secondSum * secondSum) / secondN - (sum * sum) / n
    if (gain > limit * (1 + 1e-12)) {
      limit = gain
      found = { gain, bins: order.slice(0, i + 1), n: firstN, sum: firstSum, pValue: 1 }
    }
  }
  return found
}

function describe(
  columns: readonly BinnedColumn[],
  column: number,
  { gain, bins, n, sum, pValue }: Candidate,
): TreeSplit {
  const { cut } = columns[column]
  const isMissingFirst = bins.includes(0)
  const highest = Math.max(...bins)
  const common = { column, isMissingFirst, gain, pValue, firstN: n, firstSum: sum }
  if (cut.kind === 'categorical') {
    const isFirst = new Uint8Array(HISTOGRAM_WIDTH)
    for (const bin of bins) isFirst[bin] = bin > 0 ? 1 : 0
    const codes: number[] = []
    for (let code = 0; code < cut.binOfCode.length; code++) if (isFirst[cut.binOfCode[code]]) codes.push(code)
    return { ...common, firstBins: bins, threshold: null, codes }
  }
  // Empty bins below the threshold belong to the first side too, for rows not seen while growing.
  const isAllPresent = highest >= cut.bins - 1 || highest === 0
  const upTo = highest === 0 ? 0 : highest
  const firstBins = Array.from({ length: upTo }, (_, i) => i + 1)
  if (isMissingFirst) firstBins.unshift(0)
  return { ...common, firstBins, threshold: isAllPresent ? null : cut.edges[highest - 1], codes: null }
}

/** For each bin number, 1 when a split sends it to the first child. */
export function goesFirst(split: TreeSplit): Uint8Array {
  const first = new Uint8Array(HISTOGRAM_WIDTH)
  for (const bin of split.firstBins) first[bin] = 1
  return first
}
