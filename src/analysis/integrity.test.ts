import { describe, expect, it } from 'vitest'
import type { ColumnSpec, SchemaSpec } from '../contract/model.ts'
import { reportDetail } from '../contract/report.ts'
import { createRandom, randomInteger, randomNormal } from '../stats/random.ts'
import { AnalysisCancelled, uninterrupted } from './answer.ts'
import { countDuplicates } from './integrity/duplicates.ts'
import { analyzeIntegrity, type IntegrityInput } from './integrity.ts'
import { parametersOf } from './parameters.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

const column = (name: string, type: ColumnSpec['type'], rest: Partial<ColumnSpec> = {}): ColumnSpec => ({
  name,
  type,
  role: 'input',
  isGroup: false,
  isRequired: true,
  ...rest,
})
const schemaOf = (...columns: ColumnSpec[]): SchemaSpec => ({
  task: 'binary',
  classes: ['cat', 'dog'],
  positiveClass: 'dog',
  columns,
})

function ask(input: Partial<IntegrityInput> & Pick<IntegrityInput, 'current'>, changes: object = {}) {
  return analyzeIntegrity(
    { reference: null, schema: null, window: null, ignoredColumns: [], wrongTypes: {}, missingSequence: 0, ...input },
    parametersOf.integrity.parse(changes),
    uninterrupted,
  )
}
const findingOf = (answer: ReturnType<typeof ask>, metric: string, name?: string) => {
  const found = answer.findings.find(({ subject }) => subject.metric === metric && subject.column === name)
  if (found === undefined) throw new Error(`no finding ${metric} of ${name}`)
  return found
}
/** Times that tell rows apart. */
const times = (n: number) => ({ at: Float64Array.from({ length: n }, (_, i) => i) })
const some = (n: number) => numbers(Array.from({ length: n }, (_, i) => i))

