import type { CategoricalSummary, ColumnSummary, NumericSummary } from '../../contract/profile.ts'
import { addToSketch, canMerge, emptySketch, mergeIntoSketch } from '../../stats/quantile-sketch.ts'
import { type KeyLimit, maxKeys, own, setOwn, sumCounts } from './counts.ts'
import { addNameless, makeFrequentCounter, mergeFrequent } from './frequent.ts'
import { sketchFrame } from './sketch-frame.ts'

/** How one column is summarised, prepared from a binning. */
export type ColumnPlan =
  | {
      readonly type: 'numeric'
      readonly shift: number
      readonly edges: number[]
      readonly range: [number, number] | null
    }
  | { readonly type: 'categorical'; readonly categories: ReadonlySet<string> }

/** Summary of a numeric column without values, over the bins of a reference, if there is one. */
export function emptyNumeric(shift = 0, edges: readonly number[] = []): NumericSummary {
  const { origin, scale } = sketchFrame(shift, edges)
  return {
    type: 'numeric',
    n: 0,
    missing: 0,
    infinite: 0,
    outOfRange: 0,
    shift,
    sum: 0,
    sumOfSquares: 0,
    min: null,
    max: null,
    edges: [...edges],
    counts: new Array<number>(edges.length + 1).fill(0),
    sketch: emptySketch(origin, scale),
  }
}

export function emptyCategorical(): CategoricalSummary {
  return { type: 'categorical', n: 0, missing: 0, unseen: 0, counts: {}, overflow: 0 }
}

