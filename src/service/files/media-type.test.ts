import { expect, it } from 'vitest'
import { sniffMediaType } from './media-type.ts'

it('tells what a file is by its first bytes, and calls nothing a page', () => {
  const of = (text: string, encoding: BufferEncoding = 'utf8') => sniffMediaType(Buffer.from(text, encoding))
  expect(of('89504e470d0a1a0a0000', 'hex')).toBe('image/png')
  expect(of('ffd8ffe0', 'hex')).toBe('image/jpeg')
  expect(of('%PDF-1.7')).toBe('application/pdf')
  expect(of('504b0304', 'hex')).toBe('application/zip')
  expect(of('PAR1....')).toBe('application/vnd.apache.parquet')
  expect(of(' {"a": 1}')).toBe('application/json')
  expect(of('<html><script>alert(1)</script>')).toBe('text/plain')
  expect(of('<svg xmlns="http://www.w3.org/2000/svg"/>')).toBe('text/plain')
  expect(of('a,b\n1,2\n')).toBe('text/plain')
  expect(of('00ff10fe', 'hex')).toBe('application/octet-stream')
  expect(of('')).toBe('text/plain')
  // Cut in the middle of a character of three bytes.
  expect(sniffMediaType(Buffer.from('price in €').subarray(0, -1))).toBe('text/plain')
})
