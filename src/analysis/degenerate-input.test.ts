import { describe, expect, it } from 'vitest'
import { askAll, distinct, soundTable } from '../../test/support/ask-all.ts'
import { expectSound } from '../../test/support/expect-sound.ts'
import type { SampleTable } from '../contract/table.ts'
import { uninterrupted } from './answer.ts'
import { analyzeDrift } from './drift.ts'
import { parametersOf } from './parameters.ts'
import { categories, numbers } from './testing/tables.ts'

const rows = 400
const fill = (n: number, value: number) => numbers(new Float64Array(n).fill(value))
const same = (n: number, value: string | null) => categories(new Array<string | null>(n).fill(value))
const all = ['drift', 'driftFrom', 'profiles', 'performance', 'fairness', 'bias', 'errors', 'explanation']

/** What is degenerate, and which questions can then not be answered. */
const cases: [name: string, table: SampleTable, insufficient: string[]][] = [
  ['no rows', soundTable(0), all],
  ['one row', soundTable(1), all],
  ['no columns', { ...soundTable(rows), columns: new Map() }, ['fairness', 'explanation']],
  ['a constant number', soundTable(rows, { x: fill(rows, 7) }), []],
  ['a constant category', soundTable(rows, { group: same(rows, 'a') }), ['fairness']],
  ['numbers that are all missing', soundTable(rows, { x: fill(rows, Number.NaN) }), []],
  ['categories that are all missing', soundTable(rows, { group: same(rows, null) }), ['fairness']],
  ['infinite numbers', soundTable(rows, { x: fill(rows, Number.POSITIVE_INFINITY) }), []],
  [
    'numbers at both ends of what there is',
    soundTable(rows, {
      x: numbers(Float64Array.from({ length: rows }, (_, i) => (i % 2 ? 1 : -1) * Number.MAX_VALUE)),
    }),
    [],
  ],
  [
    'numbers too small to tell from nothing',
    soundTable(rows, { x: numbers(Float64Array.from({ length: rows }, (_, i) => (i % 2) * Number.MIN_VALUE)) }),
    [],
  ],
  [
    'one class only',
    soundTable(rows, {}, { label: same(rows, 'yes'), prediction: same(rows, 'yes') }),
    ['explanation'],
  ],
  ['labels that are all missing', soundTable(rows, {}, { label: same(rows, null) }), ['performance', 'errors']],
  ['no labels', soundTable(rows, {}, { label: null }), ['performance', 'errors']],
  [
    'no predictions',
    soundTable(rows, {}, { prediction: null }),
    ['performance', 'fairness', 'bias', 'errors', 'explanation'],
  ],
  [
    'scores that are no numbers',
    soundTable(rows, {}, { scores: new Map([['yes', new Float64Array(rows).fill(Number.NaN)]]) }),
    [],
  ],
]

describe('degenerate input', () => {
  it.each(cases)('%s: every question is answered or says why not', async (name, table, insufficient) => {
    const answers = await askAll(table)
    for (const [question, answer] of Object.entries(answers)) {
      expectSound(answer, `${name}, ${question}`)
      expect(answer.headline.text.length, `${name}, ${question}`).toBeGreaterThan(20)
      if (insufficient.includes(question))
        expect(answer.headline.status, `${name}, ${question}: ${answer.headline.text}`).toBe('insufficient')
    }
  })

  it('says of each column that holds nothing to compare why it cannot be compared', () => {
    const table = soundTable(rows, { x: fill(rows, Number.NaN), group: same(rows, null) })
    const { features } = analyzeDrift(
      { reference: soundTable(rows), current: table, schema: null },
      parametersOf.drift.parse({}),
      uninterrupted,
    ).detail
    for (const name of ['x', 'group'])
      expect(features.find((feature) => feature.name === name)?.verdict).toMatchObject({
        // All values missing where none was is itself a change.
        status: expect.stringMatching(/breach|insufficient/),
        reason: expect.stringMatching(/missing|no value/),
      })
  })

  it('refuses to compare more classes than a page can hold', async () => {
    const ids = distinct(3000)
    const { performance, bias } = await askAll(soundTable(3000, {}, { label: ids, prediction: ids }))
    expect(performance.headline).toEqual({
      status: 'insufficient',
      text: expect.stringContaining('3,002 classes occur and at most 1,000 can be compared'),
    })
    expect(bias.headline.status).toBe('insufficient')
  })
})
