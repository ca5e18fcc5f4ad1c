import { describe, expect, it } from 'vitest'
import type { ColumnMapping, ColumnRole } from '../../../../contract/model.ts'
import { mappingProblems } from './mapping-problems.ts'

const column = (role: ColumnRole, extra: Partial<ColumnMapping> = {}): ColumnMapping => ({
  name: role,
  role,
  type: 'numeric',
  ...extra,
})

describe('how columns are read', () => {
  it('lets a plain table through', () => {
    expect(mappingProblems([column('id'), column('feature'), column('label')], 'dataset')).toEqual([])
    expect(mappingProblems([column('time'), column('prediction')], 'samples')).toEqual([])
    expect(mappingProblems([column('id'), column('label')], 'labels')).toEqual([])
  })

  it.each([
    [[column('label'), column('label', { name: 'y' })], 'dataset', /2 columns are read as label/],
    [[column('ignore')], 'dataset', /Every column is ignored/],
    [[column('time')], 'samples', /need a column read as prediction/],
    [[column('prediction')], 'samples', /need a column read as time/],
    [[column('label')], 'labels', /need a column read as id/],
    [[column('id')], 'labels', /need a column read as label/],
    [[column('score', { name: 'p' })], 'dataset', /Say of which class p is the score/],
  ] as const)('refuses %j for %s', (columns, what, problem) => {
    expect(mappingProblems(columns, what)).toEqual([expect.stringMatching(problem)])
  })
})
