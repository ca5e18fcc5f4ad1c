import { describe, expect, it } from 'vitest'
import { labelBias, labelBiasParameters } from '../contract/label-bias.ts'
import { uninterrupted } from './answer.ts'
import { analyzeBias } from './bias.ts'
import { analyzeLabelBias } from './bias-labels.ts'
import { parametersOf } from './parameters.ts'
import { categories, tableOf } from './testing/tables.ts'

type Row = readonly [group: string | null, level: string, label: string | null, times: number]

function ask(rows: readonly Row[], changes: object = {}, classes: readonly string[] = ['no', 'yes']) {
  const all = rows.flatMap(([group, level, label, times]) =>
    Array.from({ length: times }, () => [group, level, label] as const),
  )
  const table = tableOf(
    { sex: categories(all.map((row) => row[0])), school: categories(all.map((row) => row[1])) },
    { label: categories(all.map((row) => row[2])) },
  )
  const positiveClass = classes.length === 2 ? classes[1] : null
  const found = analyzeLabelBias(
    { table, classes, positiveClass },
    labelBiasParameters.parse({ groupColumns: ['sex'], ...changes }),
    uninterrupted,
  )
  expect(labelBias.safeParse(found).error).toBeUndefined()
  return found
}

/** Alike within each school; women apply where few are taken. */
const admissions: readonly Row[] = [
  ['m', 'easy', 'yes', 480],
  ['m', 'easy', 'no', 120],
  ['f', 'easy', 'yes', 80],
  ['f', 'easy', 'no', 20],
  ['m', 'hard', 'yes', 20],
  ['m', 'hard', 'no', 80],
  ['f', 'hard', 'yes', 120],
  ['f', 'hard', 'no', 480],
]

describe('bias of labels before training', () => {
  it('computes imbalance, differences and disparities by hand', () => {
    const { classes, imbalance, groups, labels, headline } = ask(admissions)
    expect(classes.map(({ className, share }) => [className, share.value])).toEqual([
      ['no', 0.5],
      ['yes', 0.5],
    ])
    expect(imbalance).toEqual({ ratio: 1, evenness: 1 })
    expect(groups.map(({ group, n, imbalance: gap }) => [group.sex, n, gap])).toEqual([
      ['f', 700, 0],
      ['m', 700, 0],
    ])
    const [{ byGroup, difference, disparity, higher, lower }] = labels
    expect(byGroup.map(({ value }) => value)).toEqual([200 / 700, 500 / 700])
    expect(difference.value).toBeCloseTo(300 / 700, 12)
    expect([higher, lower]).toEqual([{ sex: 'm' }, { sex: 'f' }])
    // Women are 500 of the 700 that were refused, and 200 of the 700 that were taken.
    expect(disparity[0].value).toBeCloseTo(500 / 700 - 200 / 700, 12)
    expect(disparity[1].value).toBeCloseTo(-300 / 700, 12)
    expect(headline.status).toBe('breach')
  })

  it('finds no disparity where rows alike in the control are labelled alike', () => {
    const [{ conditionalDisparity, disparity }] = ask(admissions, { controlColumns: ['school'] }).labels
    expect(conditionalDisparity?.map(({ value }) => value)).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)])
    expect(conditionalDisparity?.[0].interval?.[0]).toBeLessThan(0)
    expect(conditionalDisparity?.[0].interval?.[1]).toBeGreaterThan(0)
    expect(disparity[0].interval?.[0]).toBeGreaterThan(0.3)
  })

  it('weights levels by their rows, and leaves out those with one label alone', () => {
    const rows: Row[] = [
      ['a', 'x', 'yes', 10],
      ['a', 'x', 'no', 30],
      ['b', 'x', 'yes', 30],
      ['b', 'x', 'no', 30],
      ['a', 'y', 'yes', 40],
      ['a', 'y', 'no', 10],
      ['b', 'y', 'yes', 40],
      ['b', 'y', 'no', 110],
      ['a', 'z', 'yes', 500],
    ]
    const [{ conditionalDisparity }] = ask(rows, { controlColumns: ['school'] }).labels
    const x = 30 / 60 - 10 / 40
    const y = 10 / 120 - 40 / 80
    expect(conditionalDisparity?.[0].value).toBeCloseTo((100 * x + 200 * y) / 300, 12)
  })

  it('holds shares against those that were declared', () => {
    const rows: Row[] = [
      ['a', 'x', 'yes', 80],
      ['b', 'x', 'no', 20],
      ['b', 'x', null, 7],
    ]
    const off = ask(rows, { groupColumns: [], targetShares: { yes: 0.5, no: 0.5 } })
    expect(off).toMatchObject({ n: 100, unlabelled: 7, headline: { status: 'breach' } })
    expect(off.classes.map(({ difference, target, status }) => [difference?.value, target, status])).toEqual([
      [expect.closeTo(-0.3, 12), 0.5, 'breach'],
      [expect.closeTo(0.3, 12), 0.5, 'breach'],
    ])
    // Exactly P(|K − 50| >= 30) of a fair coin, the same for both.
    expect(off.classes[0].adjustedPValue).toBeCloseTo(1.1159e-9, 12)
    expect(ask(rows, { groupColumns: [], targetShares: { yes: 0.8 } }).headline.status).toBe('ok')
    expect(ask(rows, { groupColumns: [], targetShares: { yes: 0.8, no: 0.8 } }).headline).toMatchObject({
      status: 'insufficient',
      text: expect.stringContaining('add up to 1.6'),
    })
  })

  it('compares every class of several, and shows small and unknown groups without judging them', () => {
    const rows: Row[] = ['cat', 'dog', 'hen'].flatMap((label, i): Row[] => [
      ['a', 'x', label, 40 + 30 * i],
      ['b', 'x', label, 60],
      ['c', 'x', label, 2],
      [null, 'x', label, 50],
    ])
    const { labels, groups } = ask(rows, {}, ['cat', 'dog', 'hen'])
    expect(labels.map(({ className }) => className)).toEqual(['cat', 'dog', 'hen'])
    expect(groups.map(({ group, status }) => [group.sex, status])).toEqual([
      ['a', 'ok'],
      ['b', 'ok'],
      ['c', 'insufficient'],
      ['(missing)', 'insufficient'],
    ])
    expect(labels[0].difference.value).toBeCloseTo(60 / 180 - 40 / 210, 12)
    expect(labels[0].disparity[3].value).toBeNull()
  })

  it.each([
    ['no labels', [['a', 'x', null, 50]] as Row[], {}, 'no row has a label'],
    ['no rows', [] as Row[], {}, 'no row has a label'],
    ['no column', admissions, { groupColumns: ['race'] }, 'the rows have no column race'],
  ])('says why it cannot be judged: %s', (_, rows, changes, reason) => {
    expect(ask(rows, changes).headline).toEqual({
      status: 'insufficient',
      text: `Bias of the labels cannot be judged: ${reason}`,
    })
  })

  it('has an answer where one class or one group is all there is', () => {
    const one = ask([['a', 'x', 'yes', 100]])
    expect(one.imbalance.ratio).toBeNull()
    expect(one.labels[0].disparity[0].value).toBeNull()
    expect(one.labels[0].difference.value).toBeNull()
  })
})

