import { describe, expect, it } from 'vitest'
import type { CategoricalColumn, Column, SampleTable } from '../contract/table.ts'
import { createRandom, type Random, randomInteger, randomNormal, randomUniform } from '../stats/random.ts'
import { AnalysisCancelled, uninterrupted } from './answer.ts'
import { analyzeErrors } from './errors.ts'
import { parametersOf } from './parameters.ts'

const numeric = (n: number, draw: (row: number) => number): Column => ({
  type: 'numeric',
  values: Float64Array.from({ length: n }, (_, row) => draw(row)),
})
const categorical = (n: number, categories: readonly string[], draw: (row: number) => number): CategoricalColumn => ({
  type: 'categorical',
  codes: Int32Array.from({ length: n }, (_, row) => draw(row)),
  categories,
})

function tableOf(columns: Record<string, Column>, prediction: Column | null, label: Column | null): SampleTable {
  const first = Object.values(columns)[0] ?? prediction
  const n = first === null ? 0 : first.type === 'numeric' ? first.values.length : first.codes.length
  const rest = { ids: null, at: null, scores: new Map<string, Float64Array>(), latencyMs: null }
  return { n, columns: new Map(Object.entries(columns)), prediction, label, ...rest }
}

const breeds = ['beagle', 'poodle', 'collie', 'siamese']

/** Errs 5 % of the time, but 50 % where it is dark and the animal a poodle or a collie. */
function park(
  random: Random,
  n: number,
  errorRate: (isDark: boolean, breed: number) => number = (isDark, breed) =>
    isDark && (breed === 1 || breed === 2) ? 0.5 : 0.05,
) {
  const light = numeric(n, () => randomUniform(random) * 100)
  const breed = categorical(n, breeds, () => randomInteger(random, breeds.length))
  const label = categorical(n, ['cat', 'dog'], (row) => (breed.codes[row] === 3 ? 0 : 1))
  const prediction = categorical(n, ['dog', 'cat'], (row) => {
    const isDark = light.type === 'numeric' && light.values[row] <= 30
    const isWrong = randomUniform(random) < errorRate(isDark, breed.codes[row])
    return (label.codes[row] === 1) === isWrong ? 1 : 0
  })
  const columns = { noise: numeric(n, () => randomNormal(random)), light, breed }
  return tableOf(columns, prediction, label)
}

const ask = (current: SampleTable, changes: object = {}, task: 'binary' | 'regression' = 'binary') =>
  analyzeErrors({ current, task }, parametersOf.errors.parse(changes), uninterrupted)

