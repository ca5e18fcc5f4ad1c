import { describe, expect, it } from 'vitest'
import type { CategoricalColumn, Column, NumericColumn, SampleTable } from '../../contract/table.ts'
import { ndcg } from '../../stats/ndcg.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { compareAttributions } from './attribution-drift.ts'
import { rankDrivers } from './drivers.ts'
import { type EnvelopeOptions, judgeEnvelope, placeSample } from './envelope.ts'

const numbers = (n: number, draw: (row: number) => number): NumericColumn => ({
  type: 'numeric',
  values: Float64Array.from({ length: n }, (_, row) => draw(row)),
})
const categories = ['day', 'night']
const classes = (n: number, draw: (row: number) => number): CategoricalColumn => ({
  type: 'categorical',
  codes: Int32Array.from({ length: n }, (_, row) => draw(row)),
  categories,
})
const table = (n: number, columns: [string, Column][], more: Partial<SampleTable> = {}): SampleTable => ({
  ...{
    n,
    columns: new Map(columns),
    ids: Array.from({ length: n }, (_, i) => `s${i}`),
    at: null,
    prediction: null,
    label: null,
  },
  ...{ scores: new Map(), latencyMs: null },
  ...more,
})
/** Light and warmth go together; the part of the day is free. */
function draw(n: number, random: Random, outside = 0): SampleTable {
  const light = Array.from({ length: n }, () => randomNormal(random))
  return table(n, [
    ['light', numbers(n, (row) => light[row] + (row < outside ? 9 : 0))],
    ['warmth', numbers(n, (row) => light[row] + 0.3 * randomNormal(random))],
    ['part', classes(n, () => randomInteger(random, 2))],
  ])
}
const names = ['light', 'warmth', 'part']
const options: EnvelopeOptions = {
  ...{ envelopeLevel: 0.01, envelopeThreshold: 0.05, envelopeRows: 500, alpha: 0.05, confidence: 0.95, seed: 1 },
}

describe('the envelope', () => {
  it('finds the samples that the reference never showed, and says in what', () => {
    const random = createRandom(1)
    const found = judgeEnvelope(draw(1500, random), draw(400, random, 40), names, options, uninterrupted)
    if (typeof found === 'string') throw new Error(found)
    expect(found.status).toBe('breach')
    expect(found.share.value).toBeGreaterThan(0.09)
    expect(found.share.value).toBeLessThan(0.16)
    expect(found.furthest).toHaveLength(10)
    expect(found.furthest.every(({ id }) => Number(id?.slice(1)) < 40)).toBe(true)
    expect(found.furthest[0].reasons[0].column).toBe('light')
    expect(found.sentence).toMatch(
      /lie further out than all but 1 % of the reference, p < 0.0001; the furthest mostly in light/,
    )
  })

  it('sees values that are usual alone and not together', () => {
    const random = createRandom(2)
    const reference = draw(1500, random)
    const odd = table(1, [
      ['light', numbers(1, () => 1.5)],
      ['warmth', numbers(1, () => -1.5)],
      ['part', classes(1, () => 0)],
    ])
    const placed = placeSample(reference, odd, names, options)
    if (typeof placed === 'string') throw new Error(placed)
    expect(placed.pValue).toBeLessThan(0.01)
    expect(placed.sentence).toMatch(/^Outside of what the reference shows, most by (light|warmth)/)
    const usual = placeSample(reference, draw(1, random), names, options)
    expect(typeof usual === 'string' ? usual : usual.pValue).toBeGreaterThan(0.01)
  })

  it('is quiet about the like, and says when it cannot tell', () => {
    const random = createRandom(3)
    const same = judgeEnvelope(draw(1500, random), draw(400, random), names, options, uninterrupted)
    expect(same).toMatchObject({ status: 'ok' })
    expect(judgeEnvelope(draw(60, random), draw(400, random), names, options, uninterrupted)).toContain('99 needed')
    expect(judgeEnvelope(draw(10, random), draw(400, random), names, options, uninterrupted)).toContain('too few')
    expect(judgeEnvelope(draw(500, random), draw(4, random), names, options, uninterrupted)).toContain('4 samples')
    const other = table(50, [['size', numbers(50, () => randomNormal(random))]])
    expect(judgeEnvelope(other, draw(400, random), ['size'], options, uninterrupted)).toContain('no column in common')
  })
})

