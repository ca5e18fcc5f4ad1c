import { describe, expect, it } from 'vitest'
import { buildStatement, preAuthEncoding } from './statement.ts'

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
const encode = (text: string) => new TextEncoder().encode(text)

describe('pre-authentication encoding', () => {
  it('reproduces the published vector', () => {
    const encoded = preAuthEncoding('http://example.com/HelloWorld', encode('hello world'))
    expect(decode(encoded)).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
  })

  it('counts bytes, not characters, and leaves the body alone', () => {
    expect(decode(preAuthEncoding('é', encode('—')))).toBe('DSSEv1 2 é 3 —')
    expect([...preAuthEncoding('', Uint8Array.of(0, 255))]).toEqual([...encode('DSSEv1 0  2 '), 0, 255])
  })
})

describe('statement', () => {
  it('has the shape of in-toto v1', () => {
    const subject = [{ name: 'model.onnx', digest: { sha256: 'ab' } }]
    expect(buildStatement({ subject, predicateType: 'https://example.com/p/v1', predicate: { passed: true } })).toEqual(
      {
        _type: 'https://in-toto.io/Statement/v1',
        subject,
        predicateType: 'https://example.com/p/v1',
        predicate: { passed: true },
      },
    )
  })

  it('needs subjects, each with a digest', () => {
    const rest = { predicateType: 'p', predicate: {} }
    expect(() => buildStatement({ subject: [], ...rest })).toThrow('at least one subject')
    expect(() => buildStatement({ subject: [{ name: 'x', digest: {} }], ...rest })).toThrow('"x" has no digest')
  })
})
