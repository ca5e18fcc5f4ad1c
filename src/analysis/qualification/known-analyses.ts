import type { Column, SampleTable } from '../../contract/table.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeBias } from '../bias.ts'
import { analyzeDrift } from '../drift.ts'
import { analyzeErrors } from '../errors.ts'
import { analyzeFairness } from '../fairness.ts'
import { parametersOf } from '../parameters.ts'
import { analyzePerformance } from '../performance.ts'
import { type Check, knownAnswer } from './check.ts'

const closed = 'closed form'
const counted = 'counted by hand'

const numeric = (values: readonly number[]): Column => ({ type: 'numeric', values: Float64Array.from(values) })

/** A column in runs: so many rows of each category in turn. */
function runs(categories: readonly string[], lengths: readonly (readonly [category: string, rows: number])[]): Column {
  const codes = lengths.flatMap(([category, rows]) => new Array<number>(rows).fill(categories.indexOf(category)))
  return { type: 'categorical', categories, codes: Int32Array.from(codes) }
}

function tableOf(
  n: number,
  columns: Record<string, Column>,
  outcomes: Partial<Pick<SampleTable, 'prediction' | 'label'>> = {},
): SampleTable {
  const nothing = { ids: null, at: null, prediction: null, label: null, scores: new Map(), latencyMs: null }
  return { n, columns: new Map(Object.entries(columns)), ...nothing, ...outcomes }
}

/** 1 … 1000 against 101 … 1100, and categories whose shares change places. */
function drift() {
  const sites = ['north', 'south']
  const table = (from: number, north: number) =>
    tableOf(1000, {
      x: numeric(Array.from({ length: 1000 }, (_, i) => from + i)),
      site: runs(sites, [
        ['north', north],
        ['south', 1000 - north],
      ]),
    })
  const ask = (current: SampleTable) =>
    analyzeDrift({ reference: table(1, 600), current, schema: null }, parametersOf.drift.parse({}), uninterrupted)
      .detail
  const moved = () => ask(table(101, 400)).features
  return [
    knownAnswer(
      'drift of a column',
      'PSI of 1 … 1000 moved by 100',
      closed,
      0.1 * Math.LN2 + 0.0999 * Math.log(1000),
      () => moved()[0].measures.psi,
    ),
    knownAnswer(
      'drift of a column',
      'KS of 1 … 1000 moved by 100',
      closed,
      0.1,
      () => moved()[0].measures.ks?.statistic,
    ),
    knownAnswer(
      'drift of a column',
      'Wasserstein distance of the same',
      closed,
      100,
      () => moved()[0].measures.wasserstein,
    ),
    knownAnswer(
      'drift of a column',
      'chi-square of 600 of 1,000 against 400',
      closed,
      80,
      () => moved()[1].measures.chiSquare?.statistic,
    ),
    knownAnswer(
      'drift verdict',
      'share of columns where all moved',
      counted,
      1,
      () => ask(table(101, 400)).driftedShare.value,
    ),
    knownAnswer(
      'drift verdict',
      'share of columns where none moved',
      counted,
      0,
      () => ask(table(1, 600)).driftedShare.value,
    ),
  ]
}

const classes = ['no', 'yes']
/** 40 hits, 10 misses, 5 false alarms, 45 rightly let pass: rows in that order. */
const judged = () => ({
  label: runs(classes, [
    ['yes', 50],
    ['no', 50],
  ]),
  prediction: runs(classes, [
    ['yes', 40],
    ['no', 10],
    ['yes', 5],
    ['no', 45],
  ]),
})

function performance() {
  const metrics = () =>
    analyzePerformance(
      { current: tableOf(100, {}, judged()), reference: null, task: 'binary', classes, positiveClass: 'yes' },
      parametersOf.performance.parse({ resamples: 50 }),
      uninterrupted,
    ).detail.metrics
  return [
    knownAnswer('performance', 'accuracy', counted, 0.85, () => metrics().accuracy.value),
    knownAnswer('performance', 'precision', counted, 40 / 45, () => metrics().precision.value),
    knownAnswer('performance', 'recall', counted, 0.8, () => metrics().recall.value),
    knownAnswer('performance', 'F1', counted, 80 / 95, () => metrics().f1.value),
  ]
}

/** Of group a 60 of 100 are selected, of group b 30. */
function fairness() {
  const measures = () => {
    const group = runs(
      ['a', 'b'],
      [
        ['a', 100],
        ['b', 100],
      ],
    )
    const prediction = runs(classes, [
      ['yes', 60],
      ['no', 40],
      ['yes', 30],
      ['no', 70],
    ])
    return analyzeFairness(
      { current: tableOf(200, { group }, { prediction, label: prediction }), classes, positiveClass: 'yes' },
      parametersOf.fairness.parse({ groupColumns: ['group'], resamples: 100 }),
      uninterrupted,
    ).detail.measures
  }
  return [
    knownAnswer(
      'fairness',
      'demographic parity difference',
      counted,
      0.3,
      () => measures().demographicParityDifference.value,
    ),
    knownAnswer('fairness', 'demographic parity ratio', counted, 0.5, () => measures().demographicParityRatio.value),
  ]
}

/** The reference says yes to 500 of 1,000, the model now to 650. */
function bias() {
  const said = (yes: number) =>
    tableOf(
      1000,
      {},
      {
        prediction: runs(classes, [
          ['yes', yes],
          ['no', 1000 - yes],
        ]),
      },
    )
  return [
    knownAnswer('prediction bias', 'rise of a class’s share', counted, 0.15, () => {
      const { findings } = analyzeBias(
        { current: said(650), reference: said(500), classes },
        parametersOf.bias.parse({}),
      )
      return findings.find(({ subject }) => subject.metric === 'shareDifference' && subject.className === 'yes')?.value
    }),
  ]
}

/** At one site of two every fourth prediction is wrong, at the other every fiftieth. */
function errors() {
  const n = 4000
  const codes = (pick: (row: number) => number): Column => ({
    ...{ type: 'categorical', categories: classes },
    codes: Int32Array.from({ length: n }, (_, row) => pick(row)),
  })
  const isWrong = (row: number) => row % (row < n / 2 ? 4 : 50) === 0
  return [
    knownAnswer('error slices', 'slices confirmed where one of two sites errs', counted, 1, () => {
      const site = codes((row) => (row < n / 2 ? 0 : 1))
      const outcomes = {
        label: codes((row) => row % 2),
        prediction: codes((row) => (isWrong(row) ? 1 - (row % 2) : row % 2)),
      }
      const { worst } = analyzeErrors(
        { current: tableOf(n, { site }, outcomes), task: 'binary' },
        parametersOf.errors.parse({}),
        uninterrupted,
      ).detail
      return worst.filter(({ isConfirmed }) => isConfirmed).length
    }),
  ]
}

/** Whole questions, from a table to the number on the page. */
export const knownAnalysisChecks = (): Check[] => [...drift(), ...performance(), ...fairness(), ...bias(), ...errors()]
