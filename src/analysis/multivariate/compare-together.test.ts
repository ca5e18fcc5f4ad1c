import { describe, expect, it } from 'vitest'
import { reportDetail } from '../../contract/report.ts'
import type { Column } from '../../contract/table.ts'
import { createRandom, randomNormal, randomUniform } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'

/** Two normal columns of some correlation, a third by itself and a category. */
function draw(seed: number, n: number, correlation: number, shift = 0): Record<string, Column> {
  const random = createRandom(seed)
  const [x, y, z] = [[], [], []] as [number[], number[], number[]]
  const c: string[] = []
  for (let row = 0; row < n; row++) {
    const common = randomNormal(random)
    x.push(common + shift)
    y.push(correlation * common + Math.sqrt(1 - correlation ** 2) * randomNormal(random))
    z.push(randomNormal(random))
    c.push(randomUniform(random) < 0.6 ? 'a' : 'b')
  }
  return { x: numbers(x), y: numbers(y), z: numbers(z), c: categories(c) }
}

function ask(reference: Record<string, Column>, current: Record<string, Column>, changes: object = {}) {
  const parameters = parametersOf.drift.parse({ multivariate: true, ...changes })
  return analyzeDrift(
    { reference: tableOf(reference), current: tableOf(current), schema: null },
    parameters,
    uninterrupted,
  )
}

describe('all columns together', () => {
  it('show a broken relation that no single column shows', () => {
    const { headline, findings, detail } = ask(draw(1, 1500, 0.9), draw(2, 1500, -0.9))
    expect(detail.features.every(({ verdict }) => !verdict.isDrifted)).toBe(true)
    expect(detail.multivariate?.domainClassifier).toMatchObject({ status: 'breach' })
    expect(
      detail.multivariate?.domainClassifier.top
        .slice(0, 2)
        .map(({ column }) => column)
        .sort(),
    ).toEqual(['x', 'y'])
    expect(detail.multivariate?.reconstruction).toMatchObject({ status: 'breach', adjustedPValue: expect.any(Number) })
    expect(headline).toMatchObject({
      status: 'breach',
      text: expect.stringMatching(/^No single column has drifted, but/),
    })
    expect(findings.filter(({ subject }) => subject.column === undefined).map(({ subject }) => subject.metric)).toEqual(
      ['driftedShare', 'domainAuc', 'reconstructionShift'],
    )
    expect(reportDetail.safeParse(detail).error).toBeUndefined()
  })

  it('are well where nothing changed, with an interval about chance', () => {
    const { detail, headline } = ask(draw(3, 1500, 0.9), draw(4, 1500, 0.9))
    const { domainClassifier, reconstruction } = detail.multivariate ?? {}
    expect([domainClassifier?.status, reconstruction?.status, headline.status]).toEqual(['ok', 'ok', 'ok'])
    const [low, high] = domainClassifier?.auc.interval ?? [1, 0]
    expect(low).toBeLessThan(0.5)
    expect(high).toBeGreaterThan(0.5)
  })

  it('name the column by which the sides differ', () => {
    const { detail, headline } = ask(draw(5, 800, 0.5), draw(6, 800, 0.5, 1))
    expect(detail.multivariate?.domainClassifier.top[0].column).toBe('x')
    expect(detail.multivariate?.domainClassifier.auc.value).toBeGreaterThan(0.7)
    // A column that has drifted keeps the headline.
    expect(headline.text).toMatch(/^x has drifted/)
  })

  it('are compared on a bounded number of rows, the same rows each time', () => {
    const [reference, current] = [draw(7, 3000, 0.5), draw(8, 2000, 0.5)]
    const once = ask(reference, current, { multivariateRows: 500 }).detail.multivariate
    expect(once?.rows).toEqual({ reference: 500, current: 500 })
    expect(ask(reference, current, { multivariateRows: 500 }).detail.multivariate).toEqual(once)
    expect(ask(reference, current, { multivariateRows: 500, seed: 2 }).detail.multivariate).not.toEqual(once)
  })

  it('cannot be judged on few rows or on what does not vary', () => {
    const few = ask(draw(9, 40, 0.5), draw(10, 500, 0.5)).detail.multivariate
    expect(few?.domainClassifier).toMatchObject({ status: 'insufficient', pValue: null, top: [] })
    expect(few?.domainClassifier.auc).toMatchObject({ value: null, note: '40 rows of at least 50' })
    const constant = { x: numbers(Array.from({ length: 100 }, () => 1)) }
    const same = ask(constant, constant)
    expect(same.detail.multivariate?.reconstruction.status).toBe('insufficient')
    expect(reportDetail.safeParse(same.detail).error).toBeUndefined()
    expect(ask({ x: numbers([1]) }, { y: numbers([1]) }).detail.multivariate?.columns).toEqual([])
  })
})
