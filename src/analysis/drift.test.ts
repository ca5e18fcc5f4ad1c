import { describe, expect, it } from 'vitest'
import type { SchemaSpec } from '../contract/model.ts'
import { reportDetail } from '../contract/report.ts'
import { createRandom, randomInteger } from '../stats/random.ts'
import { AnalysisCancelled, toReport } from './answer.ts'
import { analyzeDrift } from './drift.ts'
import { parametersOf } from './parameters.ts'
import { ask, askColumn, draws, normals, repeat } from './testing/drifts.ts'
import { categories, columnOf, numbers, tableOf } from './testing/tables.ts'

const defaults = parametersOf.drift.parse({})

describe('a verdict of drift', () => {
  it('needs an effect above its threshold and a test that survives', () => {
    const { feature, findings, headline } = askColumn(normals(1, 1000), normals(2, 1000, 0.6))
    expect(feature.verdict).toMatchObject({ status: 'breach', isDrifted: true, test: 'KS', neededN: null })
    expect(feature.verdict.effect).toMatchObject({ measure: 'jensenShannon', threshold: 0.1 })
    expect(feature.verdict.effect.value).toBeGreaterThan(0.1)
    expect(feature.verdict.adjustedPValue).toBeLessThan(1e-10)
    expect(headline).toEqual({ status: 'breach', text: 'x has drifted (1 of 1 column)' })
    expect(findings.map(({ subject, status }) => [subject.metric, status])).toEqual([
      ['jensenShannon', 'breach'],
      ['driftedShare', 'breach'],
    ])
    expect(findings[0]).toMatchObject({ n: 1000, unit: '', evidence: { test: 'KS', isExact: true } })
    expect(findings[0].message).toMatch(/^x has drifted: Jensen–Shannon distance 0\.\d+ is above 0\.1; KS p < 0\.0001/)
  })

  it('is not given for a tiny effect, however significant', () => {
    const { feature } = askColumn(normals(3, 50_000), normals(4, 50_000, 0.05))
    expect(feature.verdict.adjustedPValue).toBeLessThan(1e-6)
    expect(feature.verdict).toMatchObject({ status: 'ok', isDrifted: false })
  })

  it('is withheld where so few values reach the effect by chance, with the n that is needed', () => {
    const { feature, findings } = askColumn(normals(5, 60), normals(6, 60))
    expect(feature.verdict.effect.value).toBeGreaterThan(0.1)
    expect(feature.verdict).toMatchObject({ status: 'insufficient', isDrifted: false })
    // (2 / n) times the 95 % point of chi-square with 9 degrees of freedom is 8 ln 2 · 0.1².
    expect(feature.verdict.neededN).toBe(Math.ceil((2 * 16.918977604620448) / (8 * Math.LN2 * 0.01)))
    expect(findings[0].status).toBe('insufficient')
  })

  it('doubts an effect that enough values show without evidence', () => {
    // Bins see a spike that moves within the middle; KS, which looks at sums, does not.
    const rows = Array.from({ length: 2000 }, (_, i) => i / 2000)
    const shaken = rows.map((x) => Math.floor(x * 10) / 10 + (Math.floor(x * 10) % 2 === 0 ? 0.0999 : 0.0001))
    const { feature } = askColumn(numbers(rows), numbers(shaken.map((x) => x + 1e-7)), { bins: 40 })
    expect(feature.verdict.status).not.toBe('ok')
    expect(feature.verdict.effect.value).toBeGreaterThan(0.1)
  })

  it('judges nothing below the minimum', () => {
    const { feature, headline } = askColumn(normals(7, 20, 5), normals(8, 500))
    expect(feature.verdict).toMatchObject({ status: 'insufficient', neededN: 30, adjustedPValue: null })
    expect(headline.status).toBe('insufficient')
  })

  it('corrects across all columns tested together', () => {
    const columns = (seed: number, shift: number) =>
      Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`x${i}`, normals(seed + i, 400, i === 0 ? shift : 0)]))
    const { detail } = ask(tableOf(columns(100, 0)), tableOf(columns(200, 0.5)))
    const [first] = detail.features
    expect(first.verdict.adjustedPValue).toBeCloseTo((first.verdict.pValue ?? 0) * 20, 12)
    expect(detail.features.map((feature) => feature.verdict.isDrifted)).toEqual([true, ...repeat(false, 19)])
    expect(detail.driftedShare.n).toBe(20 - detail.features.filter((f) => f.verdict.status === 'insufficient').length)
  })

  it('takes measure and threshold from the parameters, per column where they say so', () => {
    const [reference, current] = [normals(9, 800), normals(10, 800, 0.3)]
    const shifted = askColumn(reference, current, { numericMeasure: 'wassersteinNormed' })
    expect(shifted.feature.verdict.effect.measure).toBe('wassersteinNormed')
    expect(shifted.feature.verdict.isDrifted).toBe(true)
    const lenient = askColumn(reference, current, { overrides: { x: { measure: 'psi', threshold: 5 } } })
    expect(lenient.feature.verdict).toMatchObject({ status: 'ok', effect: { measure: 'psi', threshold: 5 } })
    const more = askColumn(reference, current, { otherMeasures: ['psi', 'ks', 'cramersV'] })
    expect(more.findings.map(({ subject }) => subject.metric)).toEqual(['jensenShannon', 'psi', 'ks', 'driftedShare'])
  })

  it.each(['cramerVonMises', 'andersonDarling'] as const)('can rest on %s', (numericTest) => {
    const { feature } = askColumn(normals(11, 400), normals(12, 400, 0.7), { numericTest })
    expect(feature.verdict.test).toBe(numericTest === 'cramerVonMises' ? 'Cramér–von Mises' : 'Anderson–Darling')
    expect(feature.verdict.isDrifted).toBe(true)
  })

  it('is the same bit for bit, and a report that the contract accepts', () => {
    const [reference, current] = [
      tableOf({ x: normals(13, 300), c: draws(1, 300, { a: 0.5, b: 0.5 }) }),
      tableOf({ x: normals(14, 300, 1), c: draws(2, 300, { a: 0.9, b: 0.1 }) }),
    ]
    const answer = ask(reference, current)
    expect(ask(reference, current)).toEqual(answer)
    expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
    const target = { type: 'deployment', id: 'dep_1' } as const
    const report = toReport({ target, window: { from: 0, to: 1 }, reference: null, parameters: {} }, answer)
    expect(report.findings[0]).toMatchObject({ kind: 'drift', target })
  })

  it('stops when asked to', () => {
    const table = tableOf({ x: normals(15, 100) })
    const stopped = { cancellation: { aborted: true }, onProgress: () => {} }
    expect(() => analyzeDrift({ reference: table, current: table, schema: null }, defaults, stopped)).toThrow(
      AnalysisCancelled,
    )
  })
})

