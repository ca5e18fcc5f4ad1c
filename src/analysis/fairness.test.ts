import { describe, expect, it } from 'vitest'
import type { CategoricalColumn, Column, SampleTable } from '../contract/table.ts'
import { createRandom, randomInteger, randomUniform } from '../stats/random.ts'
import { AnalysisCancelled, uninterrupted } from './answer.ts'
import { analyzeFairness } from './fairness.ts'
import { parametersOf } from './parameters.ts'

function categories(values: readonly (string | null)[]): CategoricalColumn {
  const names = [...new Set(values.filter((value) => value !== null))]
  return {
    type: 'categorical',
    codes: Int32Array.from(values, (value) => (value === null ? -1 : names.indexOf(value))),
    categories: names,
  }
}

function tableOf(columns: Record<string, Column>, prediction: Column | null, label: Column | null): SampleTable {
  const n = prediction?.type === 'categorical' ? prediction.codes.length : (prediction?.values.length ?? 0)
  return {
    n,
    columns: new Map(Object.entries(columns)),
    ids: null,
    at: null,
    prediction,
    label,
    scores: new Map(),
    latencyMs: null,
  }
}

type Row = readonly [group: string | null, prediction: string | null, label: string | null, times: number]

function fromRows(rows: readonly Row[]): SampleTable {
  const all = rows.flatMap(([group, prediction, label, times]) =>
    Array.from({ length: times }, () => [group, prediction, label] as const),
  )
  const column = (index: 0 | 1 | 2) => categories(all.map((row) => row[index]))
  return tableOf({ sex: column(0) }, column(1), column(2))
}

const ask = (
  current: SampleTable,
  changes: object = {},
  classes = ['no', 'yes'],
  positiveClass: string | null = 'yes',
) =>
  analyzeFairness(
    { current, classes, positiveClass },
    parametersOf.fairness.parse({ groupColumns: ['sex'], ...changes }),
    uninterrupted,
  )

/** A: 40 of 100 selected, 30 of 50 positives found; B: 20 of 100 selected, 10 of 50 found. */
const unequal: readonly Row[] = [
  ['A', 'yes', 'yes', 30],
  ['A', 'no', 'yes', 20],
  ['A', 'yes', 'no', 10],
  ['A', 'no', 'no', 40],
  ['B', 'yes', 'yes', 10],
  ['B', 'no', 'yes', 40],
  ['B', 'yes', 'no', 10],
  ['B', 'no', 'no', 40],
]

