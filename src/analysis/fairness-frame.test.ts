import { describe, expect, it } from 'vitest'
import type { SampleTable } from '../contract/table.ts'
import { uninterrupted } from './answer.ts'
import { analyzeFairness } from './fairness.ts'
import { parametersOf } from './parameters.ts'
import { categories, tableOf } from './testing/tables.ts'

type Row = readonly [group: string, level: string | null, prediction: string, label: string | null, times: number]

function fromRows(rows: readonly Row[], score?: (row: Row) => number): SampleTable {
  const all = rows.flatMap((row) => Array.from({ length: row[4] }, () => row))
  return tableOf(
    { sex: categories(all.map((row) => row[0])), school: categories(all.map((row) => row[1])) },
    {
      prediction: categories(all.map((row) => row[2])),
      label: categories(all.map((row) => row[3])),
      scores: score ? new Map([['yes', Float64Array.from(all, score)]]) : new Map(),
    },
  )
}

const ask = (current: SampleTable, changes: object = {}) =>
  analyzeFairness(
    { current, classes: ['no', 'yes'], positiveClass: 'yes' },
    parametersOf.fairness.parse({ groupColumns: ['sex'], ...changes }),
    uninterrupted,
  )

/** Each school takes men and women alike; more women apply where few are taken. */
const paradox: readonly Row[] = [
  ['m', 'easy', 'yes', 'yes', 480],
  ['m', 'easy', 'no', 'no', 120],
  ['f', 'easy', 'yes', 'yes', 80],
  ['f', 'easy', 'no', 'no', 20],
  ['m', 'hard', 'yes', 'yes', 20],
  ['m', 'hard', 'no', 'no', 80],
  ['f', 'hard', 'yes', 'yes', 120],
  ['f', 'hard', 'no', 'no', 480],
]

describe('fairness within the levels of what is controlled for', () => {
  it('finds no gap where each level treats groups alike, though all rows together show one', () => {
    const { detail, findings, headline } = ask(fromRows(paradox), { controlColumns: ['school'] })
    expect(detail.measures.demographicParityDifference.value).toBeCloseTo(500 / 700 - 200 / 700, 12)
    const { control } = detail
    expect(control?.combined.demographicParityDifference.value).toBeCloseTo(0, 12)
    expect(control?.combined.demographicParityRatio.value).toBeCloseTo(1, 12)
    expect(control?.levels.map(({ level, measures }) => [level, measures.demographicParityDifference.value])).toEqual([
      [{ school: 'easy' }, expect.closeTo(0, 12)],
      [{ school: 'hard' }, expect.closeTo(0, 12)],
    ])
    expect(control?.coveredShare).toBe(1)
    const given = findings.filter(({ subject }) => subject.column === 'sex given school')
    expect(given.find(({ subject }) => subject.metric === 'demographicParityDifference')?.status).toBe('ok')
    expect(headline).toMatchObject({ status: 'breach', text: expect.stringContaining('given school it is 0 (') })
  })

  it('weights levels as Mantel and Haenszel do', () => {
    const rows: Row[] = [
      ['m', 'a', 'yes', null, 30],
      ['m', 'a', 'no', null, 70],
      ['f', 'a', 'yes', null, 20],
      ['f', 'a', 'no', null, 80],
      ['m', 'b', 'yes', null, 30],
      ['m', 'b', 'no', null, 10],
      ['f', 'b', 'yes', null, 60],
      ['f', 'b', 'no', null, 100],
    ]
    const { control } = ask(fromRows(rows), { controlColumns: ['school'] }).detail
    const [a, b] = [(100 * 100) / 200, (40 * 160) / 200]
    expect(control?.combined.demographicParityDifference.value).toBeCloseTo(
      (a * 0.1 + b * (0.75 - 0.375)) / (a + b),
      12,
    )
    expect(control?.combined.demographicParityRatio.value).toBeCloseTo((a * 0.2 + b * 0.375) / (a * 0.3 + b * 0.75), 12)
  })

  it('leaves out of the combination what it cannot compare, and says how much is left', () => {
    const { control } = ask(
      fromRows([
        ...paradox,
        ['f', 'evening', 'yes', 'yes', 90],
        ['m', 'evening', 'no', 'no', 10],
        ['f', null, 'no', 'no', 200],
      ]),
      { controlColumns: ['school'] },
    ).detail
    expect(control?.combined.demographicParityDifference).toMatchObject({ value: expect.closeTo(0, 12), n: 1400 })
    expect(control?.coveredShare).toBeCloseTo(1400 / 1700, 12)
    const evening = control?.levels.find(({ level }) => level.school === 'evening')
    expect(evening?.measures.demographicParityDifference.value).toBeNull()
    expect(evening?.groups.map(({ n, status }) => [n, status])).toEqual([
      [90, 'ok'],
      [10, 'insufficient'],
    ])
  })

  it('shows a gap that only the control brings to light', () => {
    const rows: Row[] = [
      ['m', 'a', 'yes', null, 240],
      ['m', 'a', 'no', null, 60],
      ['f', 'a', 'yes', null, 360],
      ['f', 'a', 'no', null, 240],
      ['m', 'b', 'yes', null, 240],
      ['m', 'b', 'no', null, 360],
      ['f', 'b', 'yes', null, 60],
      ['f', 'b', 'no', null, 240],
    ]
    const { headline } = ask(fromRows(rows), { controlColumns: ['school'], maxDifference: 0.1, minRatio: 0 })
    expect(headline).toMatchObject({ status: 'breach', text: expect.stringContaining('by sex given school is 0.2 (') })
  })

  it.each([
    [{ controlColumns: ['town'] }, 'no column town'],
    [{ controlColumns: ['sex'] }, 'sex cannot be compared and controlled for at once'],
    [{ privileged: { school: 'easy' } }, 'names school, which groups nothing'],
    [{ groupColumns: ['sex', 'school'], privileged: { sex: 'm' } }, 'needs a value of school'],
  ])('refuses %j', (changes, reason) => {
    expect(ask(fromRows(paradox), changes).headline).toMatchObject({
      status: 'insufficient',
      text: expect.stringContaining(reason),
    })
  })
})

