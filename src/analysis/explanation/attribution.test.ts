import { describe, expect, it } from 'vitest'
import type { Column, NumericColumn, SampleTable } from '../../contract/table.ts'
import { createRandom, randomInteger, randomNormal } from '../../stats/random.ts'
import type { ShapTree } from '../../stats/tree-shap.ts'
import { AnalysisCancelled, uninterrupted } from '../answer.ts'
import { type AttributionOptions, type AttributionTask, attribute } from './attribution.ts'
import { partialDependence } from './dependence.ts'
import { explainRows } from './global.ts'
import { tableOf } from './mix-rows.ts'
import { linkedOutputs, type ModelForm, rawOutputs } from './model-form.ts'
import type { AskedModel } from './predict.ts'
import { explainSample } from './sample.ts'

const classes = ['empty', 'occupied']
const columns = ['light', 'co2', 'noise']

const numbers = (values: readonly number[]): NumericColumn => ({ type: 'numeric', values: Float64Array.from(values) })
function draw(n: number, seed: number): SampleTable {
  const random = createRandom(seed)
  return tableOf(
    n,
    new Map(columns.map((name) => [name, numbers(Array.from({ length: n }, () => randomNormal(random)))])),
  )
}
const at = (table: SampleTable, name: string, row: number) => (table.columns.get(name) as NumericColumn).values[row]

/** A model that computes what a form says, and tells its form or not. */
function modelOf(form: ModelForm, isTold: boolean, said: ModelForm = form): AskedModel {
  const scores: AskedModel['scores'] = async (table) => {
    const rows = Array.from({ length: table.n }, (_, row) =>
      linkedOutputs(
        rawOutputs(
          form,
          Float64Array.from(columns, (name) => at(table, name, row)),
        ),
        form.link,
        2,
      ),
    )
    return new Map(classes.map((name, c) => [name, Float64Array.from(rows, (row) => row[c])]))
  }
  const predict: AskedModel['predict'] = async (table) => {
    const occupied = (await scores(table)).get('occupied') as Float64Array
    return { type: 'categorical', codes: Int32Array.from(occupied, (p) => (p > 0.5 ? 1 : 0)), categories: classes }
  }
  return { source: 'onnx', scores, predict, openShuffler: null, form: isTold ? said : null }
}

const facts = { columns, isSingle: false } as const
const linear: ModelForm = {
  ...{ type: 'linear', link: 'softmax', ...facts },
  outputs: [
    { weights: Float64Array.of(-1, 0.2, 0), bias: 0.1 },
    { weights: Float64Array.of(1, -0.4, 0), bias: 0 },
  ],
}
const stump = (feature: number, threshold: number, yes: number, no: number): ShapTree => ({
  feature: Int32Array.of(feature, -1, -1),
  threshold: Float64Array.of(threshold, 0, 0),
  comparison: ['<=', '<=', '<='],
  yes: Int32Array.of(1, 0, 0),
  no: Int32Array.of(2, 0, 0),
  missingYes: new Uint8Array(3),
  value: Float64Array.of(0, yes, no),
})
const trees: ModelForm = {
  ...{ type: 'trees', link: 'identity', ...facts, scale: Float64Array.of(1, 2, 1), shift: Float64Array.of(0, 0.5, 0) },
  outputs: [{ trees: [stump(0, 0.2, 0.1, 0.4), stump(1, 0, 0.3, 0.05)], base: 0.1 }],
}

const space = { task: 'binary', classes, positiveClass: 'occupied' } as const
const taskOf = (rows: SampleTable): AttributionTask => ({
  ...{ ...space, rows, background: draw(40, 2), backgroundOf: 'reference', columns },
  outputs: Array.from({ length: rows.n }, () => ({ index: 1, name: 'occupied' })),
})
const options: AttributionOptions = { backgroundRows: 40, budgetRows: 1_000_000, method: 'auto', seed: 1 }

async function found(model: AskedModel, task = taskOf(draw(6, 3)), changes: Partial<AttributionOptions> = {}) {
  const result = await attribute(model, task, { ...options, ...changes }, uninterrupted)
  if (typeof result === 'string') throw new Error(result)
  return result
}