describe('attribution drift', () => {
  const sizes = (random: Random, n: number, means: Record<string, number>) =>
    new Map(
      Object.entries(means).map(([name, mean]) => [
        name,
        Float64Array.from({ length: n }, () => Math.abs(mean * (1 + 0.3 * randomNormal(random)))),
      ]),
    )
  const asked = { threshold: 0.9, alpha: 0.05, confidence: 0.95, seed: 1 }

  it('is found where another column decides, with the places that moved', () => {
    const random = createRandom(4)
    const before = sizes(random, 150, { light: 5, sound: 1, motion: 0.5 })
    const now = sizes(random, 150, { light: 0.3, sound: 1, motion: 6 })
    const found = compareAttributions(before, now, asked)
    expect(found).toMatchObject({ status: 'breach' })
    expect(found?.ndcg.value).toBeLessThan(0.7)
    expect(found?.pValue).toBeLessThan(0.001)
    const meansOf = (sides: ReadonlyMap<string, Float64Array>) =>
      [...sides.values()].map((values) => values.reduce((sum, value) => sum + value, 0) / values.length)
    expect(found?.ndcg.value).toBeCloseTo(ndcg(meansOf(before), meansOf(now)) ?? 0, 12)
    expect(found?.columns.map(({ column, placeBefore, placeNow }) => [column, placeBefore, placeNow])).toEqual([
      ['light', 1, 3],
      ['sound', 2, 2],
      ['motion', 3, 1],
    ])
    expect(found?.sentence).toContain('light from place 1 to 3 and motion from place 3 to 1')
  })

  it('is not found where nothing moved, and cannot be said of one column', () => {
    const random = createRandom(5)
    const means = { light: 5, sound: 1, motion: 0.5 }
    expect(compareAttributions(sizes(random, 150, means), sizes(random, 150, means), asked)).toMatchObject({
      status: 'ok',
    })
    expect(compareAttributions(sizes(random, 9, { light: 1 }), sizes(random, 9, { light: 1 }), asked)).toBeNull()
    expect(compareAttributions(sizes(random, 9, { a: 0, b: 0 }), sizes(random, 9, { a: 0, b: 0 }), asked)).toBeNull()
  })
})

describe('drifts that go with a fall in performance', () => {
  const hour = 3_600_000
  /** Forty-eight hours; at night light is gone and a quarter of the answers are wrong. Noise drifts as well, at other times. */
  function days(random: Random, hours = 48): SampleTable {
    const n = hours * 50
    const hourOf = (row: number) => Math.floor(row / 50)
    const isNight = (row: number) => hourOf(row) % 24 >= 18 || hourOf(row) % 24 < 6
    const label = classes(n, () => randomInteger(random, 2))
    const wrong = (row: number) => randomUniform(random) < (isNight(row) ? 0.25 : 0.03)
    return table(
      n,
      [
        ['light', numbers(n, (row) => randomNormal(random) - (isNight(row) ? 3 : 0))],
        ['noise', numbers(n, (row) => randomNormal(random) + (hourOf(row) % 7 < 3 ? 2 : 0))],
        ['part', classes(n, () => randomInteger(random, 2))],
      ],
      {
        at: Float64Array.from({ length: n }, (_, row) => 1_700_000_400_000 + row * (hour / 50)),
        label,
        prediction: classes(n, (row) => (wrong(row) ? 1 - label.codes[row] : label.codes[row])),
      },
    )
  }
  const referenceOf = (random: Random) =>
    table(2000, [
      ['light', numbers(2000, () => randomNormal(random))],
      ['noise', numbers(2000, () => randomNormal(random))],
      ['part', classes(2000, () => randomInteger(random, 2))],
    ])
  const asked = { task: 'binary', confidence: 0.95, alpha: 0.05 } as const

  it('are told apart from drifts that do not matter', () => {
    const random = createRandom(6)
    const found = rankDrivers(referenceOf(random), days(random), ['light', 'noise', 'part'], asked)
    if (typeof found === 'string') throw new Error(found)
    expect(found).toMatchObject({ spanMs: hour, spans: 48, metric: 'accuracy' })
    const [first, ...others] = found.columns
    expect(first.column).toBe('light')
    expect(first.adjustedPValue).toBeLessThan(0.01)
    expect(first.correlation.interval?.[0]).toBeGreaterThan(0.2)
    expect(others.every(({ adjustedPValue }) => (adjustedPValue ?? 0) > 0.05)).toBe(true)
    expect(found.sentence).toMatch(
      /^Accuracy falls when light \(rank correlation 0\.\d+ \(.*\)\) drifts, over 48 spans of 60 minutes/,
    )
  })

  it('follow the errors of a regression', () => {
    const random = createRandom(8)
    const { columns, at, label } = days(random)
    const light = columns.get('light') as NumericColumn
    const truth = numbers(light.values.length, () => randomNormal(random))
    const guess = truth.values.map((value, row) => value + randomNormal(random) * (light.values[row] < -1.5 ? 2 : 0.3))
    const current = table(light.values.length, [...columns], {
      ...{ at, label: truth, prediction: { type: 'numeric' as const, values: guess } },
    })
    expect(label?.type).toBe('categorical')
    const found = rankDrivers(referenceOf(random), current, ['light', 'noise'], { ...asked, task: 'regression' })
    if (typeof found === 'string') throw new Error(found)
    expect(found.columns[0].column).toBe('light')
    expect(found.sentence).toMatch(/^Errors grow when light/)
  })

  it('need labels over time', () => {
    const random = createRandom(9)
    const current = days(random, 6)
    expect(rankDrivers(referenceOf(random), current, ['light'], asked)).toContain('fewer than 12 spans')
    expect(rankDrivers(referenceOf(random), { ...current, at: null }, ['light'], asked)).toContain('are needed')
  })
})
