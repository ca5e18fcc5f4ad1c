import { describe, expect, it } from 'vitest'
import { mergeEdit } from './use-edit.ts'

describe('mergeEdit', () => {
  it('keeps what was typed and takes what another person changed', () => {
    const base = { name: 'a', site: 'north', tags: ['x'] }
    const draft = { ...base, name: 'typed' }
    const newest = { name: 'a', site: 'south', tags: ['x', 'y'] }
    expect(mergeEdit(base, draft, newest)).toEqual({ name: 'typed', site: 'south', tags: ['x', 'y'] })
  })
  it('prefers the typed value where both changed', () => {
    expect(mergeEdit({ name: 'a' }, { name: 'mine' }, { name: 'theirs' })).toEqual({ name: 'mine' })
  })
  it('keeps a field that was emptied', () => {
    expect(mergeEdit<{ site?: string }>({ site: 'a' }, { site: undefined }, { site: 'a' })).toEqual({ site: undefined })
  })
})
