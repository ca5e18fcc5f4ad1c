import { describe, expect, it } from 'vitest'
import type { CategoricalColumn, Column, NumericColumn, SampleTable } from '../contract/table.ts'
import { createRandom, randomInteger, randomNormal } from '../stats/random.ts'
import { AnalysisCancelled, uninterrupted } from './answer.ts'
import type { AskedModel } from './explanation/predict.ts'
import { analyzeExplanation, type ExplanationInput } from './explanation.ts'
import { parametersOf } from './parameters.ts'

const numbers = (n: number, draw: (row: number) => number): NumericColumn => ({
  type: 'numeric',
  values: Float64Array.from({ length: n }, (_, row) => draw(row)),
})
const classes = ['no', 'yes']
const answers = (isYes: (row: number) => boolean, n: number): CategoricalColumn => ({
  type: 'categorical',
  codes: Int32Array.from({ length: n }, (_, row) => (isYes(row) ? 1 : 0)),
  categories: classes,
})

/** A model that looks at `strong` (weight 3) and `room` (weight 1) and not at `unused`. */
function score(rows: SampleTable, row: number): number {
  const strong = rows.columns.get('strong') as NumericColumn
  const room = rows.columns.get('room') as CategoricalColumn
  return 3 * strong.values[row] + (room.categories[room.codes[row]] === 'north' ? 1 : -1)
}
const classify = async (rows: SampleTable): Promise<Column> => answers((row) => score(rows, row) > 0, rows.n)
const regress = async (rows: SampleTable): Promise<Column> => numbers(rows.n, (row) => score(rows, row))

function samples(n: number, seed = 31): SampleTable {
  const random = createRandom(seed)
  const columns = new Map<string, Column>([
    ['unused', numbers(n, () => randomNormal(random))],
    [
      'room',
      {
        type: 'categorical',
        codes: Int32Array.from({ length: n }, () => randomInteger(random, 2)),
        categories: ['north', 'south'],
      },
    ],
    ['strong', numbers(n, () => randomNormal(random))],
  ])
  return { n, columns, ids: null, at: null, prediction: null, label: null, scores: new Map(), latencyMs: null }
}

/** A model that gives answers alone: the class answered has all of the score. */
const modelOf = (predict: AskedModel['predict'], source: AskedModel['source'] = 'endpoint'): AskedModel => ({
  ...{ source, predict, openShuffler: null, form: null },
  async scores(rows) {
    const column = await predict(rows)
    if (column.type === 'numeric') return new Map([['value', column.values]])
    return new Map(
      column.categories.map((name, code) => [name, Float64Array.from(column.codes, (c) => (c === code ? 1 : 0))]),
    )
  },
})
const importancesAlone = { attributedRows: 0, dependenceColumns: 0 }

const ask = (input: Partial<ExplanationInput> & Pick<ExplanationInput, 'current'>, changes: object = {}) =>
  analyzeExplanation(
    { task: 'binary', classes, positiveClass: 'yes', model: null, ...input },
    parametersOf.explanation.parse(changes),
    uninterrupted,
  )

