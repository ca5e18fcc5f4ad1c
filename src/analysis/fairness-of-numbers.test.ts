import { describe, expect, it } from 'vitest'
import type { SampleTable } from '../contract/table.ts'
import { createRandom, randomNormal } from '../stats/random.ts'
import { uninterrupted } from './answer.ts'
import { analyzeFairness } from './fairness.ts'
import { parametersOf } from './parameters.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

const ask = (current: SampleTable, changes: object = {}) =>
  analyzeFairness(
    { current, classes: [], positiveClass: null },
    parametersOf.fairness.parse({ groupColumns: ['town'], ...changes }),
    uninterrupted,
  )

interface Row {
  readonly town: string | null
  readonly school?: string
  readonly predicted: number | null
  readonly actual: number | null
}
const fromRows = (rows: readonly Row[]) =>
  tableOf(
    {
      town: categories(rows.map(({ town }) => town)),
      school: categories(rows.map(({ school = 's' }) => school)),
    },
    {
      prediction: numbers(rows.map(({ predicted }) => predicted)),
      label: numbers(rows.map(({ actual }) => actual)),
    },
  )

/** Errors of a spread by town; the actual value is normal with a deviation of 10. */
function towns(spreads: Record<string, number>, each: number, shifts: Record<string, number> = {}) {
  const random = createRandom(5)
  return Object.entries(spreads).flatMap(([town, spread]) =>
    Array.from({ length: each }, (): Row => {
      const actual = 50 + 10 * randomNormal(random)
      return { town, actual, predicted: actual + (shifts[town] ?? 0) + spread * randomNormal(random) }
    }),
  )
}