describe('what is measured and how it is tested', () => {
  it('gives every measure of numbers, the costly ones up to a number of values', () => {
    const { feature } = askColumn(normals(20, 200), normals(21, 200, 0.5))
    expect(Object.keys(feature.measures).sort()).toEqual(
      [
        ...['andersonDarling', 'cramerVonMises', 'energy', 'energyCoefficient', 'hellinger', 'jensenShannon'],
        ...['ks', 'kullbackLeibler', 'meanShift', 'psi', 'totalVariation', 'wasserstein', 'wassersteinNormed', 'welch'],
      ].sort(),
    )
    expect(feature.leftOut).toBeUndefined()
    const many = askColumn(normals(20, 200), normals(21, 200, 0.5), { costlyUpTo: 399 }).feature
    expect(many.leftOut).toEqual(['cramerVonMises', 'andersonDarling', 'energy'])
    expect(many.measures.energyCoefficient).toBeUndefined()
    const asked = askColumn(normals(20, 200), normals(21, 200, 0.5), {
      costlyUpTo: 0,
      numericMeasure: 'energyCoefficient',
    }).feature
    expect(asked.verdict.effect.value).toBe(feature.measures.energyCoefficient)
    expect(asked.verdict.isDrifted).toBe(true)
  })

  it('gives means with intervals, and the share that moved most', () => {
    const { feature } = askColumn(normals(22, 400), normals(23, 400, 0.5))
    expect(feature.population).toMatchObject({ type: 'mean', difference: { n: 400 } })
    const [low, high] = feature.population?.difference.interval ?? [0, 0]
    expect(low).toBeGreaterThan(0.2)
    expect(high).toBeLessThan(0.8)
    const shares = askColumn(draws(3, 500, { a: 0.5, b: 0.3, c: 0.2 }), draws(4, 500, { a: 0.2, b: 0.3, c: 0.5 }))
    expect(shares.feature.population).toMatchObject({ type: 'share' })
    expect(shares.feature.measures.largestShareDifference).toBeCloseTo(
      Math.abs(shares.feature.population?.difference.value ?? 0),
      12,
    )
    expect(shares.feature.measures.gTest?.pValue).toBeLessThan(1e-10)
  })

  it('tests numbers of few distinct values as categories, others by KS', () => {
    const dice = (seed: number, sides: number) => {
      const random = createRandom(seed)
      return numbers(Array.from({ length: 400 }, () => randomInteger(random, sides)))
    }
    const { verdict } = askColumn(dice(1, 6), dice(2, 6)).feature
    expect(verdict).toMatchObject({ test: 'chi-square', testReason: expect.stringContaining('6 distinct values') })
    expect(askColumn(dice(1, 12), dice(2, 12)).feature.verdict.test).toBe('KS')
    const own = askColumn(dice(1, 6), dice(2, 6), { overrides: { x: { test: 'andersonDarling' } } })
    expect(own.feature.verdict).toMatchObject({ test: 'Anderson–Darling', testReason: 'asked for' })
  })

  it('tests categories by chi-square, small tables with small counts exactly, others as asked', () => {
    const [few, fewNow] = [draws(5, 60, { a: 0.9, b: 0.06, c: 0.04 }), draws(6, 60, { a: 0.9, b: 0.06, c: 0.04 })]
    expect(askColumn(few, fewNow).feature.verdict.test).toBe('Fisher')
    const [many, manyNow] = [draws(5, 900, { a: 0.6, b: 0.4 }), draws(6, 900, { a: 0.6, b: 0.4 })]
    expect(askColumn(many, manyNow).feature.verdict.test).toBe('chi-square')
    expect(askColumn(many, manyNow, { categoricalTest: 'g' }).feature.verdict.test).toBe('G')
    // A test of numbers that is set for a column of categories does not count.
    const wrong = askColumn(many, manyNow, { overrides: { x: { test: 'ks' } } })
    expect(wrong.feature.verdict.test).toBe('chi-square')
  })

  it.each([
    ['numbers', normals(24, 30), normals(25, 30), 'meanShift', 'energyCoefficient'],
    [
      'categories',
      columnOf([...repeat('a', 20), ...repeat('b', 20)]),
      columnOf([...repeat('a', 22), ...repeat('b', 18)]),
      'largestShareDifference',
      'kullbackLeibler',
    ],
  ] as const)('says how many values every measure of %s would need', (_, reference, current, ...measures) => {
    for (const measure of measures) {
      const { verdict } = askColumn(reference, current, { overrides: { x: { measure, threshold: 1e-5 } } }).feature
      expect(verdict).toMatchObject({ status: 'insufficient', effect: { measure } })
      expect(verdict.neededN).toBeGreaterThan(1000)
    }
  })
})

