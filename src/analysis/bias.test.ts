import { describe, expect, it } from 'vitest'
import { reportDetail } from '../contract/report.ts'
import { analyzeBias } from './bias.ts'
import { parametersOf } from './parameters.ts'
import { categories, numbers, tableOf } from './testing/tables.ts'

type Counts = Record<string, number>
const column = (counts: Counts) => categories(Object.entries(counts).flatMap(([name, n]) => new Array(n).fill(name)))
const table = (predictions: Counts, labels: Counts | null = null) =>
  tableOf({}, { prediction: column(predictions), label: labels === null ? null : column(labels) })

function ask(
  now: ReturnType<typeof table>,
  before: ReturnType<typeof table>,
  changes: object = {},
  classes = ['cat', 'dog'],
) {
  return analyzeBias({ current: now, reference: before, classes }, parametersOf.bias.parse(changes))
}

describe('bias of predictions', () => {
  it('is said as the odds of two classes against those of the reference', () => {
    const { detail, headline, findings } = ask(table({ cat: 1000, dog: 1300 }), table({ cat: 2000, dog: 2000 }))
    // Odds 1.3 against 1; Woolf's interval exp(ln 1.3 ± 1.96 √(1/1000 + 1/1300 + 2/2000)).
    const margin = 1.959963984540054 * Math.sqrt(1 / 1000 + 1 / 1300 + 2 / 2000)
    const [low, high] = [-1, 1].map((sign) => Math.round(100 * (1.3 * Math.exp(sign * margin) - 1)))
    expect(detail.sentence).toBe(
      `The model calls 30 % more dog than cat, against the reference: 1.3 to 1 now, 1 to 1 then (95 % interval ${low} % to ${high} %)`,
    )
    expect(headline).toEqual({ status: 'ok', text: detail.sentence })
    const dog = detail.classes[1]
    expect(dog.current.value).toBeCloseTo(1300 / 2300, 12)
    expect(dog.difference.value).toBeCloseTo(1300 / 2300 - 0.5, 12)
    expect(dog.ratio.value).toBeCloseTo(2600 / 2300, 12)
    expect(dog.ratio.interval?.[0]).toBeGreaterThan(1)
    expect(findings.map(({ subject }) => `${subject.metric} ${subject.className}`)).toEqual([
      'shareDifference cat',
      'shareRatio cat',
      'shareDifference dog',
      'shareRatio dog',
    ])
    expect(findings[2].evidence).toMatchObject({ test: 'two proportions', isExact: true })
    expect(findings[2].evidence?.adjustedPValue).toBeLessThan(1e-5)
    expect(reportDetail.safeParse(detail).error).toBeUndefined()
  })

  it('is measured against the reference, not against one to one', () => {
    const { detail } = ask(table({ cat: 1000, dog: 1300 }), table({ cat: 2000, dog: 2600 }))
    expect(detail.sentence).toMatch(/^The model calls the classes as often as in the reference/)
    const more = ask(table({ cat: 400, dog: 1200 }), table({ cat: 1000, dog: 500 })).detail.sentence
    expect(more).toMatch(
      /^The model calls 6 times as many dog as cat, against the reference: 3 to 1 now, 0.5 to 1 then/,
    )
  })

  it('breaches when a share moved by more than the threshold and the test is significant', () => {
    const { headline, findings } = ask(table({ cat: 30, dog: 70 }), table({ cat: 500, dog: 500 }))
    expect(headline.status).toBe('breach')
    expect(findings.every(({ status }) => status === 'breach')).toBe(true)
    const tolerant = ask(table({ cat: 30, dog: 70 }), table({ cat: 500, dog: 500 }), { threshold: 0.3 })
    expect(tolerant.headline.status).toBe('ok')
  })

  it('names the class that gained most and the one that lost most, of many', () => {
    const { detail } = ask(
      table({ cat: 200, dog: 200, fox: 400, owl: 200 }),
      table({ cat: 400, dog: 200, fox: 200, owl: 200 }),
      {},
      [],
    )
    expect(detail.sentence).toMatch(/^The model calls 4 times as many fox as cat/)
  })

  it('says whether labels moved the same way', () => {
    const before = table({ cat: 500, dog: 500 }, { cat: 500, dog: 500 })
    const world = ask(table({ cat: 300, dog: 700 }, { cat: 120, dog: 280 }), before)
    expect(world.detail.sentence).toMatch(/; the labels moved the same way$/)
    expect(world.detail.labelShares).toHaveLength(2)
    expect(world.detail.labelShares[1].current).toMatchObject({ value: 0.7, n: 400 })
    const model = ask(table({ cat: 300, dog: 700 }, { cat: 200, dog: 200 }), before)
    expect(model.detail.sentence).toMatch(/; the labels did not move that way$/)
  })

  it('speaks of shares where a class does not occur', () => {
    const { detail } = ask(table({ dog: 400 }), table({ cat: 200, dog: 200 }))
    expect(detail.sentence).toBe(
      'The model calls dog in 100 % of cases, 50 % in the reference, and cat in 0 %, before 50 %',
    )
    expect(detail.classes[0].ratio).toMatchObject({ value: 0, interval: null })
    const born = ask(table({ cat: 200, dog: 200 }), table({ cat: 400 })).detail
    expect(born.classes[1].ratio.value).toBeNull()
  })

  it('is insufficient with few predictions on a side, or none', () => {
    for (const before of [table({ cat: 10, dog: 10 }), tableOf({})]) {
      const { headline, findings } = ask(table({ cat: 30, dog: 70 }), before)
      expect(headline.status).toBe('insufficient')
      expect(headline.text).toMatch(/^Too few predictions to compare classes/)
      expect(findings.every(({ status }) => status === 'insufficient')).toBe(true)
    }
  })

  it('reads numbers as classes of their name', () => {
    const of = (ones: number, n: number) =>
      tableOf({}, { prediction: numbers(Array.from({ length: n }, (_, i) => (i < ones ? 1 : 0))) })
    const { detail } = ask(of(60, 100), of(200, 400), {}, ['0', '1'])
    expect(detail.classes.map(({ className, current }) => [className, current.value])).toEqual([
      ['0', 0.4],
      ['1', 0.6],
    ])
  })
})