describe('fairness of predicted numbers', () => {
  it('measures errors, bias, the share near enough and predictions of every group', () => {
    const rows: Row[] = [
      ...[1, -1, 3, -3].map((error): Row => ({ town: 'A', actual: 10, predicted: 10 + error })),
      ...[4, 4, 0, 0].map((error): Row => ({ town: 'B', actual: 20, predicted: 20 + error })),
    ]
    const { detail } = ask(fromRows(rows), { minimumGroupSize: 2, tolerance: 1 })
    const of = (metric: string) => {
      const frame = detail.frames?.find((each) => each.metric === metric)
      return {
        groups: frame?.byGroup.map(({ value }) => value),
        all: frame?.overall.value,
        difference: frame?.difference.value,
        ratio: frame?.ratio.value,
        worst: frame?.worst,
      }
    }
    expect(of('mae')).toEqual({ groups: [2, 2], all: 2, difference: 0, ratio: 1, worst: { town: 'A' } })
    expect(of('rmse').groups).toEqual([Math.sqrt(5), Math.sqrt(8)])
    expect(of('rmse').worst).toEqual({ town: 'B' })
    expect(of('bias')).toEqual({ groups: [0, 2], all: 1, difference: 2, ratio: null, worst: { town: 'B' } })
    expect(of('withinTolerance')).toMatchObject({ groups: [0.5, 0.5], all: 0.5 })
    expect(of('meanPrediction').groups).toEqual([10, 22])
    expect(of('meanLabel').difference).toBe(10)
    expect(detail.numbers).toMatchObject({ tolerance: 1, isToleranceNamed: true, deviationOf: 'labels' })
    expect(detail.numbers?.deviation).toBeCloseTo(Math.sqrt(200 / 7))
    expect(detail.groups.every(({ accuracy }) => accuracy.value === null)).toBe(true)
    expect(detail.positiveClass).toBe('')
  })

  it('finds errors that are larger in one town than matters, and says how large a difference matters', () => {
    const { headline, findings, detail } = ask(fromRows(towns({ north: 6, south: 2, west: 2 }, 200)))
    expect(headline.status).toBe('breach')
    expect(headline.text).toMatch(/^Mean absolute error difference by town is .* of town=north against .* of town=/)
    const mae = findings.find(({ subject }) => subject.metric === 'maeDifference')
    expect(mae).toMatchObject({ status: 'breach', unit: '', subject: { column: 'town' } })
    // Mean sizes of normal errors are 0.798 of their deviation.
    expect(mae?.interval?.[0]).toBeLessThan(4 * 0.798)
    expect(mae?.interval?.[1]).toBeGreaterThan(4 * 0.798)
    expect(mae?.message).toContain('by the deviation of the labels')
    expect(findings.find(({ subject }) => subject.metric === 'maeRatio')).toMatchObject({
      status: 'breach',
      unit: 'ratio',
    })
    expect(findings.find(({ subject }) => subject.metric === 'biasDifference')?.status).toBe('ok')
    expect(detail.groups.map(({ status }) => status)).toContain('breach')
  })

  it('finds a town whose values are overstated though its errors are no larger', () => {
    const { findings } = ask(fromRows(towns({ north: 3, south: 3 }, 300, { north: 2, south: -2 })))
    expect(findings.find(({ subject }) => subject.metric === 'biasDifference')?.status).toBe('breach')
    expect(findings.find(({ subject }) => subject.metric === 'maeRatio')?.status).toBe('ok')
  })

  it('says what a quiet answer could have missed', () => {
    const { headline, detail } = ask(fromRows(towns({ north: 6, south: 6 }, 40)))
    expect(headline.text).toContain('a gap could still go unseen')
    const need = detail.power?.rates.find(({ metric }) => metric === 'mae')
    // 2 · (1.96 + 0.84)² · Var|e| / 1², where |e| of deviation 6 has variance 36 (1 − 2/π).
    expect(need?.neededN).toBeGreaterThan(60)
    expect(need?.neededN).toBeLessThan(200)
    expect(need?.short.map(({ n }) => n)).toEqual([40, 40])
  })

  it('compares within the levels of a control, where the difference is of schools and not of towns', () => {
    const random = createRandom(9)
    const rows = Array.from({ length: 1200 }, (_, i): Row => {
      const town = i % 2 === 0 ? 'north' : 'south'
      const school = i % 10 < 8 === (town === 'north') ? 'hard' : 'easy'
      const actual = 10 * randomNormal(random)
      return { town, school, actual, predicted: actual + (school === 'hard' ? 9 : 2) * randomNormal(random) }
    })
    const { detail, findings } = ask(fromRows(rows), { controlColumns: ['school'] })
    const overall = detail.measures.maeDifference.value ?? 0
    expect(overall).toBeGreaterThan(2)
    expect(detail.control?.combined.maeDifference.value).toBeLessThan(overall / 3)
    expect(detail.control?.levels.map(({ level }) => level.school)).toEqual(['easy', 'hard'])
    expect(detail.control?.coveredShare).toBe(1)
    expect(findings.some(({ subject }) => subject.column === 'town given school')).toBe(true)
  })

  it('crosses columns, and keeps small and unknown groups apart', () => {
    const rows = towns({ north: 3, south: 3 }, 80).map((row, i): Row => ({ ...row, school: i % 2 === 0 ? 'a' : 'b' }))
    const few: Row = { town: 'east', actual: 1, predicted: 99 }
    const unknown: Row = { town: null, actual: 1, predicted: 99 }
    const { detail } = ask(fromRows([...rows, few, unknown]), { groupColumns: ['town', 'school'] })
    expect(
      detail.groups.map(({ group, n, status }) => [group.town, group.school, n, status === 'insufficient']),
    ).toEqual([
      ['east', 's', 1, true],
      ['north', 'a', 40, false],
      ['north', 'b', 40, false],
      ['south', 'a', 40, false],
      ['south', 'b', 40, false],
      ['(missing)', 's', 1, true],
    ])
  })

  it('compares predictions alone where there are no labels', () => {
    const rows = towns({ north: 1, south: 1 }, 100, { north: 30 }).map((row): Row => ({ ...row, actual: null }))
    const { headline, detail } = ask(fromRows(rows))
    expect(detail.measures.maeDifference.value).toBeNull()
    expect(detail.numbers?.deviationOf).toBe('predictions')
    expect(headline.text).toMatch(/^Mean prediction difference/)
  })

  it.each([
    [{ groupColumns: ['age'] }, 'the samples have no column age'],
    [{ groupColumns: [] }, 'no group column is named'],
    [{ metrics: ['f1'] }, 'f1 is measured of classes, and these are numbers'],
    [
      { privileged: { town: 'north' } },
      'selection is measured against a privileged group, and a regression selects nobody',
    ],
  ])('refuses what cannot be asked: %j', (changes, reason) => {
    const { headline, findings } = ask(fromRows(towns({ north: 1 }, 50)), changes)
    expect(headline).toEqual({ status: 'insufficient', text: `Fairness cannot be judged: ${reason}` })
    expect(findings).toHaveLength(4)
  })

  it.each([
    ['one row', [{ town: 'A', predicted: 1, actual: 2 }]],
    ['no rows', []],
    ['all alike', Array.from({ length: 80 }, (_, i): Row => ({ town: i % 2 ? 'A' : 'B', predicted: 3, actual: 3 }))],
    [
      'infinite numbers',
      Array.from(
        { length: 80 },
        (_, i): Row => ({ town: i % 2 ? 'A' : 'B', predicted: Number.POSITIVE_INFINITY, actual: i }),
      ),
    ],
  ])('has an answer without a NaN for %s', (_, rows: readonly Row[]) => {
    const answer = ask(fromRows(rows), { minimumGroupSize: 1 })
    const numbersIn = JSON.stringify(answer, (_key, value) =>
      typeof value === 'number' && !Number.isFinite(value) ? 'bad' : value,
    )
    expect(numbersIn).not.toContain('"bad"')
  })

  it('gives the same answer again', () => {
    const current = fromRows(towns({ north: 4, south: 2 }, 100))
    expect(ask(current)).toEqual(ask(current))
  })
})