describe('categories', () => {
  it('are tested by chi-square, unseen ones included', () => {
    const { feature } = askColumn(
      columnOf([...repeat('a', 60), ...repeat('b', 40)]),
      columnOf([...repeat('a', 40), ...repeat('b', 30), ...repeat('c', 30)]),
    )
    // By hand: expected 50, 35 and 15 on both sides.
    const statistic = 2 * (100 / 50 + 25 / 35 + 225 / 15)
    expect(feature.measures.chiSquare?.statistic).toBeCloseTo(statistic, 10)
    expect(feature.measures.chiSquare?.degreesOfFreedom).toBe(2)
    expect(feature.measures.cramersV).toBeCloseTo(Math.sqrt(statistic / 200), 12)
    expect(feature.verdict).toMatchObject({ isDrifted: true, test: 'chi-square' })
    expect(feature.distribution).toEqual({
      type: 'categorical',
      categories: ['a', 'b', 'c'],
      reference: [60, 40, 0],
      current: [40, 30, 30],
    })
  })

  it('that are rare are tested together, so that no expected count is small', () => {
    const rare = Array.from({ length: 60 }, (_, i) => `rare${i}`)
    const { feature } = askColumn(
      columnOf([...repeat('a', 300), ...repeat('b', 140), ...rare]),
      columnOf([...repeat('a', 300), ...repeat('b', 140), ...rare.map((name) => `new ${name}`)]),
    )
    expect(feature.measures.chiSquare?.degreesOfFreedom).toBe(121)
    expect(feature.verdict.test).toBe('chi-square, rare categories together')
    // 60 rare ones on each side: nothing has changed but their names, which no test of rare names can tell.
    expect(feature.verdict.pValue).toBe(1)
    expect(feature.verdict.isDrifted).toBe(false)
  })

  it('of which two are left, one of them rare, are tested exactly', () => {
    const { feature } = askColumn(
      columnOf([...repeat('a', 100), 'b']),
      columnOf([...repeat('a', 90), ...repeat('b', 6)]),
    )
    expect(feature.verdict.test).toBe('Fisher')
    expect(feature.verdict.pValue).toBeGreaterThan(0.04)
    expect(feature.verdict.pValue).toBeLessThan(0.07)
  })

  it('that are nearly all different cannot be judged', () => {
    const ids = (prefix: string) => categories(Array.from({ length: 200 }, (_, i) => `${prefix}${i}`))
    const { feature } = askColumn(ids('a'), ids('b'))
    expect(feature.verdict.status).toBe('insufficient')
    expect(feature.verdict.reason).toMatch(/too rare for a test/)
  })

  it('by the hundred thousand take a moment only', () => {
    const random = createRandom(5)
    const many = () => categories(Array.from({ length: 300_000 }, () => `c${randomInteger(random, 1_000_000)}`))
    const { feature } = askColumn(many(), many())
    expect(feature.distribution.reference).toHaveLength(30)
    expect(feature.verdict.isDrifted).toBe(false)
  })
})

