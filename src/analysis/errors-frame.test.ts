import { describe, expect, it } from 'vitest'
import { cohortBucket } from '../contract/cohort.ts'
import type { SliceCondition } from '../contract/error-slices.ts'
import { reportDetail } from '../contract/report.ts'
import { createRandom, randomUniform } from '../stats/random.ts'
import { uninterrupted } from './answer.ts'
import { analyzeErrors } from './errors.ts'
import { followCohort } from './errors-cohorts.ts'
import { nearestRows } from './errors-nearest.ts'
import { findErrors } from './errors-target.ts'
import { parametersOf } from './parameters.ts'
import { matchRows } from './slice-rows.ts'
import { categories, columnOf, numbers, tableOf } from './testing/tables.ts'

/** Rows of day and night at two gates; at night in the north half is wrong, elsewhere one in ten. */
function park(repeats = 10) {
  const rows = ['day', 'night'].flatMap((light) =>
    ['north', 'south'].flatMap((gate) =>
      Array.from({ length: 10 * repeats }, (_, i) => {
        const isWrong = light === 'night' && gate === 'north' ? i % 2 === 0 : i % 10 === 0
        return { light, gate, warmth: i, isWrong }
      }),
    ),
  )
  return tableOf(
    {
      light: categories(rows.map(({ light }) => light)),
      gate: categories(rows.map(({ gate }) => gate)),
      warmth: numbers(rows.map(({ warmth }) => warmth)),
    },
    {
      prediction: categories(rows.map(({ isWrong }) => (isWrong ? 'dog' : 'cat'))),
      label: categories(rows.map(() => 'cat')),
      at: Float64Array.from(rows, (_, i) => 1000 + i),
    },
  )
}

const ask = (
  table: ReturnType<typeof park>,
  changes: object = {},
  cohorts: Parameters<typeof analyzeErrors>[0]['cohorts'] = [],
) => {
  const answer = analyzeErrors(
    { current: table, task: 'binary', cohorts },
    parametersOf.errors.parse(changes),
    uninterrupted,
  )
  expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
  return answer
}

describe('a map of errors by two columns', () => {
  it('gives every cell its rate, and marks what is worse than the rest', () => {
    const { heatMap } = ask(park(), { heatMap: ['light', 'gate'] }).detail
    expect(heatMap).toMatchObject({ n: 400, reason: null, rows: [{ name: 'day' }, { name: 'night' }] })
    expect(heatMap?.cells.map(({ row, column, n, errors, status }) => [row, column, n, errors, status])).toEqual([
      [0, 0, 100, 10, 'ok'],
      [0, 1, 100, 10, 'ok'],
      [1, 0, 100, 50, 'warning'],
      [1, 1, 100, 10, 'ok'],
    ])
    expect(heatMap?.cells[2].errorRate.interval?.[0]).toBeCloseTo(0.4038, 3)
    expect(heatMap?.cells[2].adjustedPValue).toBeLessThan(1e-10)
  })

  it('cuts numbers into spans of as many rows, whose conditions meet the same rows', () => {
    const table = park()
    const { heatMap } = ask(table, { heatMap: ['warmth', 'light'] }).detail
    expect(heatMap?.rows).toHaveLength(8)
    expect(heatMap?.cells.reduce((sum, { n }) => sum + n, 0)).toBe(400)
    for (const cell of heatMap?.cells ?? []) {
      const conditions = [heatMap?.rows[cell.row], heatMap?.columns[cell.column]].flatMap(
        (level) => level?.conditions ?? [],
      )
      expect(matchRows(table, conditions).reduce((sum, isIn) => sum + isIn, 0)).toBe(cell.n)
    }
  })

  it('does not judge cells of few rows, and shows what is missing or rare', () => {
    const names = [null, ...Array.from({ length: 12 }, (_, i) => `c${i}`)]
    const rows = names.flatMap((name, i) =>
      Array.from({ length: 10 + 10 * i }, (_, j) => ({ name, isWrong: j % 2 === 0 })),
    )
    const table = tableOf(
      { name: categories(rows.map(({ name }) => name)), one: categories(rows.map(() => 'x')) },
      {
        prediction: categories(rows.map(({ isWrong }) => (isWrong ? 'a' : 'b'))),
        label: categories(rows.map(() => 'a')),
      },
    )
    const { heatMap } = ask(table, { heatMap: ['name', 'one'] }).detail
    expect(heatMap?.rows.map(({ name }) => name)).toEqual([
      'c10',
      'c11',
      'c4',
      'c5',
      'c6',
      'c7',
      'c8',
      'c9',
      'other',
      'missing',
    ])
    expect(heatMap?.rows.at(-2)?.conditions).toBeNull()
    expect(heatMap?.cells.at(-1)).toMatchObject({ n: 10, status: 'insufficient', adjustedPValue: null })
  })

  it('marks cells where errors fall evenly no more often than stated', () => {
    const random = createRandom(4)
    const draw = (names: string) =>
      categories(Array.from({ length: 600 }, () => names[Math.floor(randomUniform(random) * names.length)]))
    let marked = 0
    for (let trial = 0; trial < 200; trial++) {
      const label = draw('ab')
      const table = tableOf({ x: draw('pqrst'), y: draw('uvw') }, { prediction: draw('aab'), label })
      const map = ask(table, { heatMap: ['x', 'y'], minLift: 1, maxDepth: 1 }).detail.heatMap
      if (map?.cells.some(({ status }) => status === 'warning')) marked++
    }
    // 5 % nominal for any of fifteen cells; twenty of 200 is more than three standard errors above.
    expect(marked).toBeLessThanOrEqual(20)
  })

  it.each([
    [{ heatMap: ['light', 'colour'] }, 'the samples have no column colour'],
    [{ heatMap: ['light', 'light'] }, 'it takes two columns'],
  ])('says why there is none: %j', (changes, reason) => {
    expect(ask(park(), changes).detail.heatMap).toMatchObject({ reason, cells: [] })
  })
})

