import { describe, expect, it } from 'vitest'
import {
  absent,
  formatBytes,
  formatCount,
  formatDuration,
  formatFixed,
  formatInstant,
  formatInterval,
  formatNumber,
  formatPercent,
  formatPValue,
  formatRelative,
  formatSigned,
  formatTick,
  formatValue,
  intervalDecimals,
  shortenDigest,
} from './format.ts'

describe('formatNumber', () => {
  it.each([
    [0, '0'],
    [0.9123456, '0.912'],
    [0.004567, '0.00457'],
    [12.345, '12.3'],
    [999.6, '1,000'],
    [1234.5, '1,235'],
    [1_204_000, '1,204,000'],
    [-0.5, '−0.5'],
    [4.2e-9, '4.2e-9'],
    [1e-5, '1e-5'],
    [3e20, '3e20'],
  ])('writes %d as %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  it('never shows NaN, infinity or null', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, null, undefined]) {
      expect(formatNumber(value)).toBe(absent)
      expect(formatPercent(value)).toBe(absent)
      expect(formatBytes(value)).toBe(absent)
      expect(formatDuration(value)).toBe(absent)
      expect(formatPValue(value)).toBe(absent)
      expect(formatValue(value, '°C')).toBe(absent)
    }
  })
})

describe('units', () => {
  it('keeps decimals in a column', () => expect(formatFixed(1.5)).toBe('1.50'))
  it('counts whole things', () => expect(formatCount(1204)).toBe('1,204'))
  it('writes shares as per cent', () => expect(formatPercent(0.9312)).toBe('93.1 %'))
  it('gives changes their sign', () => {
    expect(formatSigned(0.031)).toBe('+0.031')
    expect(formatSigned(-4)).toBe('−4')
    expect(formatSigned(0)).toBe('0')
  })
  it('puts a foreign unit after the number', () => expect(formatValue(23.456, '°C')).toBe('23.5 °C'))
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 kB'],
    [999_700, '1 MB'],
    [27_340_000, '27.3 MB'],
  ])('writes %d bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  it.each([
    [0, '0 ms'],
    [0.42, '0.42 ms'],
    [840, '840 ms'],
    [999.7, '1 s'],
    [4200, '4.2 s'],
    [59_999, '1 min'],
    [185_000, '3 min 5 s'],
    [7_200_000, '2 h'],
    [532_800_000, '6 d 4 h'],
    [-840, '−840 ms'],
  ])('writes %d ms as %s', (durationMs, text) => expect(formatDuration(durationMs)).toBe(text))
  it.each([
    [0, '< 0.0001'],
    [0.00042, '0.0004'],
    [0.0421, '0.042'],
    [1, '> 0.9999'],
  ])('writes p = %d as %s', (p, text) => expect(formatPValue(p)).toBe(text))
})

describe('formatInterval', () => {
  it('writes the unit once', () => {
    expect(formatInterval([0.89, 0.93])).toBe('0.89 to 0.93')
    expect(formatInterval([0.891, 0.932], 'percent')).toBe('89.1 to 93.2 %')
    expect(formatInterval([21, 23.5], '°C')).toBe('21 to 23.5 °C')
  })
})

describe('formatTick', () => {
  it('drops decimals that say nothing', () => {
    expect(formatTick(0.7, 'percent')).toBe('70 %')
    expect(formatTick(0.29, 'percent')).toBe('29 %')
    expect(formatTick(0.125, 'percent')).toBe('12.5 %')
    expect(formatTick(1013.25, 'hPa')).toBe('1,013 hPa')
  })
})

describe('instants', () => {
  const at = Date.UTC(2026, 10, 21, 14, 20, 5)
  it('are written in UTC', () => {
    expect(formatInstant(at)).toBe('2026-11-21 14:20')
    expect(formatInstant(at, true)).toBe('2026-11-21 14:20:05')
  })
  it('are told from now', () => {
    expect(formatRelative(at, at + 3000)).toBe('now')
    expect(formatRelative(at, at + 185_000)).toBe('3 min ago')
    expect(formatRelative(at + 6 * 86_400_000, at)).toBe('in 6 d')
  })
})

describe('shortenDigest', () => {
  it('keeps both ends', () => expect(shortenDigest('0123456789abcdef0123')).toBe('01234567…0123'))
  it('leaves short ones whole', () => expect(shortenDigest('0123456789abc')).toBe('0123456789abc'))
})

describe('intervalDecimals', () => {
  it.each([
    [0.9878, [0.9834, 0.9911], 4, 4],
    [0.881, [0.861, 0.898], 4, 3],
    [1, [0.2065, 1], 4, 2],
    [127.4, [120, 135], 3, 1],
    [1274, [1000, 1500], 3, 0],
    [0.5, [0.5, 0.5], 3, 3],
  ] as const)('%d in %j, at most %i: %i', (value, interval, digits, expected) => {
    expect(intervalDecimals(value, interval, digits)).toBe(expected)
  })
})
