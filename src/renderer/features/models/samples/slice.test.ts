import { describe, expect, it } from 'vitest'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import type { LabelledSample } from '../../../../contract/sample.ts'
import { conditionText, meets, readSlice, writeSlice } from './slice.ts'

const sample = (inputs: LabelledSample['inputs']): LabelledSample => ({
  id: 'a',
  deploymentId: 'dep_1',
  versionId: 'ver_1',
  at: 0,
  arrivedAt: 0,
  inputs,
  prediction: 'dog',
  scores: null,
  latencyMs: null,
  deviceId: null,
  seq: null,
  label: null,
  labelledAt: null,
  labelSource: null,
})

const slice: SliceCondition[] = [
  { column: 'tilt', operator: '<=', value: -4.2 },
  { column: 'light', operator: 'not in', value: ['day', 'dusk'] },
]

describe('a slice in an address', () => {
  it('comes back as it was written', () => {
    expect(readSlice(writeSlice(slice))).toEqual(slice)
  })

  it.each([null, '', '{', '[]x', '[{"column":"a"}]', '{"column":"a","operator":"<=","value":1}'])(
    'reads %j as no slice',
    (text) => {
      expect(readSlice(text)).toBeNull()
    },
  )

  it('says its conditions', () => {
    expect(slice.map(conditionText)).toEqual(['tilt ≤ -4.2', 'light is not day or dusk'])
  })
})

describe('whether a sample is in a slice', () => {
  it.each([
    [{ tilt: -4.2 }, { column: 'tilt', operator: '<=', value: -4.2 }, true],
    [{ tilt: -4.2 }, { column: 'tilt', operator: '>', value: -4.2 }, false],
    [{ tilt: null }, { column: 'tilt', operator: '<=', value: 0 }, false],
    [{}, { column: 'tilt', operator: 'missing', value: null }, true],
    [{ light: 'night' }, { column: 'light', operator: 'in', value: ['night'] }, true],
    [{ light: null }, { column: 'light', operator: 'not in', value: ['night'] }, true],
    [{ lit: true }, { column: 'lit', operator: 'in', value: ['true'] }, true],
  ] as const)('%j under %j: %s', (inputs, condition, expected) => {
    expect(meets(sample({ ...inputs }), condition as SliceCondition)).toBe(expected)
  })
})