describe('saved slices', () => {
  const night: SliceCondition[] = [
    { column: 'light', operator: 'in', value: ['night'] },
    { column: 'gate', operator: 'not in', value: ['south'] },
  ]

  it('each give a finding on which limits can be set', () => {
    const { detail, findings } = ask(park(), {}, [
      { id: 'coh_1', name: 'north at night', conditions: night },
      { id: 'coh_2', name: 'day', conditions: [{ column: 'light', operator: 'in', value: ['day'] }] },
      { id: 'coh_3', name: 'nobody', conditions: [{ column: 'fog', operator: '>', value: 1 }] },
    ])
    expect(detail.cohorts?.map(({ n, errors, status }) => [n, errors, status])).toEqual([
      [100, 50, 'warning'],
      [200, 20, 'ok'],
      [0, 0, 'insufficient'],
    ])
    const found = findings.filter(({ subject }) => subject.metric === 'cohortErrorRate')
    expect(found.map(({ subject, value }) => [subject.group, value])).toEqual([
      ['north at night', 0.5],
      ['day', 0.1],
      ['nobody', null],
    ])
    expect(found[0].message).toContain('The error rate of north at night is 50 %')
    expect(found[0].message).toContain('10 % elsewhere, n 100')
  })

  it('are followed over time, inside and outside', () => {
    const table = park()
    const target = findErrors(table, 'binary', null)
    if (target === null) throw new Error('there are labels')
    const buckets = followCohort(table, target, night, { from: 1000, bucketMs: 200, confidence: 0.95 })
    expect(buckets.every((bucket) => cohortBucket.safeParse(bucket).success)).toBe(true)
    // The first two hundred rows are of the day; of the others the first hundred are in the cohort.
    expect(buckets.map(({ from, n, errorRate, rest }) => [from, n, errorRate.value, rest.value])).toEqual([
      [1000, 0, null, 0.1],
      [1200, 100, 0.5, 0.1],
    ])
  })

  it('take rows by every kind of condition', () => {
    const table = tableOf({ a: numbers([1, 2, null, 4]), b: columnOf(['x', null, 'y', 'x']) })
    const rows = (...conditions: SliceCondition[]) => [...matchRows(table, conditions)]
    expect(rows({ column: 'a', operator: '<=', value: 2 })).toEqual([1, 1, 0, 0])
    expect(rows({ column: 'a', operator: '>', value: 2 })).toEqual([0, 0, 0, 1])
    expect(rows({ column: 'a', operator: 'missing', value: null })).toEqual([0, 0, 1, 0])
    expect(rows({ column: 'a', operator: 'in', value: ['2', '4'] })).toEqual([0, 1, 0, 1])
    expect(rows({ column: 'b', operator: 'in', value: ['x'] })).toEqual([1, 0, 0, 1])
    expect(rows({ column: 'b', operator: 'not in', value: ['x'] })).toEqual([0, 1, 1, 0])
    expect(rows({ column: 'b', operator: 'missing', value: null }, { column: 'a', operator: '<=', value: 9 })).toEqual([
      0, 1, 0, 0,
    ])
    expect(rows({ column: 'c', operator: 'missing', value: null })).toEqual([1, 1, 1, 1])
    expect(rows({ column: 'b', operator: '<=', value: 1 })).toEqual([0, 0, 0, 0])
  })
})

describe('the samples most like one', () => {
  const table = tableOf({
    size: numbers([0, 5, 10, null, 4]),
    kind: categories(['cat', 'dog', 'cat', 'cat', null]),
    same: numbers([3, 3, 3, 3, 3]),
  })

  it('are told by Gower’s distance over numbers and categories', () => {
    const found = nearestRows(table, { size: 5, kind: 'cat' }, ['size', 'kind'], 5)
    expect(found.map(({ row, distance }) => [row, distance])).toEqual([
      [3, 0],
      [4, expect.closeTo(0.1, 12)],
      [2, 0.25],
      [0, 0.25],
      [1, 0.5],
    ])
    expect(nearestRows(table, { size: 5, kind: 'cat' }, ['size', 'kind'], 2).map(({ row }) => row)).toEqual([3, 4])
  })

  it('agree with a plain sort, and leave out what shares nothing', () => {
    const random = createRandom(6)
    const size = Array.from({ length: 500 }, () => randomUniform(random))
    const many = tableOf({ size: numbers(size) })
    const distances = size.map((value, row) => ({ row, gap: Math.abs(value - 0.4) })).sort((a, b) => a.gap - b.gap)
    expect(nearestRows(many, { size: 0.4 }, ['size'], 7).map(({ row }) => row)).toEqual(
      distances.slice(0, 7).map(({ row }) => row),
    )
    expect(nearestRows(table, { size: null, kind: null }, ['size', 'kind'], 3)).toEqual([])
    expect(nearestRows(table, { colour: 'red' }, ['colour'], 3)).toEqual([])
    expect(nearestRows(table, { same: 3 }, ['same'], 1)[0].distance).toBe(0)
    expect(nearestRows(table, { same: 4 }, ['same'], 1)[0].distance).toBe(1)
  })
})