describe('integrity of a column', () => {
  it('counts what is missing, with an interval', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i < 40 ? null : i))
    const current = tableOf({ x: numbers(values) }, times(200))
    const answer = ask({ current, schema: schemaOf(column('x', 'numeric')) })
    expect(findingOf(answer, 'missingShare', 'x')).toMatchObject({
      value: 0.2,
      n: 200,
      unit: 'share',
      status: 'breach',
    })
    expect(findingOf(answer, 'missingShare', 'x').interval?.[0]).toBeCloseTo(0.1504, 3)
    expect(answer.detail.columns[0]).toMatchObject({ missing: 40, status: 'breach', problems: ['20 % missing'] })
    expect(answer.headline).toEqual({ status: 'breach', text: 'x: 20 % missing (n 200)' })
    expect(reportDetail.safeParse(answer.detail).error).toBeUndefined()
  })

  it('does not blame it for what was missing in the reference, nor for what may be missing', () => {
    const values = Array.from({ length: 200 }, (_, i) => (i % 5 === 0 ? null : i))
    const table = tableOf({ x: numbers(values) }, times(200))
    const again = ask({ current: table, reference: table, schema: schemaOf(column('x', 'numeric')) })
    expect(findingOf(again, 'missingShare', 'x')).toMatchObject({ value: 0.2, status: 'ok' })
    const optional = ask({ current: table, schema: schemaOf(column('x', 'numeric', { isRequired: false })) })
    expect(optional.headline.status).toBe('ok')
    expect(() => findingOf(optional, 'missingShare', 'x')).toThrow()
  })

  it('waits for evidence before it calls a breach', () => {
    const values = Array.from({ length: 12 }, (_, i) => (i === 0 ? null : i))
    const answer = ask({ current: tableOf({ x: numbers(values) }), schema: schemaOf(column('x', 'numeric')) })
    // One in twelve is above 5 %, but the interval reaches down to 1.5 %.
    expect(findingOf(answer, 'missingShare', 'x').status).toBe('breach')
    const one = Array.from({ length: 19 }, (_, i) => (i === 0 ? null : i))
    const doubtful = ask({ current: tableOf({ x: numbers(one) }), schema: schemaOf(column('x', 'numeric')) })
    expect(findingOf(doubtful, 'missingShare', 'x').status).toBe('warning')
  })

  it('holds values against the declared range; infinite ones are always outside', () => {
    const current = tableOf({ x: numbers([1, 2, 3, 4, 5, 99, -7, Number.POSITIVE_INFINITY, null]) })
    const answer = ask({ current, schema: schemaOf(column('x', 'numeric', { range: [0, 10] })) })
    expect(answer.detail.columns[0].outOfRange).toBe(3)
    expect(findingOf(answer, 'outOfRangeShare', 'x')).toMatchObject({ value: 3 / 8, n: 8 })
    const unbounded = ask({ current, schema: schemaOf(column('x', 'numeric')) })
    expect(unbounded.detail.columns[0].outOfRange).toBe(1)
  })

  it('takes the range from the reference, widened, where nothing is declared', () => {
    const reference = tableOf({ x: some(101) })
    const current = tableOf({ x: numbers([0, 50, 149, 151, -49, -51]) })
    const answer = ask({ current, reference })
    expect(answer.detail.columns[0].outOfRange).toBe(2)
    expect(ask({ current, reference }, { rangeMargin: 0 }).detail.columns[0].outOfRange).toBe(4)
  })

  it('names unseen categories, the most frequent first', () => {
    const reference = tableOf({ breed: categories(['pug', 'pug', 'corgi', 'corgi']) })
    const current = tableOf({ breed: categories(['pug', 'akita', 'chow', 'akita', null]) })
    const answer = ask({
      current,
      reference,
      schema: schemaOf(column('breed', 'categorical', { categories: ['chow'] })),
    })
    expect(answer.detail.columns[0].unseenCategories).toEqual([{ value: 'akita', count: 2 }])
    expect(findingOf(answer, 'unseenCategoryShare', 'breed')).toMatchObject({ value: 0.5, n: 4 })
    const alone = ask({ current, reference })
    expect(alone.detail.columns[0].unseenCategories).toEqual([
      { value: 'akita', count: 2 },
      { value: 'chow', count: 1 },
    ])
  })

  it('does not call new names unseen where every value is new', () => {
    const ids = (prefix: string) => categories(Array.from({ length: 50 }, (_, i) => `${prefix}${i}`))
    const answer = ask({ current: tableOf({ id: ids('b') }), reference: tableOf({ id: ids('a') }) })
    expect(() => findingOf(answer, 'unseenCategoryShare', 'id')).toThrow()
  })

  it('counts texts among numbers, and rows refused for their type', () => {
    const current = tableOf({ x: categories(['1', '2.5', 'oops', '1e3', null]) })
    const answer = ask({ current, schema: schemaOf(column('x', 'numeric')), wrongTypes: { x: 4, toString: 9 } })
    expect(answer.detail.columns[0].wrongType).toBe(5)
    expect(findingOf(answer, 'wrongTypeShare', 'x')).toMatchObject({ value: 5 / 9, n: 9, status: 'breach' })
  })

  it('reads numbers as categories of their name', () => {
    const current = tableOf({ zone: numbers([1, 2, 2, 3, null]) })
    const answer = ask({ current, schema: schemaOf(column('zone', 'categorical', { categories: ['1', '2'] })) })
    expect(answer.detail.columns[0]).toMatchObject({ missing: 1, unseenCategories: [{ value: '3', count: 1 }] })
  })

  it('notices one that stands still though it varied', () => {
    const answer = ask({
      current: tableOf({ x: numbers([5, 5, 5, null]), y: categories(['a', 'a', 'a', 'a']) }),
      reference: tableOf({ x: some(10), y: categories(Array.from({ length: 10 }, () => 'a')) }),
    })
    expect(answer.detail.columns.map(({ isConstant }) => isConstant)).toEqual([true, true])
    expect(findingOf(answer, 'constantColumns')).toMatchObject({ value: 1, status: 'warning' })
    expect(answer.detail.columns[0].problems).toContain('one and the same value, though it varied in the reference')
    expect(answer.detail.columns[1].problems).toEqual([])
  })
})