describe('selection against a privileged group', () => {
  const rows: Row[] = [
    ['m', null, 'yes', null, 50],
    ['m', null, 'no', null, 50],
    ['f', null, 'yes', null, 80],
    ['f', null, 'no', null, 120],
    ['x', null, 'yes', null, 30],
    ['x', null, 'no', null, 20],
  ]

  it('divides by the largest group, or by the one that is named', () => {
    const largest = ask(fromRows(rows))
    expect(largest.detail.disparateImpact).toMatchObject({ privileged: { sex: 'f' }, isNamed: false })
    expect(largest.detail.measures.disparateImpact.value).toBeCloseTo(0.5 / 0.4, 12)
    expect(largest.findings.map(({ subject }) => subject.metric)).not.toContain('disparateImpact')
    const named = ask(fromRows(rows), { privileged: { sex: 'x' } })
    expect(named.detail.disparateImpact?.ratios.map(({ group, ratio }) => [group.sex, ratio.value])).toEqual([
      ['f', expect.closeTo(0.4 / 0.6, 12)],
      ['m', expect.closeTo(0.5 / 0.6, 12)],
    ])
    const finding = named.findings.find(({ subject }) => subject.metric === 'disparateImpact')
    expect(finding?.message).toContain('selection rate 0.4 of sex=f against 0.6 of sex=x')
    expect(finding?.interval?.[0]).toBeLessThan(0.66)
  })

  it('says so when the group is not there', () => {
    const { measures } = ask(fromRows(rows), { privileged: { sex: 'y' } }).detail
    expect(measures.disparateImpact).toMatchObject({
      value: null,
      note: 'the privileged group is not there, or too small to be judged',
    })
  })
})

