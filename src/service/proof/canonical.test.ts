import { describe, expect, it } from 'vitest'
import { CanonicalFormError, canonicalBytes, canonicalText, findObjection } from './canonical.ts'

describe('canonical JSON', () => {
  it('follows the published examples: key order by UTF-16 unit, number and string forms', () => {
    expect(
      canonicalText({
        numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
        string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
        literals: [null, true, false],
      }),
    ).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    )
    expect(canonicalText({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '😀': 5, '\u0080': 6, ö: 7 })).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    )
    expect(canonicalText([-0, 1e21, 1e-7, 9007199254740991])).toBe('[0,1e+21,1e-7,9007199254740991]')
  })

  it('gives the same bytes whatever the order of keys, and takes objects without a prototype', () => {
    const bare = Object.assign(Object.create(null), { b: [{ d: 1, c: 'ü' }], a: null })
    expect(canonicalBytes(bare)).toEqual(canonicalBytes({ a: null, b: [{ c: 'ü', d: 1 }] }))
    expect(canonicalBytes('ü')).toEqual(Uint8Array.of(0x22, 0xc3, 0xbc, 0x22))
  })

  it('takes the same object twice, as long as it does not contain itself', () => {
    const shared = { x: 1 }
    expect(canonicalText([shared, shared])).toBe('[{"x":1},{"x":1}]')
  })

  const loop: { self?: unknown } = {}
  loop.self = [loop]
  let deep: unknown = 1
  for (let level = 0; level < 101; level += 1) deep = [deep]

  it.each<[string, unknown, string, string]>([
    ['undefined', { a: { b: undefined } }, '$.a.b', 'is undefined'],
    ['undefined itself', undefined, '$', 'is undefined'],
    ['a hole', new Array(2), '$[0]', 'is undefined'],
    ['a date', { at: [new Date(0)] }, '$.at[0]', 'is a Date object'],
    ['NaN', { 'two words': Number.NaN }, '$["two words"]', 'is NaN'],
    ['infinity', [Number.NEGATIVE_INFINITY], '$[0]', 'is -Infinity'],
    ['a function', { run: () => 1 }, '$.run', 'is a function'],
    ['a symbol', [Symbol('s')], '$[0]', 'is a symbol'],
    ['a symbol key', { [Symbol('s')]: 1 }, '$', 'symbol for a key'],
    ['a big integer', { n: 1n }, '$.n', 'is a bigint'],
    ['a lone surrogate', { text: ['ok', '\ud83d'] }, '$.text[1]', 'lone surrogate'],
    ['a lone surrogate in a key', { a: { '\udc00': 1 } }, '$.a["\\udc00"]', 'lone surrogate in its key'],
    ['a map', { m: new Map() }, '$.m', 'is a Map object'],
    ['bytes', new Uint8Array(2), '$', 'is a Uint8Array object'],
    ['a cycle', loop, '$.self[0]', 'refers back'],
    ['a pit', deep, `$${'[0]'.repeat(100)}`, 'deeper than 100'],
  ])('refuses %s and says where', (_, value, path, reason) => {
    expect(findObjection(value)).toEqual({ path, reason: expect.stringContaining(reason) })
    expect(() => canonicalBytes(value)).toThrow(CanonicalFormError)
    expect(() => canonicalBytes(value)).toThrow(path)
  })
})