describe('integrity of the rows', () => {
  it('finds columns that are absent, silent and new', () => {
    const answer = ask({
      current: tableOf({
        quiet: numbers(Array.from({ length: 25 }, () => null)),
        known: some(25),
        extra: some(25),
        frame: categories(Array.from({ length: 25 }, (_, i) => `${i}`)),
      }),
      schema: schemaOf(
        column('gone', 'numeric'),
        column('quiet', 'numeric'),
        column('known', 'numeric'),
        column('maybe', 'numeric', { isRequired: false }),
        column('frame', 'image'),
      ),
      ignoredColumns: ['frame'],
    })
    expect(answer.detail).toMatchObject({ missingColumns: ['gone', 'quiet'], extraColumns: ['extra'] })
    expect(answer.detail.columns.map(({ name }) => name)).toEqual(['quiet', 'known', 'extra'])
    expect(findingOf(answer, 'missingColumns')).toMatchObject({
      value: 2,
      status: 'breach',
      message: 'Nothing arrives for gone and quiet',
    })
  })

  it('counts repeated rows exactly, missing and signed zeros included', () => {
    const random = createRandom(3)
    const n = 3000
    const x = Array.from({ length: n }, () => [0, -0, 1, null, Number.POSITIVE_INFINITY][randomInteger(random, 5)])
    const c = Array.from({ length: n }, () => ['a', 'b', null][randomInteger(random, 3)])
    const at = Float64Array.from({ length: n }, () => randomInteger(random, 100))
    const seen = new Set<string>()
    let repeats = 0
    for (let i = 0; i < n; i++) {
      const key = `${x[i] === null ? 'null' : (x[i] ?? 0) + 0}|${c[i]}|${at[i]}`
      if (seen.has(key)) repeats++
      seen.add(key)
    }
    expect(countDuplicates(tableOf({ x: numbers(x), c: categories(c) }, { at }))).toBe(repeats)
    expect(countDuplicates(tableOf({}, { n: 5 }))).toBe(0)
    const different = numbers(Array.from({ length: 100_000 }, () => randomNormal(random)))
    expect(countDuplicates(tableOf({ different }))).toBe(0)
  })

  it('does not blame repeats that the reference has too', () => {
    const few = numbers(Array.from({ length: 100 }, (_, i) => i % 10))
    const answer = ask({ current: tableOf({ x: few }), reference: tableOf({ x: few }) })
    expect(answer.detail.duplicates).toBe(90)
    expect(findingOf(answer, 'duplicateShare')).toMatchObject({ value: 0.9, status: 'ok' })
    expect(findingOf(ask({ current: tableOf({ x: few }) }), 'duplicateShare').status).toBe('breach')
  })

  it('tells how fresh the newest sample is, and how many never came', () => {
    const current = tableOf({ x: some(3) }, { at: Float64Array.of(100, 900, 500) })
    const input = { current, window: { from: 0, to: 10_900 }, missingSequence: 7 }
    const answer = ask(input, { maxFreshnessMs: 5000 })
    expect(answer.detail.freshnessMs).toBe(10_000)
    expect(findingOf(answer, 'freshnessMs')).toMatchObject({ value: 10_000, unit: 'ms', status: 'breach' })
    expect(findingOf(answer, 'lostSamples')).toMatchObject({ value: 7, n: 10, status: 'warning' })
    expect(findingOf(answer, 'lostShare')).toMatchObject({ value: 0.7, n: 10, status: 'breach', unit: 'share' })
    expect(findingOf(ask(input), 'freshnessMs').status).toBe('ok')
  })

  it('says that there is nothing to check', () => {
    const answer = ask({
      current: tableOf({ x: numbers([]) }),
      schema: schemaOf(column('x', 'numeric')),
      window: { from: 0, to: 1 },
    })
    expect(answer.headline).toEqual({ status: 'insufficient', text: 'There is no sample to check' })
    expect(findingOf(answer, 'freshnessMs')).toMatchObject({ value: null, status: 'insufficient' })
    expect(findingOf(answer, 'missingShare', 'x')).toMatchObject({ value: null, status: 'insufficient' })
    expect(answer.detail.missingColumns).toEqual([])
  })

  it('blames no column where nothing came at all', () => {
    const answer = ask({ current: tableOf({}), schema: schemaOf(column('x', 'numeric')), window: { from: 0, to: 1 } })
    expect(answer.detail.missingColumns).toEqual([])
    expect(findingOf(answer, 'missingColumns')).toMatchObject({ value: 0, status: 'insufficient' })
  })

  it('says that all is well', () => {
    const table = tableOf({ x: some(500) })
    expect(ask({ current: table, reference: table }).headline).toEqual({
      status: 'ok',
      text: '1 column of 500 samples are whole',
    })
  })

  it('stops when asked to', () => {
    const stopped = { cancellation: { aborted: true }, onProgress: () => {} }
    const input = {
      current: tableOf({ x: some(3) }),
      reference: null,
      schema: null,
      window: null,
      ignoredColumns: [],
      wrongTypes: {},
      missingSequence: 0,
    }
    expect(() => analyzeIntegrity(input, parametersOf.integrity.parse({}), stopped)).toThrow(AnalysisCancelled)
  })
})

describe('files of samples', () => {
  const check = (files: IntegrityInput['files']) =>
    ask({ current: tableOf({ x: some(3) }, times(3)), ...(files && { files }) }).findings.find(
      ({ subject }) => subject.metric === 'goneFiles',
    )

  it('that are gone for want of room are told', () => {
    expect(check({ named: 10, gone: 3 })).toMatchObject({ value: 3, n: 10, status: 'warning' })
    expect(check({ named: 10, gone: 0 })).toMatchObject({ value: 0, status: 'ok' })
    expect(check({ named: 0, gone: 0 })?.status).toBe('insufficient')
    expect(check(undefined)).toBeUndefined()
  })
})