describe('fairness', () => {
  it('computes every rate and measure by hand', () => {
    const { detail, findings, headline } = ask(fromRows(unequal))
    const [a, b] = detail.groups
    expect(a.group).toEqual({ sex: 'A' })
    expect([a.n, a.labelled]).toEqual([100, 100])
    expect(a.selectionRate.value).toBe(0.4)
    expect(a.truePositiveRate.value).toBe(0.6)
    expect(a.falseNegativeRate.value).toBe(0.4)
    expect(a.falsePositiveRate.value).toBe(0.2)
    expect(a.trueNegativeRate.value).toBe(0.8)
    expect(a.precision.value).toBe(0.75)
    expect(a.accuracy.value).toBe(0.7)
    expect(b.truePositiveRate).toMatchObject({ value: 0.2, n: 50 })
    const values = Object.fromEntries(Object.entries(detail.measures).map(([name, { value }]) => [name, value]))
    expect(values).toEqual({
      demographicParityDifference: 0.2,
      demographicParityRatio: 0.5,
      equalizedOddsDifference: expect.closeTo(0.4, 12),
      equalizedOddsRatio: expect.closeTo(1 / 3, 12),
      equalOpportunityDifference: expect.closeTo(0.4, 12),
      predictiveParityDifference: 0.25,
      accuracyDifference: expect.closeTo(0.2, 12),
      disparateImpact: 0.5,
    })
    expect(findings.map(({ subject }) => subject)).toContainEqual({ metric: 'equalizedOddsDifference', column: 'sex' })
    expect(headline.status).toBe('breach')
    expect(headline.text).toContain('true positive rate 0.6 of sex=A against 0.2 of sex=B')
  })

  it('gives the same answer for the same seed, another interval for another', () => {
    expect(ask(fromRows(unequal))).toEqual(ask(fromRows(unequal)))
    const other = ask(fromRows(unequal), { seed: 2 }).detail.measures.accuracyDifference
    expect(other.value).toBe(ask(fromRows(unequal)).detail.measures.accuracyDifference.value)
    expect(other.interval).not.toEqual(ask(fromRows(unequal)).detail.measures.accuracyDifference.interval)
  })

  it('shows small and missing groups without judging them', () => {
    const { detail } = ask(fromRows([...unequal, ['C', 'yes', 'no', 5], [null, 'yes', 'no', 60]]))
    expect(detail.groups.map(({ group, n, status }) => [group.sex, n, status])).toEqual([
      ['A', 100, 'breach'],
      ['B', 100, 'breach'],
      ['C', 5, 'insufficient'],
      ['(missing)', 60, 'insufficient'],
    ])
    expect(detail.measures.demographicParityDifference.value).toBe(0.2)
    expect(detail.overall.n).toBe(265)
  })

  it('says nothing of one group, and says why', () => {
    const { detail, headline, findings } = ask(fromRows(unequal.slice(0, 4)))
    expect(headline).toMatchObject({ status: 'insufficient' })
    expect(detail.measures.demographicParityDifference).toMatchObject({ value: null, interval: null })
    expect(findings.every(({ status }) => status === 'insufficient')).toBe(true)
  })

  it('compares selection rates where labels are missing', () => {
    const { detail, headline } = ask(
      fromRows([
        ['A', 'yes', null, 50],
        ['A', 'no', null, 50],
        ['B', 'yes', null, 52],
        ['B', 'no', null, 48],
      ]),
    )
    expect(detail.measures.demographicParityDifference.value).toBeCloseTo(0.02, 12)
    expect(detail.measures.accuracyDifference.note).toBe('fewer than two groups have a label to compare')
    expect(headline.text).toContain('without labels only selection rates')
  })

  it('leaves rows without a prediction out', () => {
    const { detail } = ask(fromRows([...unequal, ['A', null, 'yes', 30]]))
    expect(detail.overall.n).toBe(200)
  })

  it('crosses columns, and reads numbers by value or by quarter', () => {
    const n = 400
    const current = tableOf(
      {
        sex: categories(Array.from({ length: n }, (_, i) => (i % 2 ? 'A' : 'B'))),
        member: { type: 'numeric', values: Float64Array.from({ length: n }, (_, i) => (i % 4 < 2 ? 1 : 0)) },
        age: { type: 'numeric', values: Float64Array.from({ length: n }, (_, i) => (i === 7 ? Number.NaN : i)) },
      },
      { type: 'numeric', values: Float64Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0)) },
      null,
    )
    const crossed = ask(current, { groupColumns: ['sex', 'member'] }, ['0', '1'], '1').detail
    expect(crossed.groups.map(({ group }) => group)).toEqual([
      { sex: 'A', member: '0' },
      { sex: 'A', member: '1' },
      { sex: 'B', member: '0' },
      { sex: 'B', member: '1' },
    ])
    expect(crossed.groups.reduce((sum, row) => sum + row.n, 0)).toBe(n)
    const byAge = ask(current, { groupColumns: ['age'] }, ['0', '1'], '1').detail
    expect(byAge.groups.map(({ group, n: rows }) => [group.age, rows])).toEqual([
      ['up to 100', 100],
      ['above 100 to 200', 100],
      ['above 200 to 300', 100],
      ['above 300', 99],
      ['(missing)', 1],
    ])
  })

  it('takes one class of many against the rest', () => {
    const { detail } = ask(
      fromRows([
        ['A', 'cat', 'cat', 40],
        ['A', 'dog', 'hen', 60],
        ['B', 'cat', 'dog', 40],
        ['B', 'hen', 'hen', 60],
      ]),
      {},
      ['cat', 'dog', 'hen'],
      'cat',
    )
    expect(detail.groups.map((row) => row.truePositiveRate.value)).toEqual([1, null])
    expect(detail.groups[1].falsePositiveRate.value).toBe(0.4)
  })

  it('keeps the largest groups of too many, and counts the rest', () => {
    const rows = Array.from({ length: 30 }, (_, i): Row => [`g${String(i).padStart(2, '0')}`, 'yes', 'yes', 40 + i])
    const { detail, headline } = ask(fromRows(rows), { maxGroups: 10 })
    expect(detail.groups.map(({ group }) => group.sex)).toEqual(Array.from({ length: 10 }, (_, i) => `g${20 + i}`))
    expect(headline.text).toContain('20 groups too small, missing or too many')
  })

  it.each([
    [{ groupColumns: [] }, ['no', 'yes'], 'yes', 'no group column is named'],
    [{ groupColumns: ['age', 'race'] }, ['no', 'yes'], 'yes', 'the samples have no column age and race'],
    [{}, [], null, 'rates are compared for a class, and a regression has none'],
    [{}, ['a', 'b', 'c'], null, 'which of 3 classes is compared is not said'],
  ])('refuses what cannot be asked: %j', (changes, classes, positiveClass, reason) => {
    const { headline, findings } = ask(fromRows(unequal), changes, classes, positiveClass)
    expect(headline).toEqual({ status: 'insufficient', text: `Fairness cannot be judged: ${reason}` })
    expect(findings).toHaveLength(7)
    expect(findings.every(({ value, status }) => value === null && status === 'insufficient')).toBe(true)
  })

  it('has an answer for an empty table', () => {
    expect(ask(fromRows([])).headline.status).toBe('insufficient')
  })

  it('stops when cancelled', () => {
    const run = () =>
      analyzeFairness(
        { current: fromRows(unequal), classes: ['no', 'yes'], positiveClass: 'yes' },
        parametersOf.fairness.parse({ groupColumns: ['sex'] }),
        { cancellation: { aborted: true }, onProgress: () => {} },
      )
    expect(run).toThrow(AnalysisCancelled)
  })

  it('calls chance by its name: no lower bound above zero where all are treated alike, more often than stated', () => {
    const random = createRandom(3)
    const names = ['a', 'b', 'c', 'd', 'e', 'f']
    const trials = 200
    let aboveZero = 0
    let breaches = 0
    for (let trial = 0; trial < trials; trial++) {
      const rows: Row[] = Array.from({ length: 400 }, () => [
        names[randomInteger(random, names.length)],
        randomUniform(random) < 0.3 ? 'yes' : 'no',
        randomUniform(random) < 0.5 ? 'yes' : 'no',
        1,
      ])
      const { detail, findings } = ask(fromRows(rows), { resamples: 200 })
      if ((detail.measures.demographicParityDifference.interval?.[0] ?? 0) > 0) aboveZero++
      if (findings.some(({ status }) => status === 'breach')) breaches++
    }
    // 2.5 % nominal; twelve of 200 is four standard errors above it.
    expect(aboveZero).toBeLessThanOrEqual(12)
    // Any of seven measures; each also needs its bound past the limit.
    expect(breaches).toBeLessThanOrEqual(8)
  })

  it('holds the true gap as often as stated', () => {
    const random = createRandom(5)
    const rates: Record<string, number> = { a: 0.2, b: 0.35, c: 0.3 }
    const trials = 200
    let missed = 0
    for (let trial = 0; trial < trials; trial++) {
      const rows: Row[] = Object.keys(rates).flatMap((name) =>
        Array.from({ length: 120 }, (): Row => [name, randomUniform(random) < rates[name] ? 'yes' : 'no', null, 1]),
      )
      const [low, high] = ask(fromRows(rows), { resamples: 200 }).detail.measures.demographicParityDifference
        .interval ?? [0, 0]
      if (low > 0.15 || high < 0.15) missed++
    }
    // 5 % nominal; 23 of 200 is four standard errors above it.
    expect(missed).toBeLessThanOrEqual(22)
  })
})
