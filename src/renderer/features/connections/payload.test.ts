import { describe, expect, it } from 'vitest'
import { asHex, asText, bytesOf } from './payload.ts'

const bytes = bytesOf(Buffer.from([0x7b, 0x22, 0xc3, 0xa9, 0x22, 0xff, 0x00]).toString('base64'))

describe('payloads', () => {
  it('are shown as text, what is not UTF-8 marked', () => expect(asText(bytes)).toBe('{"é"\ufffd\u0000'))
  it('are shown as hex with offsets', () => {
    expect(asHex(bytes)).toMatch(/^000000 {2}7b 22 c3 a9 22 ff 00 +\{"\.\."\.\.$/)
    expect(asHex(new Uint8Array(17)).split('\n')).toHaveLength(2)
    expect(asHex(new Uint8Array())).toBe('')
  })
})
