import { describe, expect, it } from 'vitest'
import { decodeAnyBase64, decodeBase64, decodeHex, encodeBase64, encodeHex, encodeUtf8 } from './bytes.ts'

const plain = (bytes: Uint8Array | undefined) => bytes && [...bytes]

describe('text forms of bytes', () => {
  it('agree with the platform for every length and every byte', () => {
    for (let length = 0; length <= 260; length += 1) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255)
      const buffer = Buffer.from(bytes)
      expect(encodeBase64(bytes)).toBe(buffer.toString('base64'))
      expect(encodeHex(bytes)).toBe(buffer.toString('hex'))
      expect(plain(decodeBase64(buffer.toString('base64')))).toEqual([...bytes])
      expect(plain(decodeAnyBase64(buffer.toString('base64url')))).toEqual([...bytes])
      expect(plain(decodeAnyBase64(buffer.toString('base64')))).toEqual([...bytes])
      expect(plain(decodeHex(buffer.toString('hex').toUpperCase()))).toEqual([...bytes])
    }
  })

  it('UTF-8 agrees with the platform, and a lone surrogate is refused', () => {
    for (const text of ['', 'aé߿', '\u0800€\uffff', '😀\u{10ffff}', '— name']) {
      expect([...encodeUtf8(text)]).toEqual([...new TextEncoder().encode(text)])
    }
    expect(() => encodeUtf8('\ud800')).toThrow('lone surrogate')
  })

  it.each(['A', 'AA', 'AA=', 'A===', '====', 'AA=A', 'AB==', 'AAB=', 'AA A', 'AAA*', 'AA-_', 'AAAA\n'])(
    'strict Base 64 refuses %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )

  it('the lenient form still refuses mixtures, bad lengths and stray bits', () => {
    expect(plain(decodeAnyBase64('-_8='))).toEqual([0xfb, 0xff])
    expect(plain(decodeAnyBase64('-_8'))).toEqual([0xfb, 0xff])
    for (const text of ['-/8=', 'A', '-_9', 'AA=', 'AA===', ' -_8']) expect(decodeAnyBase64(text)).toBeUndefined()
  })

  it('hexadecimal refuses odd lengths and other letters', () => {
    expect(decodeHex('abc')).toBeUndefined()
    expect(decodeHex('0g')).toBeUndefined()
  })
})
