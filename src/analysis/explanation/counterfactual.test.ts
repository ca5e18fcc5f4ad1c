import { describe, expect, it } from 'vitest'
import type { ColumnSpec } from '../../contract/model.ts'
import type { CategoricalColumn, NumericColumn, SampleTable } from '../../contract/table.ts'
import { createRandom, randomInteger, randomNormal } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { type CounterfactualTask, findCounterfactuals } from './counterfactual.ts'
import { tableOf } from './mix-rows.ts'
import type { AskedModel } from './predict.ts'

const classes = ['empty', 'occupied']
const rooms = ['cellar', 'hall', 'office']

function tableFrom(light: number[], people: number[], room: string[]): SampleTable {
  return tableOf(
    light.length,
    new Map<string, NumericColumn | CategoricalColumn>([
      ['light', { type: 'numeric', values: Float64Array.from(light) }],
      ['people', { type: 'numeric', values: Float64Array.from(people) }],
      ['room', { type: 'categorical', codes: Int32Array.from(room, (name) => rooms.indexOf(name)), categories: rooms }],
    ]),
  )
}
const random = createRandom(8)
const reference = tableFrom(
  Array.from({ length: 300 }, () => randomNormal(random)),
  Array.from({ length: 300 }, () => randomInteger(random, 6)),
  Array.from({ length: 300 }, () => rooms[randomInteger(random, 3)]),
)

/** Occupied where light + people / 2 + (office: 1) is above 2. */
const scores: AskedModel['scores'] = async (table) => {
  const light = table.columns.get('light') as NumericColumn
  const people = table.columns.get('people') as NumericColumn
  const room = table.columns.get('room') as CategoricalColumn
  const occupied = light.values.map((value, i) => {
    const raw = value + people.values[i] / 2 + (room.categories[room.codes[i]] === 'office' ? 1 : 0) - 2
    return 1 / (1 + Math.exp(-raw))
  })
  return new Map([
    ['empty', occupied.map((p) => 1 - p)],
    ['occupied', occupied],
  ])
}
const model: AskedModel = {
  ...{ source: 'onnx', scores, openShuffler: null, form: null },
  async predict(table) {
    const occupied = (await scores(table)).get('occupied') as Float64Array
    return { type: 'categorical', codes: Int32Array.from(occupied, (p) => (p > 0.5 ? 1 : 0)), categories: classes }
  },
}
const spec = (name: string, more: Partial<ColumnSpec> = {}): ColumnSpec => ({
  ...{ name, type: 'numeric', role: 'input', isGroup: false, isRequired: true },
  ...more,
})
const taskOf = (row: SampleTable, specs: ColumnSpec[] = []): CounterfactualTask => ({
  ...{
    task: 'binary',
    classes,
    positiveClass: 'occupied',
    row,
    columns: ['light', 'people', 'room'],
    specs,
    reference,
  },
})
async function find(row: SampleTable, specs?: ColumnSpec[], budget = 5000) {
  const found = await findCounterfactuals(model, taskOf(row, specs), budget, uninterrupted)
  if (typeof found === 'string') throw new Error(found)
  return found
}

describe('counterfactuals', () => {
  it('flip the prediction by changes of the smallest size, each by itself or together', async () => {
    const result = await find(tableFrom([0.5], [1], ['hall']), [spec('light', { unit: 'lx' })])
    expect(result.prediction).toBe('empty')
    expect(result.found.length).toBeGreaterThan(1)
    const alone = result.found.find(({ changes }) => changes.length === 1 && changes[0].column === 'light')
    // 0.5 + 0.5 is 1 short of 2, so that light must be above 1.5.
    expect(alone?.changes[0].to).toBeGreaterThan(1.5)
    expect(alone?.changes[0].to).toBeLessThan(1.6)
    expect(alone?.sentence).toMatch(/^With light 1\.5\d* lx instead of 0\.5 it would have been occupied$/)
    const distances = result.found.map(({ distance }) => distance)
    expect(distances).toEqual([...distances].sort((a, b) => a - b))
  })

  it('keep whole numbers whole and stay within what is declared', async () => {
    const specs = [
      spec('light', { range: [0, 1] }),
      spec('people', { range: [0, 5] }),
      spec('room', { type: 'categorical', categories: ['hall', 'cellar'] }),
    ]
    const { found } = await find(tableFrom([0.5], [1], ['hall']), specs)
    expect(found.length).toBeGreaterThan(0)
    for (const { changes } of found)
      for (const { column, to } of changes) {
        if (column === 'light') expect(to).toBeLessThanOrEqual(1)
        if (column === 'people') expect(Number.isInteger(to)).toBe(true)
        expect(to).not.toBe('office')
      }
    // Three more people and a half: with four, 0.5 + 2 is enough.
    expect(found.find(({ changes }) => changes.length === 1 && changes[0].column === 'people')?.changes[0].to).toBe(4)
  })

  it('are confirmed by the model', async () => {
    const row = tableFrom([-1], [0], ['cellar'])
    for (const { changes, prediction } of (await find(row)).found) {
      const values = new Map(changes.map(({ column, to }) => [column, to]))
      const changed = tableFrom(
        [Number(values.get('light') ?? -1)],
        [Number(values.get('people') ?? 0)],
        [String(values.get('room') ?? 'cellar')],
      )
      const answer = (await model.predict(changed)) as CategoricalColumn
      expect(classes[answer.codes[0]]).toBe(prediction)
    }
  })

  it('say so where there are none, and keep the budget', async () => {
    const specs = [
      spec('light', { range: [0, 0.6] }),
      spec('people', { range: [0, 1] }),
      spec('room', { type: 'categorical', categories: ['hall'] }),
    ]
    const nothing = await find(tableFrom([0.5], [1], ['hall']), specs)
    expect(nothing.found).toEqual([])
    expect(nothing.sentence).toMatch(/^No change of up to 4 columns within the declared ranges was found/)
    const poor = await find(tableFrom([-3], [0], ['cellar']), [], 40)
    expect(poor.askedRows).toBeLessThanOrEqual(40)
    const regression = { ...taskOf(reference), task: 'regression' as const }
    expect(await findCounterfactuals(model, regression, 100, uninterrupted)).toContain('no other class')
  })
})
