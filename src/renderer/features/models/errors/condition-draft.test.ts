import { describe, expect, it } from 'vitest'
import type { SliceCondition } from '../../../../contract/error-slices.ts'
import { draftOf, readCondition } from './condition-draft.ts'

describe('a condition that is typed', () => {
  it.each([
    { column: 'tilt', operator: '<=', value: -4.2 },
    { column: 'light', operator: 'not in', value: ['day', 'dusk'] },
    { column: 'light', operator: 'missing', value: null },
  ] as SliceCondition[])('comes back as it was: %j', (condition) => {
    expect(readCondition(draftOf(condition))).toEqual(condition)
  })

  it.each([
    { column: '', operator: '>', value: '1' },
    { column: 'tilt', operator: '>', value: '' },
    { column: 'tilt', operator: '>', value: 'steep' },
    { column: 'light', operator: 'in', value: ' , ' },
  ] as const)('is none: %j', (draft) => {
    expect(readCondition(draft)).toBeNull()
  })
})