describe('a column that', () => {
  it('was constant shows smaller values as well as larger ones', () => {
    for (const now of [4, 6]) {
      const { feature } = askColumn(numbers(repeat(5, 100)), numbers([...repeat(5, 50), ...repeat(now, 50)]))
      expect(feature.verdict.isDrifted).toBe(true)
      expect(feature.measures.wassersteinNormed).toBeNull()
      expect(feature.measures.wasserstein).toBeCloseTo(0.5, 12)
    }
  })

  it('is constant on both sides has not drifted and is not counted among the tests', () => {
    const { detail } = ask(
      tableOf({ x: numbers(repeat(5, 100)), y: categories(repeat('a', 100)), z: normals(1, 100) }),
      tableOf({ x: numbers(repeat(5, 100)), y: categories(repeat('a', 100)), z: normals(2, 100) }),
    )
    expect(detail.features.map(({ verdict }) => verdict.reason).slice(0, 2)).toEqual(
      repeat('one and the same value on both sides', 2),
    )
    expect(detail.features[2].verdict.adjustedPValue).toBe(detail.features[2].verdict.pValue)
  })

  it('is missing more often says so by itself', () => {
    const reference = normals(20, 500)
    const current = numbers([...normals(21, 500).values].map((x, i) => (i % 4 === 0 ? null : x)))
    const { feature, findings } = askColumn(reference, current)
    expect(feature.missing).toEqual({ reference: 0, current: 125 })
    expect(feature.verdict).toMatchObject({
      isDrifted: true,
      effect: { measure: 'missingShareDifference', value: 0.25, threshold: 0.05 },
    })
    const missing = findings.find(({ subject }) => subject.metric === 'missingShareDifference')
    expect(missing).toMatchObject({ value: 0.25, status: 'breach', subject: { column: 'x' } })
    expect(missing?.interval?.[0]).toBeGreaterThan(0.2)
    expect(findings[0]).toMatchObject({
      subject: { metric: 'jensenShannon' },
      status: expect.not.stringMatching('breach'),
    })
  })

  it('holds no value any more has drifted by its missing share', () => {
    const { feature, findings } = askColumn(normals(22, 200), numbers(repeat(null, 200)))
    expect(feature.verdict).toMatchObject({ isDrifted: true, effect: { measure: 'missingShareDifference', value: 1 } })
    expect(findings[0]).toMatchObject({ value: null, status: 'insufficient' })
  })

  it('never held a value cannot be judged', () => {
    const { feature } = askColumn(numbers(repeat(null, 50)), numbers(repeat(null, 50)))
    expect(feature.verdict).toMatchObject({ status: 'insufficient', isDrifted: false })
  })

  it('has one row cannot be judged', () => {
    const { feature } = askColumn(numbers([1]), numbers([2]))
    expect(feature.verdict).toMatchObject({ status: 'insufficient', neededN: 30 })
  })

  it('holds infinite values counts them as missing', () => {
    const some = [...normals(23, 300).values]
    const { feature } = askColumn(numbers(some), numbers([...some, ...repeat(Number.POSITIVE_INFINITY, 60)]))
    expect(feature.n.current).toBe(300)
    expect(feature.missing.current).toBe(60)
    expect(feature.measures.wasserstein).toBe(0)
    expect(feature.verdict.effect.measure).toBe('missingShareDifference')
  })

  it('changes its type, or stands on one side only, says so', () => {
    const { detail } = ask(
      tableOf({ x: normals(24, 100), gone: normals(25, 100) }),
      tableOf({ x: categories(repeat('a', 100)), extra: normals(26, 100) }),
    )
    expect(detail.features.map(({ name, verdict }) => [name, verdict.status, verdict.reason])).toEqual([
      ['x', 'insufficient', 'it holds numbers in the reference and categories now'],
      ['gone', 'insufficient', 'the current data has no such column'],
      ['extra', 'insufficient', 'the reference has no such column'],
    ])
  })

  it('is an image is left out', () => {
    const schema: SchemaSpec = {
      task: 'binary',
      classes: ['cat', 'dog'],
      positiveClass: 'dog',
      columns: [
        { name: 'frame', type: 'image', role: 'input', isGroup: false, isRequired: true },
        { name: 'light', type: 'numeric', role: 'input', isGroup: false, isRequired: true },
      ],
    }
    const table = tableOf({ frame: categories(repeat('0f', 50)), light: normals(27, 50) })
    expect(ask(table, table, {}, schema).detail.features.map(({ name }) => name)).toEqual(['light'])
  })
})
