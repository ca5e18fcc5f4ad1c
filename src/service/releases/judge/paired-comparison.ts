import type { SchemaSpec } from '../../../contract/model.ts'
import { binaryMetrics } from '../../../stats/binary-metrics.ts'
import { bootstrapCounts, bootstrapInterval } from '../../../stats/bootstrap.ts'
import { binaryCountsOf, type Confusion } from '../../../stats/confusion.ts'
import { mcnemar } from '../../../stats/mcnemar.ts'
import { type MulticlassMetrics, multiclassMetrics } from '../../../stats/multiclass-metrics.ts'
import { createRandom } from '../../../stats/random.ts'
import { regressionMetrics } from '../../../stats/regression-metrics.ts'
import { rocAuc } from '../../../stats/roc-auc.ts'
import { splitScores } from '../../../stats/scored-classes.ts'
import type { Evidence } from '../evidence/shape.ts'
import { isAnswered } from '../evidence/tables.ts'
import { confidence, seed } from './result.ts'

/** Candidate minus production on the same rows; a positive difference of an error measure is a loss. */
export interface PairedComparison {
  readonly n: number
  readonly difference: number
  readonly interval: [number, number] | null
  readonly pValue: number | null
  readonly method: 'mcnemar' | 'paired-bootstrap'
}

const repeats = 500
/** Rows times repeats beyond which fewer repeats are made. */
const maxWork = 50_000_000

interface Pair {
  readonly label: string | number
  readonly candidate: { prediction: string | number; scores: readonly number[] | null }
  readonly production: { prediction: string | number; scores: readonly number[] | null }
}

function pairsOf({ rows }: Evidence): Pair[] {
  return rows.flatMap(({ label, candidate, production }) =>
    label !== null && isAnswered(candidate) && isAnswered(production) ? [{ label, candidate, production }] : [],
  )
}

type Count = (confusion: Confusion, positive: number) => number | null
const ofTwo = (
  name: 'precision' | 'recall' | 'specificity' | 'f1' | 'balancedAccuracy' | 'matthewsCorrelation',
): Count => {
  return (confusion, positive) => binaryMetrics(binaryCountsOf(confusion, positive))[name]
}
const ofMany = (read: (metrics: MulticlassMetrics) => number | null): Count => {
  return (confusion) => read(multiclassMetrics(confusion))
}