describe('attribution', () => {
  it('sums to the output less its mean over the background, whatever the method', async () => {
    for (const [form, isTold, method] of [
      [linear, true, 'linear'],
      [trees, true, 'trees'],
      [linear, false, 'kernel'],
      [trees, false, 'kernel'],
    ] as const) {
      const result = await found(modelOf(form, isTold))
      expect(result).toMatchObject({ method, isExact: true, backgroundRows: 40 })
      for (let i = 0; i < 6; i++) {
        const sum = result.values.slice(i * 3, i * 3 + 3).reduce((total, value) => total + value, 0)
        expect(sum).toBeCloseTo(result.full[i] - result.base[i], 10)
      }
    }
  })

  it('is weight times distance from the mean for a linear model, in log-odds', async () => {
    const task = taskOf(draw(6, 3))
    const { values, unit, sentence } = await found(modelOf(linear, true), task)
    const mean = (task.background.columns.get('light') as NumericColumn).values.reduce((sum, x) => sum + x / 40, 0)
    expect(unit).toBe('log-odds')
    expect(values[0]).toBeCloseTo(2 * (at(task.rows, 'light', 0) - mean), 10)
    expect(values[2]).toBe(0)
    expect(sentence).toMatch(
      /^Exact, from the weights of the linear model in its file, against 40 rows of the reference/,
    )
  })

  it('gives the same for trees from their file as from asking about every combination', async () => {
    const exact = await found(modelOf(trees, true))
    const asked = await found(modelOf(trees, false))
    expect(exact.unit).toBe(asked.unit)
    exact.values.forEach((value, i) => {
      expect(value).toBeCloseTo(asked.values[i], 10)
    })
  })

  it('does not believe a form that the model contradicts', async () => {
    const lie: ModelForm = {
      ...linear,
      outputs: linear.outputs.map((output) => ({ ...output, bias: output.bias * 3 })),
    }
    expect((await found(modelOf(linear, true, lie))).method).toBe('kernel')
  })

  it('keeps the budget and says what it asked', async () => {
    const asked: number[] = []
    const honest = modelOf(trees, false)
    const model: AskedModel = {
      ...honest,
      scores(rows) {
        asked.push(rows.n)
        return honest.scores(rows)
      },
    }
    const result = await found(model, taskOf(draw(50, 3)), { budgetRows: 900 })
    expect(asked.reduce((sum, n) => sum + n, 0)).toBe(result.askedRows)
    expect(result.askedRows).toBeLessThanOrEqual(900)
    expect(result.explained.length).toBeGreaterThan(5)
    const tooLittle = await attribute(model, taskOf(draw(2, 3)), { ...options, budgetRows: 60 }, uninterrupted)
    expect(tooLittle).toContain('71 made-up rows are needed for one sample of 3 columns, and 60 may be asked')
  })

  it('stops when asked to', async () => {
    const stopped = { cancellation: { aborted: true }, onProgress: () => {} }
    await expect(attribute(modelOf(trees, false), taskOf(draw(3, 1)), options, stopped)).rejects.toThrow(
      AnalysisCancelled,
    )
  })

  it('leaves out rows about which the model has no answer', async () => {
    const rows = draw(5, 3)
    ;(rows.columns.get('co2') as NumericColumn).values[2] = Number.NaN
    for (const isTold of [true, false]) {
      const result = await explainRows(
        modelOf(linear, isTold),
        taskOf(rows),
        { ...options, confidence: 0.95 },
        uninterrupted,
      )
      if (typeof result === 'string') throw new Error(result)
      expect(result.attribution.columns.every(({ meanAbsolute }) => Number.isFinite(meanAbsolute.value))).toBe(true)
    }
  })
})

describe('explanations', () => {
  it('rank columns over samples with intervals, directions and points', async () => {
    const result = await explainRows(
      modelOf(linear, true),
      taskOf(draw(300, 4)),
      { ...options, confidence: 0.95 },
      uninterrupted,
    )
    if (typeof result === 'string') throw new Error(result)
    expect(result.attribution.output).toBe('occupied')
    expect(result.attribution.columns.map(({ column }) => column)).toEqual(['light', 'co2', 'noise'])
    const [light, co2, noise] = result.attribution.columns
    expect(light.direction).toBeCloseTo(1, 6)
    expect(co2.direction).toBeCloseTo(-1, 6)
    expect(noise).toMatchObject({ direction: null, meanAbsolute: { value: 0, interval: null } })
    // |N(0, 1)| has mean √(2/π), times the weight.
    expect(light.meanAbsolute.interval?.[0]).toBeLessThan(2 * Math.sqrt(2 / Math.PI))
    expect(light.meanAbsolute.interval?.[1]).toBeGreaterThan(2 * Math.sqrt(2 / Math.PI))
    expect(light.points).toHaveLength(200)
  })

  it('say of one sample what pushed where', async () => {
    const rows = tableOf(1, new Map(columns.map((name, i) => [name, numbers([[2, -1, 0][i]])])))
    const specs = [
      { name: 'light', type: 'numeric', role: 'input', isGroup: false, isRequired: true, unit: 'lx' },
    ] as const
    const result = await explainSample(modelOf(linear, true), { ...taskOf(rows), specs }, options, uninterrupted)
    if (typeof result === 'string') throw new Error(result)
    expect(result.contributions[0].sentence).toMatch(/^light 2 lx pushed towards occupied by \+[345]\.\d+$/)
    expect(result.contributions[2].sentence).toBe('noise 0 made no difference')
    expect(result.base + result.contributions.reduce((sum, { contribution }) => sum + contribution, 0)).toBeCloseTo(
      result.value,
      10,
    )
  })

  it('follow the mean prediction along a column, and count the data beneath', async () => {
    const rows = draw(60, 5)
    const room: Column = {
      type: 'categorical',
      codes: Int32Array.from({ length: 60 }, () => randomInteger(createRandom(1), 2)),
      categories: ['a', 'b'],
    }
    const data = { ...rows, columns: new Map(rows.columns).set('room', room) }
    const asked = { ...space, rows: data, data, columns: ['light', 'noise', 'room'], followed: 'occupied' }
    const result = await partialDependence(modelOf(linear, true), asked, 11, uninterrupted)
    if (typeof result === 'string') throw new Error(result)
    expect(result.columns.map(({ column }) => column)).toEqual(['light', 'noise'])
    const [light, noise] = result.columns
    expect(light.mean.every((value, i) => i === 0 || value > light.mean[i - 1])).toBe(true)
    expect(Math.max(...noise.mean) - Math.min(...noise.mean)).toBeLessThan(1e-12)
    expect(light.counts.reduce((sum, count) => sum + count, 0)).toBe(60)
    expect(light.low[5]).toBeLessThan(light.mean[5])
    expect(light.curves).toHaveLength(20)
  })
})
