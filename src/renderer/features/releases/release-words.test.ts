import { describe, expect, it } from 'vitest'
import type { Release, ReleaseState } from '../../../contract/release.ts'
import { passagesOf } from './release-words.ts'

const release = (...states: ReleaseState[]) =>
  ({
    state: states.at(-1),
    history: states.map((state, index) => ({ state, at: index + 1, userId: 'usr_1', reason: '' })),
  }) as Release
const seen = (...states: ReleaseState[]) =>
  passagesOf(release(...states)).map(({ state, at, isCurrent }) => `${state}${at ?? '-'}${isCurrent ? '*' : ''}`)

describe('passagesOf', () => {
  it('shows what was reached and what is to come', () => {
    expect(seen('draft', 'testing', 'tested')).toEqual([
      'draft1',
      'testing2',
      'tested3*',
      'certified-',
      'approved-',
      'releasing-',
      'released-',
    ])
  })
  it('ends where the release ended', () => {
    expect(seen('draft', 'testing', 'tested', 'refused')).toEqual(['draft1', 'testing2', 'tested3', 'refused4*'])
  })
  it('forgets what testing again dropped', () => {
    expect(seen('draft', 'testing', 'tested', 'certified', 'testing')).toEqual([
      'draft1',
      'testing5*',
      'tested-',
      'certified-',
      'approved-',
      'releasing-',
      'released-',
    ])
  })
})
