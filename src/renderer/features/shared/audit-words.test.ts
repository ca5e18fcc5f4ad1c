import { describe, expect, it } from 'vitest'
import { actionWord, entryWord } from './audit-words.ts'

describe('entries in words', () => {
  it('name what was done', () => {
    expect(actionWord('releases.certify')).toBe('Certificate signed')
    expect(actionWord('thresholds.save')).toBe('Thresholds: save')
    expect(actionWord('system.alert-opened')).toBe('Console: alert opened')
    expect(actionWord('constructor')).toBe('Constructor')
  })
  it('never call a refused attempt done', () => {
    expect(entryWord({ action: 'releases.certify', details: { outcome: 'refused', why: 'wrong-password' } })).toBe(
      'Certificate signed: refused',
    )
    expect(entryWord({ action: 'session.signIn', details: {} })).toBe('Signed in')
  })
})