describe('predictions against declared shares', () => {
  const table = (counts: Record<string, number>) =>
    tableOf({}, { prediction: categories(Object.entries(counts).flatMap(([name, n]) => new Array(n).fill(name))) })
  const judge = (counts: Record<string, number>, targetShares: Record<string, number>) =>
    analyzeBias(
      { current: table(counts), reference: null, classes: ['cat', 'dog'] },
      parametersOf.bias.parse({ targetShares }),
    )

  it('needs no reference', () => {
    const { headline, findings, detail } = judge({ cat: 300, dog: 700 }, { cat: 0.5, dog: 0.5 })
    expect(headline).toMatchObject({ status: 'breach' })
    expect(headline.text).toContain('and 50 % is declared, n 1,000')
    expect(detail.classes[1]).toMatchObject({
      reference: { value: 0.5, n: 0, interval: null, note: 'declared' },
      difference: { value: expect.closeTo(0.2, 12) },
      ratio: { value: expect.closeTo(1.4, 12) },
    })
    expect(findings.map(({ subject, status }) => [subject.metric, subject.className, status])).toEqual([
      ['shareDifference', 'cat', 'breach'],
      ['shareRatio', 'cat', 'breach'],
      ['shareDifference', 'dog', 'breach'],
      ['shareRatio', 'dog', 'breach'],
    ])
  })

  it('judges only what was declared, and nothing where there is too little or shares make no sense', () => {
    expect(judge({ cat: 480, dog: 520 }, { dog: 0.5 }).findings.map(({ subject }) => subject.className)).toEqual([
      'dog',
      'dog',
    ])
    expect(judge({ cat: 4, dog: 5 }, { dog: 0.1 }).headline.status).toBe('insufficient')
    expect(judge({ cat: 480, dog: 520 }, { hen: 0.5 }).headline).toMatchObject({
      status: 'insufficient',
      text: expect.stringContaining('there is no class hen'),
    })
    const none = analyzeBias(
      { current: table({ cat: 50 }), reference: null, classes: ['cat', 'dog'] },
      parametersOf.bias.parse({}),
    )
    expect(none.headline.status).toBe('insufficient')
  })
})
