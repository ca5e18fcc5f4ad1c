import { describe, expect, it } from 'vitest'
import { fieldFor, leavesOf, parseWords, unitOf, withUnit, wordsText } from './mapping-draft.ts'

describe('picking from a message', () => {
  it('finds every value by a path that JMESPath reads', () => {
    const message = { a: 1, 'b c': { d: [true, false] }, e: { f: null } }
    expect(leavesOf(message)).toEqual([
      { path: 'a', value: 1 },
      { path: '"b c"', value: { d: [true, false] } },
      { path: '"b c".d[0]', value: true },
      { path: 'e', value: { f: null } },
      { path: 'e.f', value: null },
    ])
    expect(leavesOf([{ x: 1 }, { x: 2 }])).toEqual([{ path: 'x', value: 1 }])
    expect(leavesOf('21.5')).toEqual([{ path: '@', value: '21.5' }])
  })

  it('names the field after what was clicked', () => {
    expect(fieldFor('samples', 'meta.prediction', []).to).toBe('prediction')
    expect(fieldFor('samples', 'meta.prediction', ['prediction']).to).toBe('inputs.prediction')
    expect(fieldFor('telemetry', 'a."wind speed"', []).to).toBe('values.wind speed')
  })
})

describe('units and words', () => {
  it('are told from the numbers and turned into them', () => {
    const field = { to: 'at', from: { kind: 'arrival' as const } }
    expect(unitOf(withUnit(field, 'f-c'))).toBe('f-c')
    expect(withUnit(withUnit(field, 'f-c'), 's-ms')).toEqual({ ...field, scale: 1000 })
    expect(withUnit(withUnit(field, 'k-c'), 'none')).toEqual(field)
    expect(unitOf({ scale: 3 })).toBe('custom')
  })

  it('are written as pairs', () => {
    expect(parseWords('1=dog, 0=cat,')).toEqual({ '0': 'cat', '1': 'dog' })
    expect(parseWords('dog')).toBeNull()
    expect(wordsText({ a: 'b', c: 'd' })).toBe('a=b, c=d')
  })
})