describe('errors', () => {
  it('finds and confirms the slice in which errors gather, across a numeric and a categorical split', () => {
    const { detail, headline, findings } = ask(park(createRandom(21), 6000))
    const [worst] = detail.worst
    expect(worst.isConfirmed).toBe(true)
    expect(worst.description).toMatch(/light up to (29|30|31)/)
    expect(worst.description).toMatch(/breed is poodle or collie/)
    expect(worst.errorRate.value).toBeGreaterThan(0.4)
    expect(worst.rest.value).toBeLessThan(0.07)
    expect(worst.adjustedPValue).toBeLessThan(1e-10)
    expect(headline).toMatchObject({ status: 'warning' })
    expect(headline.text).toContain(worst.description)
    expect(findings).toMatchObject([
      { subject: { metric: 'worstSliceErrorRate' }, value: worst.errorRate.value, status: 'warning' },
    ])
    // Every row is in one leaf, and coverage adds up.
    const leaves = detail.nodes.filter(({ isLeaf }) => isLeaf)
    expect(leaves.reduce((sum, { n }) => sum + n, 0)).toBe(6000)
    expect(leaves.reduce((sum, { errors }) => sum + errors, 0)).toBe(detail.errors)
    expect(leaves.reduce((sum, { coverage }) => sum + coverage, 0)).toBeCloseTo(1, 10)
    expect(detail.nodes[0]).toMatchObject({ parent: null, description: 'all rows', coverage: 1 })
    // The slice of the worst is a node whose conditions lead there.
    const node = detail.nodes[worst.nodeId]
    expect(node.isLeaf).toBe(true)
    expect(node.condition?.operator).toMatch(/<=|in/)
  })

  it('is the same for the same seed', () => {
    expect(ask(park(createRandom(22), 2000))).toEqual(ask(park(createRandom(22), 2000)))
  })

  it('says where missing values go', () => {
    const random = createRandom(4)
    const n = 4000
    const light = numeric(n, (row) => (row % 5 === 0 ? Number.NaN : randomUniform(random)))
    const label = categorical(n, ['a', 'b'], () => 0)
    const prediction = categorical(n, ['a', 'b'], (row) =>
      randomUniform(random) < (row % 5 === 0 ? 0.6 : 0.05) ? 1 : 0,
    )
    const { detail } = ask(tableOf({ light }, prediction, label))
    expect(detail.worst[0]).toMatchObject({ description: 'light is missing', isConfirmed: true })
    expect(detail.nodes.map(({ condition }) => condition?.operator ?? null)).toEqual([null, 'missing', 'not in'])
    expect(detail.nodes[2].description).toBe('light is present')
  })

  it('narrows a column that is split twice to one clause', () => {
    const random = createRandom(6)
    const n = 6000
    const x = numeric(n, () => randomUniform(random) * 100)
    const label = categorical(n, ['a', 'b'], () => 0)
    const prediction = categorical(n, ['a', 'b'], (row) => {
      const value = x.type === 'numeric' ? x.values[row] : 0
      return randomUniform(random) < (value > 40 && value <= 60 ? 0.5 : 0.02) ? 1 : 0
    })
    const { detail } = ask(tableOf({ x }, prediction, label))
    expect(detail.worst[0]?.description).toMatch(/^x above (39|40|41)\S* and up to (59|60|61)\S*$/)
  })

  it('takes large errors of a regression', () => {
    const random = createRandom(7)
    const n = 4000
    const room = categorical(n, ['north', 'south'], () => randomInteger(random, 2))
    const label = numeric(n, () => randomNormal(random))
    const prediction = numeric(
      n,
      (row) => (label.type === 'numeric' ? label.values[row] : 0) + randomNormal(random) * (room.codes[row] ? 3 : 0.3),
    )
    const table = tableOf({ room }, prediction, label)
    const { detail, headline } = ask(table, {}, 'regression')
    expect(detail.errors).toBe(400)
    expect(detail.worst[0].description).toBe('room is south')
    expect(headline.text).toMatch(/errors larger than/)
    expect(ask(table, { errorThreshold: 1 }, 'regression').headline.text).toContain('(errors larger than 1)')
  })

  it('compares classes by their text, whatever the columns hold', () => {
    const n = 200
    const prediction = numeric(n, (row) => row % 2)
    const label = categorical(n, ['1', '0'], (row) => (row % 2 ? 0 : 1))
    expect(ask(tableOf({ x: numeric(n, (row) => row) }, prediction, label)).detail).toMatchObject({ n: 200, errors: 0 })
  })

  it('leaves identifiers out', () => {
    const random = createRandom(8)
    const n = 3000
    const names = Array.from({ length: n }, (_, i) => `frame-${i}`)
    const current = park(random, n, () => 0.2)
    const columns = new Map([...current.columns, ['id', categorical(n, names, (row) => row)]])
    expect(JSON.stringify(ask({ ...current, columns }).detail)).not.toContain('frame-')
  })

  it('looks at the columns that are named only', () => {
    const { detail } = ask(park(createRandom(9), 4000), { columns: ['light'] })
    expect(detail.nodes.some(({ condition }) => condition?.column === 'light')).toBe(true)
    expect(detail.nodes.every(({ condition }) => condition === null || condition.column === 'light')).toBe(true)
    expect(ask(park(createRandom(9), 100), { columns: ['lux'] }).headline.text).toContain('no column lux')
  })

  it.each([
    [
      'no predictions',
      tableOf(
        { x: numeric(9, () => 1) },
        null,
        numeric(9, () => 1),
      ),
      'the samples have no predictions',
    ],
    [
      'no labels',
      tableOf(
        { x: numeric(9, () => 1) },
        numeric(9, () => 1),
        null,
      ),
      'no sample has a label',
    ],
    [
      'missing labels',
      tableOf(
        { x: numeric(9, () => 1) },
        numeric(9, () => 1),
        numeric(9, () => Number.NaN),
      ),
      'no sample has a label',
    ],
    ['too few', park(createRandom(21), 60), '60 labelled samples, 86 needed'],
    [
      'nothing',
      tableOf(
        {},
        numeric(0, () => 1),
        numeric(0, () => 1),
      ),
      'no sample has a label',
    ],
  ])('does not guess: %s', (_, current, reason) => {
    const { headline, findings } = ask(current)
    expect(headline).toEqual({ status: 'insufficient', text: `Where the model errs cannot be said: ${reason}` })
    expect(findings).toMatchObject([{ value: null, status: 'insufficient' }])
  })

  it('has an answer where nothing errs, everything does, or no column is left', () => {
    expect(ask(park(createRandom(21), 500, () => 0)).headline).toMatchObject({ status: 'ok' })
    expect(ask(park(createRandom(21), 500, () => 1)).headline.text).toContain('every prediction is an error')
    const current = park(createRandom(21), 500)
    expect(ask({ ...current, columns: new Map() }).headline.text).toContain('no column describes')
  })

  it('stops when cancelled', () => {
    const context = { cancellation: { aborted: true }, onProgress: () => {} }
    expect(() =>
      analyzeErrors({ current: park(createRandom(21), 500), task: 'binary' }, parametersOf.errors.parse({}), context),
    ).toThrow(AnalysisCancelled)
  })

  it('finds nothing where errors fall evenly, as often as stated', () => {
    const random = createRandom(11)
    const trials = 200
    let found = 0
    for (let trial = 0; trial < trials; trial++) {
      // Growing eagerly, so that there are always leaves to be tempted by.
      const current = park(random, 500, () => 0.2)
      const { detail } = ask(current, { seed: trial, alpha: 0.05 })
      if (detail.worst.some(({ isConfirmed }) => isConfirmed)) found++
    }
    // 5 % at most; 23 of 200 is four standard errors above it.
    expect(found).toBeLessThanOrEqual(22)
  })

  it('confirms on unseen rows what a greedy tree only imagines', () => {
    const random = createRandom(12)
    const trials = 100
    let imagined = 0
    let confirmed = 0
    for (let trial = 0; trial < trials; trial++) {
      const { detail } = ask(
        park(random, 400, () => 0.2),
        { seed: trial, alpha: 0.5, minLeaf: 10 },
      )
      imagined += detail.worst.length > 0 ? 1 : 0
      confirmed += detail.worst.some(({ isConfirmed, adjustedPValue }) => isConfirmed && adjustedPValue <= 0.05) ? 1 : 0
    }
    expect(imagined).toBeGreaterThan(10)
    expect(confirmed).toBeLessThanOrEqual(14)
  })
})
