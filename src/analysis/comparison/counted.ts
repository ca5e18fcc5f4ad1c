import { type BinaryMetrics, binaryMetrics } from '../../stats/binary-metrics.ts'
import { binaryCountsOf, type Confusion } from '../../stats/confusion.ts'
import { mcnemar } from '../../stats/mcnemar.ts'
import { type MulticlassMetrics, multiclassMetrics } from '../../stats/multiclass-metrics.ts'
import { quantileSorted } from '../../stats/quantiles.ts'
import { createRandom } from '../../stats/random.ts'
import { randomDirichlet } from '../../stats/random-gamma.ts'
import { throwIfCancelled } from '../answer.ts'
import { intervalEstimate, plainEstimate } from '../estimates.ts'
import type { ResampleOptions } from '../performance/resample.ts'
import { exchangeCells, heldAgainst } from './exchanged.ts'
import type { ComparedMetric } from './shape.ts'

type Measure = (confusion: Confusion, positive: number) => number | null
const ofTwo =
  (name: keyof Omit<BinaryMetrics, 'n'>): Measure =>
  (confusion, positive) =>
    binaryMetrics(binaryCountsOf(confusion, positive))[name]
const ofMany =
  (read: (metrics: MulticlassMetrics) => number | null): Measure =>
  (confusion) =>
    read(multiclassMetrics(confusion))

/** Metrics that a confusion table gives, by the names that performance is reported under; accuracy is tested exactly. */
export const countedMetrics: Readonly<Record<'binary' | 'multiclass', Readonly<Record<string, Measure>>>> = {
  binary: {
    precision: ofTwo('precision'),
    recall: ofTwo('recall'),
    specificity: ofTwo('specificity'),
    negativePredictiveValue: ofTwo('negativePredictiveValue'),
    f1: ofTwo('f1'),
    balancedAccuracy: ofTwo('balancedAccuracy'),
    matthews: ofTwo('matthewsCorrelation'),
    kappa: ofTwo('kappa'),
  },
  multiclass: {
    macroF1: ofMany(({ macro }) => macro.f1),
    weightedF1: ofMany(({ weighted }) => weighted.f1),
    macroPrecision: ofMany(({ macro }) => macro.precision),
    macroRecall: ofMany(({ macro }) => macro.recall),
    weightedPrecision: ofMany(({ weighted }) => weighted.precision),
    balancedAccuracy: ofMany(({ balancedAccuracy }) => balancedAccuracy),
    matthews: ofMany(({ matthewsCorrelation }) => matthewsCorrelation),
    kappa: ofMany(({ kappa }) => kappa),
  },
}

/** Rows by label and the two predictions: drawing them costs the same for any number of rows. */
export interface JointCells {
  readonly classes: number
  readonly positive: number
  readonly label: Int32Array
  readonly first: Int32Array
  readonly second: Int32Array
  readonly counts: Float64Array
  readonly n: number
}

/** Counts rows that have a label and both predictions. Of two classes all eight cells are kept, of more those that occur. */
export function countJoint(
  labels: ArrayLike<number>,
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  classes: number,
  positive: number,
): JointCells {
  const counts = new Map<number, number>()
  if (classes === 2) for (let cell = 0; cell < 8; cell++) counts.set(cell, 0)
  let n = 0
  for (let row = 0; row < labels.length; row++) {
    if (labels[row] < 0 || first[row] < 0 || second[row] < 0) continue
    const cell = (labels[row] * classes + first[row]) * classes + second[row]
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
    n++
  }
  const cells = [...counts.keys()].sort((a, b) => a - b)
  const part = (of: (cell: number) => number) => Int32Array.from(cells, of)
  return {
    classes,
    positive,
    label: part((cell) => Math.floor(cell / (classes * classes))),
    first: part((cell) => Math.floor(cell / classes) % classes),
    second: part((cell) => cell % classes),
    counts: Float64Array.from(cells, (cell) => counts.get(cell) ?? 0),
    n,
  }
}

function tableOf({ classes, label }: JointCells, side: Int32Array, counts: ArrayLike<number>): Confusion {
  const table = new Float64Array(classes * classes)
  for (let cell = 0; cell < label.length; cell++) table[label[cell] * classes + side[cell]] += counts[cell]
  return { classes, counts: table, missing: 0 }
}

/** Metrics that are shares of rows to be right: of all, of those with the positive label, of those without. */
const shares: Readonly<Record<string, (label: number, positive: number) => boolean>> = {
  accuracy: () => true,
  recall: (label, positive) => label === positive,
  specificity: (label, positive) => label !== positive,
}
export const isShare = (metric: string, task: 'binary' | 'multiclass'): boolean =>
  metric === 'accuracy' || (task === 'binary' && Object.hasOwn(shares, metric))