/** Metrics that a confusion table gives, by the names that performance is reported under. */
const countedMetrics: Readonly<Record<'binary' | 'multiclass', Readonly<Record<string, Count>>>> = {
  binary: {
    precision: ofTwo('precision'),
    recall: ofTwo('recall'),
    specificity: ofTwo('specificity'),
    f1: ofTwo('f1'),
    balancedAccuracy: ofTwo('balancedAccuracy'),
    matthews: ofTwo('matthewsCorrelation'),
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

/** Rows with the same label and the same two predictions count together: resampling them costs nothing more for more rows. */
function compareClasses(metric: string, pairs: readonly Pair[], schema: SchemaSpec): PairedComparison | null {
  const { classes } = schema
  const codes = new Map(classes.map((name, code) => [name, code]))
  const codeOf = (value: string | number) => codes.get(String(value)) ?? -1
  const cells = new Map<string, { label: number; candidate: number; production: number; count: number }>()
  for (const pair of pairs) {
    const [label, candidate, production] = [pair.label, pair.candidate.prediction, pair.production.prediction].map(
      codeOf,
    )
    if (label < 0 || candidate < 0 || production < 0) continue
    const key = `${label}/${candidate}/${production}`
    const cell = cells.get(key) ?? { label, candidate, production, count: 0 }
    cell.count += 1
    cells.set(key, cell)
  }
  const list = [...cells.values()]
  const n = list.reduce((sum, cell) => sum + cell.count, 0)
  if (metric === 'accuracy') {
    const count = (right: 'candidate' | 'production', wrong: 'candidate' | 'production') =>
      list.reduce((sum, cell) => sum + (cell[right] === cell.label && cell[wrong] !== cell.label ? cell.count : 0), 0)
    const test = mcnemar(count('production', 'candidate'), count('candidate', 'production'), n, confidence)
    if (test.status === 'insufficient') return null
    const { difference, interval, pValue } = test
    return { n, difference, interval: [interval.low, interval.high], pValue, method: 'mcnemar' }
  }
  const known = countedMetrics[schema.task === 'binary' ? 'binary' : 'multiclass']
  if (!Object.hasOwn(known, metric)) return null
  // Where none is declared, the second of two classes counts as positive, as performance has it.
  const positive = schema.positiveClass === null ? 1 : classes.indexOf(schema.positiveClass)
  const k = classes.length
  const difference = (counts: ArrayLike<number>): number | null => {
    const tables = { candidate: new Float64Array(k * k), production: new Float64Array(k * k) }
    list.forEach((cell, place) => {
      tables.candidate[cell.label * k + cell.candidate] += counts[place]
      tables.production[cell.label * k + cell.production] += counts[place]
    })
    const [a, b] = (['candidate', 'production'] as const).map((who) =>
      known[metric]({ classes: k, counts: tables[who], missing: 0 }, positive),
    )
    return a === null || b === null ? null : a - b
  }
  const counts = list.map((cell) => cell.count)
  const observed = difference(counts)
  if (observed === null) return null
  const drawn = bootstrapCounts(counts, difference, { random: createRandom(seed), repeats, confidence })
  return resampled(observed, n, drawn)
}

function resampled(
  difference: number,
  n: number,
  drawn: { status: string; interval?: { low: number; high: number } },
): PairedComparison {
  const { interval } = drawn
  return {
    n,
    difference,
    interval: drawn.status === 'ok' && interval !== undefined ? [interval.low, interval.high] : null,
    pValue: null,
    method: 'paired-bootstrap',
  }
}

function compareByRows(metric: string, pairs: readonly Pair[], schema: SchemaSpec): PairedComparison | null {
  const metricOf = schema.task === 'regression' ? regressionMetric : rankingMetric
  const candidate = metricOf(metric, pairs, 'candidate', schema)
  const production = metricOf(metric, pairs, 'production', schema)
  if (candidate === null || production === null) return null
  const difference = (rows: ArrayLike<number>): number | null => {
    const [a, b] = [candidate(rows), production(rows)]
    return a === null || b === null ? null : a - b
  }
  const n = pairs.length
  const observed = difference(Uint32Array.from({ length: n }, (_, row) => row))
  if (observed === null) return null
  const drawn = bootstrapInterval(n, difference, {
    random: createRandom(seed),
    repeats: Math.max(50, Math.min(repeats, Math.floor(maxWork / Math.max(1, n)))),
    confidence,
  })
  return resampled(observed, n, drawn)
}

type RowMetric = ((rows: ArrayLike<number>) => number | null) | null

function regressionMetric(metric: string, pairs: readonly Pair[], who: 'candidate' | 'production'): RowMetric {
  const names = { mae: 'meanAbsoluteError', rmse: 'rootMeanSquaredError', r2: 'r2' } as const
  if (!Object.hasOwn(names, metric)) return null
  const name = names[metric as keyof typeof names]
  const actual = Float64Array.from(pairs, (pair) => Number(pair.label))
  const predicted = Float64Array.from(pairs, (pair) => Number(pair[who].prediction))
  return (rows) =>
    regressionMetrics(
      Float64Array.from(rows, (row) => actual[row]),
      Float64Array.from(rows, (row) => predicted[row]),
    )[name]
}

function rankingMetric(
  metric: string,
  pairs: readonly Pair[],
  who: 'candidate' | 'production',
  schema: SchemaSpec,
): RowMetric {
  if (metric !== 'rocAuc' || schema.task !== 'binary') return null
  const positive = schema.positiveClass ?? schema.classes[1]
  const place = schema.classes.indexOf(positive)
  const scores = Float64Array.from(pairs, (pair) => pair[who].scores?.[place] ?? Number.NaN)
  const labels = Int8Array.from(pairs, (pair) => (String(pair.label) === positive ? 1 : 0))
  return (rows) => {
    const split = splitScores(
      Float64Array.from(rows, (row) => scores[row]),
      Int8Array.from(rows, (row) => labels[row]),
    )
    const area = rocAuc(split)
    return area.status === 'ok' ? area.value : null
  }
}

/**
 * How much a metric of the candidate differs from production's on the rows that both answered: McNemar's exact test for
 * accuracy, a paired bootstrap for the rest. Null for a metric that cannot be computed row by row.
 */
export function comparePaired(metric: string, evidence: Evidence): PairedComparison | null {
  const { schema } = evidence.header
  const pairs = pairsOf(evidence)
  if (pairs.length < 2) return null
  return schema.task === 'regression' || metric === 'rocAuc'
    ? compareByRows(metric, pairs, schema)
    : compareClasses(metric, pairs, schema)
}
