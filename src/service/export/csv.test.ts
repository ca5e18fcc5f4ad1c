import { describe, expect, it } from 'vitest'
import { encodeCsv } from './csv.ts'

const cells = (...row: (string | number | null)[]) =>
  Buffer.from(encodeCsv(['a'], [row]))
    .toString('utf8')
    .split('\r\n')[1]

describe('encodeCsv', () => {
  it('defuses what a spreadsheet would run, and leaves numbers alone', () => {
    expect(cells('=1+1', '+cmd', '-cmd', '@x')).toBe("'=1+1,'+cmd,'-cmd,'@x")
    expect(cells('\tx', '-0.5', '+3e-7', -2)).toBe("'\tx,-0.5,+3e-7,-2")
    expect(cells('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`)
  })

  it('quotes what CSV needs quoted, and writes nothing for what is missing', () => {
    expect(cells('a,b', 'say "no"', null, 'plain')).toBe('"a,b","say ""no""",,plain')
    expect(Buffer.from(encodeCsv(['x'], [['a\nb']])).toString()).toBe('x\r\n"a\nb"\r\n')
  })
})