/**
 * McNemar's exact test of the accuracies (or of recall and specificity, which are accuracies on one label) with Agresti and Min's
 * interval of their difference; null without rows.
 */
export function compareShare(metric: string, cells: JointCells, confidence: number): ComparedMetric | null {
  const counts = cells.counts.map((count, i) => (shares[metric](cells.label[i], cells.positive) ? count : 0))
  const n = counts.reduce((sum, count) => sum + count, 0)
  const right = (side: Int32Array, other: Int32Array) =>
    counts.reduce((sum, count, i) => sum + (side[i] === cells.label[i] && other[i] !== cells.label[i] ? count : 0), 0)
  const [onlyFirst, onlySecond] = [right(cells.first, cells.second), right(cells.second, cells.first)]
  const test = mcnemar(onlyFirst, onlySecond, n, confidence)
  if (test.status !== 'ok') return null
  const hits = (side: Int32Array) => counts.reduce((sum, count, i) => sum + (side[i] === cells.label[i] ? count : 0), 0)
  return {
    metric,
    first: hits(cells.first) / n,
    second: hits(cells.second) / n,
    difference: intervalEstimate(test.difference, n, test.interval),
    pValue: test.pValue,
    method: 'mcnemar',
    onlyFirst,
    onlySecond,
  }
}

/** Rows that the prior of the cells counts for, all together: as many as Jeffreys' for a table of two by two. */
const priorRows = 2

/** Measures that lie between −1 and 1; the others between 0 and 1. */
const signed: ReadonlySet<string> = new Set(['matthews', 'kappa'])

/**
 * Difference of a measure of the confusion table, the interval and p-value from shares of the joint cells that are drawn from
 * their Dirichlet distribution (a bootstrap that doubts empty cells): p is twice the smaller share of draws on one side of 0, at
 * least 2 / (draws + 1). Both are held against rows that exchange their predictions ({@link heldAgainst}). Null for a measure that is not known or has no value. O(resamples · cells).
 */
export function compareCounted(
  metric: string,
  task: 'binary' | 'multiclass',
  cells: JointCells,
  { resamples, seed, confidence, context }: ResampleOptions,
): ComparedMetric | null {
  if (!Object.hasOwn(countedMetrics[task], metric) || cells.n < 2) return null
  const measure = countedMetrics[task][metric]
  const measured = (counts: ArrayLike<number>) =>
    [cells.first, cells.second].map((side) => measure(tableOf(cells, side, counts), cells.positive))
  const [first, second] = measured(cells.counts)
  if (first === null || second === null) return null
  const random = createRandom(seed)
  const prior = priorRows / cells.counts.length
  const weights = cells.counts.map((count) => count + prior)
  const shares = new Float64Array(weights.length)
  const draws: number[] = []
  for (let i = 0; i < resamples; i++) {
    throwIfCancelled(context)
    const [a, b] = measured(randomDirichlet(random, weights, shares))
    if (a !== null && b !== null) draws.push(b - a)
  }
  const difference = second - first
  const base = { metric, first, second, method: 'paired-bootstrap' as const }
  if (draws.length < 0.9 * resamples) {
    const note =
      'neither interval nor test: too few rows, so that it is undefined on more than a tenth of the resamples'
    return { ...base, difference: plainEstimate(difference, cells.n, note), pValue: null }
  }
  const sorted = Float64Array.from(draws).sort()
  const tail = (1 - confidence) / 2
  const low = Math.min(difference, quantileSorted(sorted, tail) ?? difference)
  const high = Math.max(difference, quantileSorted(sorted, 1 - tail) ?? difference)
  const resampled = {
    ...base,
    difference: intervalEstimate(difference, cells.n, { low, high }),
    pValue: twoSided(sorted),
  }
  const differenceOf = (one: Confusion, other: Confusion) => {
    const [a, b] = [measure(one, cells.positive), measure(other, cells.positive)]
    return a === null || b === null ? null : b - a
  }
  const exchanged = exchangeCells(cells, differenceOf, { repeats: resamples, random, context })
  return heldAgainst(exchanged, resampled, confidence, signed.has(metric) ? 2 : 1)
}

/** Twice the smaller share of draws at or beyond zero, of draws + 1. */
export function twoSided(draws: ArrayLike<number>): number {
  let [below, above] = [1, 1]
  for (let i = 0; i < draws.length; i++) {
    if (draws[i] <= 0) below++
    if (draws[i] >= 0) above++
  }
  return Math.min(1, (2 * Math.min(below, above)) / (draws.length + 1))
}