describe('explanation by asking the model', () => {
  it('measures what accuracy on labels loses, and finds the unused column exactly zero', async () => {
    const current = samples(3000)
    const label = (await classify(current)) as CategoricalColumn
    // One label in ten is wrong, so that the model is right nine times in ten.
    const codes = label.codes.map((code, row) => (row % 10 === 0 ? 1 - code : code))
    const { detail, headline, findings } = await ask({
      current: { ...current, label: { ...label, codes } },
      model: modelOf(classify),
    })
    expect(detail.method).toBe('permutation-endpoint')
    expect(detail.baseline.value).toBeCloseTo(0.9, 1)
    expect(detail.importances.map(({ column }) => column)).toEqual(['strong', 'room', 'unused'])
    const [strong, room, unused] = detail.importances.map(({ importance }) => importance)
    expect(strong.value).toBeGreaterThan(0.2)
    expect(room.interval?.[0]).toBeGreaterThan(0)
    expect(unused).toEqual({ value: 0, n: 1000, interval: null })
    expect(headline.text).toMatch(/hang most on strong \(0\.\d+\) and room/)
    expect(findings[0].subject).toEqual({ metric: 'importance', column: 'strong' })
  })

  it('counts changed answers where labels are missing', async () => {
    const { detail } = await ask({ current: samples(500), model: modelOf(classify, 'onnx') })
    expect(detail.method).toBe('permutation-onnx')
    expect(detail.baseline.value).toBe(1)
    expect(detail.note).toContain('the share of predictions that change')
    expect(detail.importances[0].column).toBe('strong')
  })

  it('agrees with theory for a linear regression: the loss of R² is twice the share of variance', async () => {
    const current = samples(4000)
    const { detail } = await ask(
      { current, model: modelOf(regress), task: 'regression', classes: [] },
      { maxRows: 4000, repeats: 20 },
    )
    // Variances 9 and 1 of 10; shuffling doubles each.
    const [strong, room] = detail.importances.map(({ importance }) => importance)
    expect(strong.value).toBeCloseTo(1.8, 1)
    expect(room.value).toBeCloseTo(0.2, 1)
    expect(strong.interval?.[0]).toBeLessThan(1.8)
    expect(strong.interval?.[1]).toBeGreaterThan(1.8)
  })

  it('asks columns · repeats + 2 times about no more rows than it may', async () => {
    const asked: number[] = []
    const predict = async (rows: SampleTable) => {
      asked.push(rows.n)
      return classify(rows)
    }
    await ask(
      { current: samples(500), model: modelOf(predict) },
      { ...importancesAlone, maxRows: 50, repeats: 2, columns: ['strong', 'unused'] },
    )
    expect(asked).toEqual(Array.from({ length: 6 }, () => 50))
  })

  it('is the same for the same seed', async () => {
    const run = () => ask({ current: samples(400), model: modelOf(classify) })
    expect(await run()).toEqual(await run())
  })

  it('stops between two calls, and passes a failure of the endpoint on', async () => {
    const cancellation = { aborted: false }
    let calls = 0
    const predict = async (rows: SampleTable) => {
      if (++calls === 3) cancellation.aborted = true
      return classify(rows)
    }
    const input = {
      current: samples(100),
      task: 'binary',
      classes,
      positiveClass: 'yes',
      model: modelOf(predict),
    } as const
    const parameters = parametersOf.explanation.parse({})
    await expect(analyzeExplanation(input, parameters, { cancellation, onProgress: () => {} })).rejects.toThrow(
      AnalysisCancelled,
    )
    expect(calls).toBe(3)
    const failing = async () => {
      throw new Error('the endpoint hangs')
    }
    await expect(analyzeExplanation({ ...input, model: modelOf(failing) }, parameters, uninterrupted)).rejects.toThrow(
      'the endpoint hangs',
    )
  })
})

describe('explanation by a surrogate', () => {
  it('finds what the stored predictions hang on, and says how faithful it is', async () => {
    const current = samples(4000)
    const { detail, headline } = await ask({ current: { ...current, prediction: await classify(current) } })
    expect(detail.method).toBe('surrogate')
    expect(detail.baseline.value).toBeGreaterThan(0.95)
    expect(detail.importances[0].column).toBe('strong')
    expect(detail.importances[1].column).toBe('room')
    expect(detail.note).toMatch(/gives the same answer for (9\d\S*|100) %/)
    expect(headline.status).toBe('ok')
  })

  it('reads predictions of zeros and ones as classes, and of numbers as a regression', async () => {
    const current = samples(2000)
    const label = (await classify(current)) as CategoricalColumn
    const zeroOne: NumericColumn = { type: 'numeric', values: Float64Array.from(label.codes) }
    const asClasses = await ask({ current: { ...current, prediction: zeroOne } })
    expect(asClasses.detail.baseline.value).toBeGreaterThan(0.95)
    const asNumbers = await ask({
      current: { ...current, prediction: await regress(current) },
      task: 'regression',
      classes: [],
    })
    expect(asNumbers.detail.note).toContain('of their variance')
    expect(asNumbers.detail.importances[0].column).toBe('strong')
  })

  it('does not pretend: predictions that hang on nothing give an unfaithful surrogate', async () => {
    const random = createRandom(77)
    const current = samples(2000)
    const prediction = answers(() => randomInteger(random, 2) === 1, 2000)
    const { headline, detail, findings } = await ask({ current: { ...current, prediction } })
    expect(headline.status).toBe('insufficient')
    expect(detail.note).toContain('too little of the model to be relied on')
    expect(findings.every(({ status }) => status === 'insufficient')).toBe(true)
  })

  it.each([
    ['no predictions', samples(100), {}, '0 samples with a prediction, 60 needed'],
    ['one answer', { ...samples(100), prediction: answers(() => true, 100) }, {}, 'all predictions are the same'],
    ['an unknown column', samples(100), { columns: ['lux'] }, 'the samples have no column lux'],
    ['no columns', { ...samples(100), columns: new Map() }, {}, 'no column describes the samples'],
  ])('refuses with a reason: %s', async (_, current, changes, reason) => {
    const { headline, findings } = await ask({ current }, changes)
    expect(headline).toEqual({ status: 'insufficient', text: `What the predictions hang on cannot be said: ${reason}` })
    expect(findings).toMatchObject([{ value: null, status: 'insufficient' }])
  })
})