describe('any metric by group', () => {
  const rows: Row[] = [
    ['A', null, 'yes', 'yes', 30],
    ['A', null, 'no', 'yes', 20],
    ['A', null, 'yes', 'no', 10],
    ['A', null, 'no', 'no', 40],
    ['B', null, 'yes', 'yes', 10],
    ['B', null, 'no', 'yes', 40],
    ['B', null, 'yes', 'no', 10],
    ['B', null, 'no', 'no', 40],
  ]

  it('computes each by hand, with its contrasts and worst group', () => {
    const { detail, findings } = ask(fromRows(rows), { metrics: ['f1', 'balancedAccuracy', 'falseNegativeRate'] })
    const [f1, balanced, missed] = detail.frames ?? []
    expect(f1.byGroup.map(({ value }) => value)).toEqual([expect.closeTo(60 / 90, 12), expect.closeTo(20 / 70, 12)])
    expect(f1.overall.value).toBeCloseTo(80 / 160, 12)
    expect(f1.difference.value).toBeCloseTo(60 / 90 - 20 / 70, 12)
    expect(f1.ratio.value).toBeCloseTo(20 / 70 / (60 / 90), 12)
    expect(f1.worst).toEqual({ sex: 'B' })
    expect(balanced.byGroup.map(({ value }) => value)).toEqual([0.7, 0.5])
    expect(missed.byGroup.map(({ value }) => value)).toEqual([0.4, 0.8])
    expect(missed.worst).toEqual({ sex: 'B' })
    for (const { difference } of [f1, balanced, missed]) {
      expect(difference.interval?.[0]).toBeGreaterThan(0)
      expect(difference.interval?.[0]).toBeLessThan(difference.value ?? 0)
      expect(difference.interval?.[1]).toBeGreaterThan(difference.value ?? 1)
    }
    expect(findings.map(({ subject }) => subject.metric)).toEqual(
      expect.arrayContaining(['f1Difference', 'f1Ratio', 'falseNegativeRateRatio']),
    )
  })

  it('says what is missing for a metric', () => {
    const [auc] = ask(fromRows(rows), { metrics: ['rocAuc'] }).detail.frames ?? []
    expect(auc.byGroup.map(({ note }) => note)).toEqual([
      'there are no scores in [0, 1]',
      'there are no scores in [0, 1]',
    ])
    expect(auc.difference).toMatchObject({ value: null, note: 'fewer than two groups have it' })
    expect(auc.worst).toBeNull()
  })

  it('tells whether scores mean the same in every group', () => {
    const score = ([group, , , label]: Row) => (group === 'A' ? 0.5 : 0.25) + (label === 'yes' ? 0.05 : -0.05)
    const { detail, findings } = ask(fromRows(rows, score), { metrics: ['rocAuc', 'calibrationBias', 'brier'] })
    const [a, b] = detail.calibration ?? []
    expect(a).toMatchObject({ group: { sex: 'A' }, n: 100, observed: { value: 0.5 } })
    expect(a.meanScore.value).toBeCloseTo(0.5, 12)
    expect(a.bias.value).toBeCloseTo(0, 12)
    expect(b.bias.value).toBeCloseTo(0.25, 12)
    expect(b.bins.map(({ n, observed }) => [n, observed.value])).toEqual([
      [50, 0],
      [50, 1],
    ])
    expect(detail.measures.calibrationDifference.value).toBeCloseTo(0.25, 12)
    expect(detail.frames?.[0].byGroup.map(({ value }) => value)).toEqual([1, 1])
    expect(findings.map(({ subject }) => subject.metric)).toContain('calibrationDifference')
    expect(findings.map(({ subject }) => subject.metric)).not.toContain('calibrationBiasRatio')
  })

  it('takes no scores that are not probabilities', () => {
    expect(ask(fromRows(rows, () => 3)).detail.calibration).toBeUndefined()
  })

  it('gives rates the interval that is asked for', () => {
    const of = (rateInterval: string) => ask(fromRows(rows), { rateInterval }).detail.groups[0].accuracy.interval
    // Clopper and Pearson for 70 of 100.
    expect(of('exact')?.[0]).toBeCloseTo(0.6001853, 6)
    expect(of('exact')?.[1]).toBeCloseTo(0.7875936, 6)
    expect(of('wilson')?.[0]).toBeCloseTo(0.6041515, 6)
    expect(of('bootstrap')?.[0]).toBeCloseTo(0.61, 1)
  })
})

describe('the n that fairness needs', () => {
  it('says what each group would need, and which have less', () => {
    const rows: Row[] = [
      ['A', null, 'yes', 'yes', 300],
      ['A', null, 'no', 'no', 300],
      ['B', null, 'yes', 'yes', 40],
      ['B', null, 'no', 'no', 40],
    ]
    const { detail, headline, findings } = ask(fromRows(rows))
    const selection = detail.power?.rates.find(({ metric }) => metric === 'selectionRate')
    // Two groups of 388 find 0.5 against 0.6 with probability 0.8 at 0.05.
    expect(detail.power).toMatchObject({ difference: 0.1, power: 0.8, comparisons: 1 })
    expect(selection).toMatchObject({
      expected: 0.5,
      neededN: 388,
      neededRows: 388,
      short: [{ group: { sex: 'B' }, n: 80 }],
    })
    expect(headline).toMatchObject({ status: 'ok', text: expect.stringContaining('and sex=B has 80') })
    expect(findings[0].message).toContain(
      'to find a difference of 0.1 in 80 % of cases takes 388 predictions a group, and sex=B has 80',
    )
  })

  it('shares the level among all pairs of groups', () => {
    const rows = ['a', 'b', 'c', 'd'].map((group): Row => [group, null, 'yes', null, 50])
    expect(ask(fromRows(rows)).detail.power).toMatchObject({ comparisons: 6, alpha: expect.closeTo(0.05 / 6, 12) })
  })
})