/** Number of edges below x: its bin, with bins closed on the right. O(log edges). */
export function binOf(edges: readonly number[], x: number): number {
  let low = 0
  let high = edges.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (edges[middle] < x) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * A column that no reference declares begins as numbers and turns to categories for good when a text comes; the
 * numbers so far go to `overflow`, as later ones do, so that the order of arrival does not show.
 */
function toCategorical(summary: NumericSummary): CategoricalSummary {
  const n = summary.n + summary.infinite
  const converted: CategoricalSummary = {
    ...{ type: 'categorical', n, missing: summary.missing, unseen: 0, counts: {}, overflow: n },
  }
  // Numbers are no names: whatever their number, no name is one of them.
  if (n > 0) converted.frequent = { counts: {}, error: 0 }
  return converted
}

function addNumber(summary: NumericSummary, value: number, range: readonly [number, number] | null): void {
  if (Number.isNaN(value)) {
    summary.missing += 1
    return
  }
  if (range !== null && (value < range[0] || value > range[1])) summary.outOfRange += 1
  if (!Number.isFinite(value)) {
    summary.infinite += 1
    return
  }
  const centred = value - summary.shift
  summary.n += 1
  summary.sum += centred
  summary.sumOfSquares += centred * centred
  if (summary.min === null || value < summary.min) summary.min = value
  if (summary.max === null || value > summary.max) summary.max = value
  summary.counts[binOf(summary.edges, value)] += 1
  if (summary.sketch !== undefined) addToSketch(summary.sketch, value)
}

/** Summaries of columns: adding a value, merging two. */
export function makeColumnSummaries(limit: KeyLimit) {
  const addFrequent = makeFrequentCounter()

  function addCategory(summary: CategoricalSummary, category: string, by: number): void {
    const { counts } = summary
    const known = own(counts, category)
    if (known !== undefined) {
      setOwn(counts, category, known + by)
      return
    }
    const room = limit.admit(counts, category)
    if (room === null) {
      addFrequent(summary, category, by)
      return
    }
    if (room.evicted !== null) addFrequent(summary, room.evicted.key, room.evicted.member)
    setOwn(counts, category, by)
  }

  function addText(summary: CategoricalSummary, text: string, plan: ColumnPlan | undefined): void {
    summary.n += 1
    if (plan?.type === 'categorical' && !plan.categories.has(text)) summary.unseen += 1
    addCategory(summary, text, 1)
  }

  /** A summary without values, as the plan says. */
  function emptySummary(plan: ColumnPlan | undefined): ColumnSummary {
    if (plan?.type === 'categorical') return emptyCategorical()
    return emptyNumeric(plan?.shift, plan?.edges)
  }

  /**
   * Adds one value and returns the summary to keep, which is another one when an undeclared column turns out to hold
   * categories. What does not fit a declared type counts as missing.
   */
  function addValue(
    summary: ColumnSummary,
    value: number | string | boolean | null,
    plan: ColumnPlan | undefined,
  ): ColumnSummary {
    if (value === null || (typeof value === 'number' && Number.isNaN(value))) {
      summary.missing += 1
      return summary
    }
    if (plan?.type === 'categorical' && summary.type === 'categorical') {
      addText(summary, String(value), plan)
      return summary
    }
    if (plan?.type === 'numeric' && summary.type === 'numeric') {
      if (typeof value === 'number') addNumber(summary, value, plan.range)
      else summary.missing += 1
      return summary
    }
    if (typeof value === 'number') {
      if (summary.type === 'numeric') addNumber(summary, value, null)
      else {
        summary.n += 1
        addNameless(summary)
      }
      return summary
    }
    const categorical = summary.type === 'categorical' ? summary : toCategorical(summary)
    addText(categorical, String(value), plan)
    return categorical
  }

  function mergeCategorical(a: CategoricalSummary, b: CategoricalSummary): CategoricalSummary {
    const merged: CategoricalSummary = {
      type: 'categorical',
      n: a.n + b.n,
      missing: a.missing + b.missing,
      unseen: a.unseen + b.unseen,
      counts: {},
      overflow: a.overflow + b.overflow,
    }
    const frequent = mergeFrequent(a, b)
    if (frequent !== undefined) merged.frequent = frequent
    const sum = sumCounts(a.counts, b.counts)
    const names = Object.keys(sum)
    const kept = names.length > maxKeys ? names.sort((x, y) => (x < y ? -1 : 1)) : names
    for (const [index, name] of kept.entries()) {
      if (index < maxKeys) setOwn(merged.counts, name, sum[name])
      else addFrequent(merged, name, sum[name])
    }
    return merged
  }

  /** Sum of two summaries of one column. Different kinds of a column become categories. */
  function mergeSummaries(a: ColumnSummary, b: ColumnSummary): ColumnSummary {
    if (a.type === 'numeric' && b.type === 'numeric') return mergeNumeric(a, b)
    return mergeCategorical(a.type === 'numeric' ? toCategorical(a) : a, b.type === 'numeric' ? toCategorical(b) : b)
  }

  return { emptySummary, addValue, mergeSummaries }
}

const sameEdges = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((edge, index) => edge === b[index])

/** Sums of a summary about another origin. */
function sumsAbout(summary: NumericSummary, shift: number): { sum: number; sumOfSquares: number } {
  const move = summary.shift - shift
  if (move === 0 || summary.n === 0) return { sum: summary.sum, sumOfSquares: summary.sumOfSquares }
  return {
    sum: summary.sum + summary.n * move,
    sumOfSquares: summary.sumOfSquares + 2 * move * summary.sum + summary.n * move * move,
  }
}

function addCounts(to: number[], counts: readonly number[]): void {
  for (let bin = 0; bin < counts.length; bin += 1) to[bin] += counts[bin]
}

/** Bins that differ (a version binned anew after its raw samples were removed) cannot be added: one bin remains. */
function mergeNumeric(a: NumericSummary, b: NumericSummary): NumericSummary {
  const filled = [a, b].filter((side) => side.n > 0)
  const sides = filled.length > 0 ? filled : [a, b]
  const [first, last] = [sides[0], sides[sides.length - 1]]
  const edges = sameEdges(first.edges, last.edges) ? first.edges : []
  const shift = Math.min(first.shift, last.shift)
  const merged = emptyNumeric(shift, edges)
  for (const side of [a, b]) {
    merged.n += side.n
    merged.missing += side.missing
    merged.infinite += side.infinite
    merged.outOfRange += side.outOfRange
    if (side.n === 0) continue
    const sums = sumsAbout(side, shift)
    merged.sum += sums.sum
    merged.sumOfSquares += sums.sumOfSquares
    if (side.min !== null && (merged.min === null || side.min < merged.min)) merged.min = side.min
    if (side.max !== null && (merged.max === null || side.max > merged.max)) merged.max = side.max
    if (sameEdges(side.edges, edges)) addCounts(merged.counts, side.counts)
    else merged.counts[0] += side.n
  }
  const sketch = filled.length > 0 ? mergedSketch(filled) : merged.sketch
  if (sketch === undefined) delete merged.sketch
  else merged.sketch = sketch
  return merged
}

/** Sum of the sketches of all sides, of which there is one at least; undefined where one lacks it or counts in other buckets. */
function mergedSketch(sides: readonly NumericSummary[]): NumericSummary['sketch'] {
  const [first, ...others] = sides.map(({ sketch }) => sketch)
  if (first === undefined) return undefined
  const sum = { ...first, indexes: [...first.indexes], counts: [...first.counts] }
  for (const other of others) {
    if (other === undefined || !canMerge(sum, other)) return undefined
    mergeIntoSketch(sum, other)
  }
  return sum
}
