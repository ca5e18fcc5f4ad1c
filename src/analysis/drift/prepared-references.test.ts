import { describe, expect, it } from 'vitest'
import type { SchemaSpec } from '../../contract/model.ts'
import { createRandom, randomNormal } from '../../stats/random.ts'
import { uninterrupted } from '../answer.ts'
import { analyzeDrift } from '../drift.ts'
import { parametersOf } from '../parameters.ts'
import { buildBinning } from '../profile/binning.ts'
import { profileOfTable } from '../profiles.ts'
import { categories, numbers, tableOf } from '../testing/tables.ts'
import { createPreparedReferences } from './prepared-references.ts'

const random = createRandom(7)
const draw = (shift: number) =>
  tableOf({
    x: numbers(
      Float64Array.from({ length: 500 }, (_, i) => (i % 50 === 0 ? Number.NaN : shift + randomNormal(random))),
    ),
    site: categories(Array.from({ length: 500 }, (_, i) => (i % 3 === 0 ? 'a' : 'b'))),
  })
const reference = draw(0)
const schema: SchemaSpec = {
  ...{ task: 'binary', classes: ['no', 'yes'], positiveClass: 'yes' },
  columns: (['x', 'site'] as const).map((name) => ({
    ...{ name, type: name === 'x' ? ('numeric' as const) : ('categorical' as const) },
    ...{ role: 'input' as const, isGroup: false, isRequired: true },
  })),
}

describe('prepared references', () => {
  it('change no digit of an answer, however often they serve', () => {
    const prepared = createPreparedReferences()
    const parameters = parametersOf.drift.parse({})
    for (const shift of [0, 0.1, 1]) {
      const input = { reference, current: draw(shift), schema: null }
      expect(analyzeDrift({ ...input, prepared }, parameters, uninterrupted)).toEqual(
        analyzeDrift(input, parameters, uninterrupted),
      )
    }
  })

  it('work a column out once', () => {
    const prepared = createPreparedReferences()
    const values = Float64Array.of(3, 1, Number.POSITIVE_INFINITY, 2, Number.NaN)
    expect(prepared.numbers(values)).toMatchObject({
      sample: { values: Float64Array.of(1, 2, 3), missing: 2 },
      moments: { n: 3, mean: 2 },
    })
    expect(prepared.numbers(values)).toBe(prepared.numbers(values))
  })

  it('count a profile anew when the bins change', () => {
    const prepared = createPreparedReferences()
    const binning = buildBinning('ver_1', reference, schema)
    const profile = prepared.profile(reference, schema, binning)
    expect(profile).toEqual(profileOfTable(reference, schema, binning))
    expect(prepared.profile(reference, schema, structuredClone(binning))).toBe(profile)
    const other = { ...binning, numeric: { ...binning.numeric, x: { shift: 0, edges: [0] } } }
    expect(prepared.profile(reference, schema, other)).toEqual(profileOfTable(reference, schema, other))
  })
})
