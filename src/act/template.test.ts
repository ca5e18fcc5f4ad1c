import { describe, expect, it } from 'vitest'
import { createMask } from './action-log.ts'
import { commandEnvironment, variableName } from './command-environment.ts'
import { valueAt } from './dot-path.ts'
import { OutputTail } from './output-tail.ts'
import { lookupIn, renderBody, renderHeader, renderUrl } from './template.ts'

const hostile = 'a"b\\c\n{"x":1}, é/../?&#'
const lookup = lookupIn({ name: hostile, version: '1.4.0', dots: '..', constructorless: 'x' })

describe('renderBody', () => {
  it('inserts values as JSON, with quotes or inside a string', () => {
    const body = renderBody('{"plain": {{name}}, "in": "run {{ name }} at \\"{{version}}\\""}', lookup)
    expect(JSON.parse(body)).toEqual({ plain: hostile, in: `run ${hostile} at "1.4.0"` })
  })
  it('names what it does not know', () => {
    expect(() => renderBody('{"a": {{missing}}}', lookup)).toThrow('The body asks for {{missing}}, which is not known')
    expect(() => renderBody('{{constructor}}', lookup)).toThrow('which is not known')
  })
  it('refuses what is not JSON once filled, and leaves nothing empty', () => {
    expect(() => renderBody('{"a": {{version}}', lookup)).toThrow('not JSON')
    expect(renderBody('  ', lookup)).toBe('')
  })
})

describe('renderUrl', () => {
  it('percent-encodes', () =>
    expect(renderUrl('https://host:8443/runs/{{version}}?n={{name}}', lookup)).toBe(
      `https://host:8443/runs/1.4.0?n=${encodeURIComponent(hostile)}`,
    ))
  it.each([
    ['https://{{version}}/x', 'host'],
    ['https://host{{version}}/x', 'host'],
    ['{{version}}/x', 'http'],
    ['file:///etc/passwd', 'http'],
    ['https://host/runs/{{dots}}/x', 'path'],
    ['https://host/{{missing}}', 'not known'],
    ['https://me:pw@host/', 'authentication'],
  ])('refuses %s', (template, sentence) => expect(() => renderUrl(template, lookup)).toThrow(sentence))
})

describe('renderHeader', () => {
  it('lets nothing break out of the header', () =>
    expect(renderHeader('x-why', 'why: {{name}}', lookupIn({ name: 'a\r\nx-evil: 1 é' }))).toBe(
      'why: a%0D%0Ax-evil: 1 %C3%A9',
    ))
})

describe('valueAt', () => {
  const value = { a: { b: [{ c: 1 }] } }
  it('follows own fields and positions only', () => {
    expect(valueAt(value, 'a.b.0.c')).toBe(1)
    expect(valueAt(value, '')).toBe(value)
    for (const path of ['a.b.1.c', 'a.b.c', 'a.b.length', 'constructor', 'a.__proto__', 'a.b.0.c.d'])
      expect(valueAt(value, path)).toBeUndefined()
  })
})

describe('createMask', () => {
  it('finds a secret in every dress', () => {
    const secret = 'p"ss/wörd'
    const mask = createMask([secret, 'p', ''])
    const text = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({ secret }),
      Buffer.from(secret).toString('base64'),
    ].join(' ')
    expect(mask(text)).not.toMatch(/ss.*w.*rd/)
    expect(mask(text)).not.toContain(Buffer.from(secret).toString('base64'))
  })
})

describe('OutputTail', () => {
  it('keeps everything that fits', () => {
    const tail = new OutputTail(1000)
    tail.push(Buffer.from('grüße\n'))
    expect(tail.text()).toBe('grüße\n')
  })
  it('keeps the end, says what was cut, never more than it may, never half a character', () => {
    const tail = new OutputTail(1000)
    for (let index = 0; index < 5000; index += 1) tail.push(Buffer.from('é'))
    tail.push(Buffer.from('end'))
    const text = tail.text()
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1000)
    const [note, rest] = text.split('\n')
    expect(rest).toMatch(/^é+end$/)
    expect(note).toBe(`[${10_003 - Buffer.byteLength(rest)} bytes before this were cut]`)
  })
  it('stays bounded on bytes that are no text', () => {
    const tail = new OutputTail(1000)
    tail.push(Buffer.alloc(5000, 0xff))
    expect(Buffer.byteLength(tail.text())).toBeLessThanOrEqual(1000)
    const exact = new OutputTail(1000)
    exact.push(Buffer.alloc(1000, 0xff))
    expect(Buffer.byteLength(exact.text())).toBeLessThanOrEqual(1000)
  })
})

describe('commandEnvironment', () => {
  it('passes on what programs need and nothing else', () =>
    expect(
      commandEnvironment(
        { PATH: '/bin', LC_ALL: 'C', AWS_SECRET: 'x', ASSAY_KEY: 'x', HOME: undefined },
        { targetVersionId: 'ver_2' },
      ),
    ).toEqual({
      PATH: '/bin',
      LC_ALL: 'C',
      ASSAY_TARGET_VERSION_ID: 'ver_2',
    }))
  it('refuses what would be ambiguous or broken', () => {
    expect(variableName('a-b.c')).toBe('ASSAY_A_B_C')
    expect(() => commandEnvironment({}, { aB: '1', a_b: '2' })).toThrow('would both be ASSAY_A_B')
    expect(() => commandEnvironment({}, { a: '\0' })).toThrow('NUL')
  })
})
